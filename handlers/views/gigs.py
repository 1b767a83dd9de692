"""Offers and requests, as everybody sees them and as their owner does."""

from datetime import datetime

from pydantic import Field

from handlers.models import View
from handlers.views.authors import AuthorView
from handlers.views.files import ImageView
from store.gigs import Gig, GigSkill, Hidden, Kind, Mode, Status
from store.users import Level, Place


class GigCountsView(View):
    """How often others saw it in a list, opened it, and keep it."""

    impressions: int
    clicks: int
    bookmarks: int


class GigView(View):
    """An offer or a request. Of two copies the higher `version` is the later."""

    id: str
    version: int
    created_by: str
    creator: AuthorView
    kind: Kind
    title: str
    description: str
    images: tuple[ImageView, ...]
    offered_skills: tuple[GigSkill, ...]
    desired_skills: tuple[GigSkill, ...]
    mode: Mode
    category: str | None
    tags: tuple[str, ...]
    level: Level | None
    languages: tuple[str, ...]
    location: Place | None
    status: Status
    expires_at: datetime | None = Field(description="When it fades unless it is renewed; null until it is published.")
    hidden: Hidden | None = Field(description="Why staff keeps it from everybody else.")
    counts: GigCountsView | None = Field(description="For its owner alone.")
    bookmarked: bool = Field(description="Whether it is in the list of who asks.")
    createdAt: datetime  # noqa: N815
    updatedAt: datetime  # noqa: N815

    @classmethod
    def of(cls, gig: Gig, author: AuthorView, *, reader: str | None, bookmarked: bool) -> "GigView":
        counts = GigCountsView(impressions=gig.impressions, clicks=gig.clicks, bookmarks=gig.bookmarks)
        return cls(
            **{name: getattr(gig, name) for name in AS_KEPT},
            creator=author,
            images=tuple(map(ImageView.of, gig.images)),
            counts=counts if reader == gig.created_by else None,
            bookmarked=bookmarked,
            createdAt=gig.created_at,
            updatedAt=gig.updated_at,
        )


class HiddenGigView(View):
    """What staff keeps from everybody but its owner, and why; null if it is shown."""

    gig_id: str
    hidden: Hidden | None


AS_KEPT = GigView.model_fields.keys() & Gig.model_fields.keys() - {"images"}
