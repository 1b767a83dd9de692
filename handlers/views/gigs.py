"""Offers and requests, as everybody sees them and as their owner does."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from pydantic import Field

from handlers.models import View
from handlers.views.authors import AuthorView
from handlers.views.files import ImageView
from handlers.views.profiles import RatingsView
from store.areas import Position, distance_km
from store.gigs import Gig, GigSkill, Hidden, Kind, Status
from store.listings import Listing
from store.profiles import Mode
from store.skill_directory import load_directory
from store.users import Level, Place, User


class CreatorView(AuthorView):
    """Who offers it or asks for it, with what lists are sorted by."""

    ratings: RatingsView
    next_free_at: datetime | None = Field(
        description="When others can meet them next, as anybody last looked; for whoever is signed in."
    )

    @classmethod
    def seen(cls, user: User, *, reader: str | None, now: datetime) -> "CreatorView":
        """Somebody, as another sees them now; of who is free when, nobody hears who is not signed in."""
        free = user.next_free_at
        is_told = reader is not None and free is not None and now < free
        author = dict(AuthorView.of(user))
        return cls(**author, ratings=RatingsView.of(user.ratings), next_free_at=free if is_told else None)


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
    creator: CreatorView
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
    notice_hours: int | None = Field(
        description="Who calls a swap about it off later than so long before has not kept their word; null for all's."
    )
    status: Status
    expires_at: datetime | None = Field(description="When it fades unless it is renewed; null until it is published.")
    hidden: Hidden | None = Field(description="Why staff keeps it from everybody else.")
    counts: GigCountsView | None = Field(description="For its owner alone.")
    bookmarked: bool = Field(description="Whether it is in the list of who asks.")
    distance_km: float | None = Field(
        default=None, description="From where was asked near, to the position that is kept, which is coarse."
    )
    createdAt: datetime  # noqa: N815
    updatedAt: datetime  # noqa: N815

    @classmethod
    def of(
        cls, gig: Gig, author: CreatorView, *, reader: str | None, bookmarked: bool, near: Position | None = None
    ) -> "GigView":
        at = gig.at
        counts = GigCountsView(impressions=gig.impressions, clicks=gig.clicks, bookmarks=gig.bookmarks)
        return cls(
            **{name: getattr(gig, name) for name in AS_KEPT},
            creator=author,
            images=tuple(map(ImageView.of, gig.images)),
            counts=counts if reader == gig.created_by else None,
            bookmarked=bookmarked,
            distance_km=None if near is None or at is None else round(distance_km(near, at), 1),
            createdAt=gig.created_at,
            updatedAt=gig.updated_at,
        )


class HiddenGigView(View):
    """What staff keeps from everybody but its owner, and why; null if it is shown."""

    gig_id: str
    hidden: Hidden | None


AS_KEPT = GigView.model_fields.keys() & Gig.model_fields.keys() - {"images"}


# Of skills and tags there is no end.
MOST_FACETS = 20


class CountView(View):
    """How many there are of one value."""

    value: str
    count: int


class FacetsView(View):
    """What is found, counted by what one may choose next; the most frequent first."""

    total: int
    exact: bool = Field(description="Whether it is all; else there are at least so many of each, and more of some.")
    kind: tuple[CountView, ...]
    category: tuple[CountView, ...]
    mode: tuple[CountView, ...] = Field(description="What is possible in both ways counts for either, too.")
    level: tuple[CountView, ...]
    language: tuple[CountView, ...]
    skill: tuple[CountView, ...] = Field(description="Offered or sought, by name; the twenty most frequent.")
    tags: tuple[CountView, ...] = Field(description="The twenty most frequent.")

    @classmethod
    def of(cls, listings: Sequence[Listing], exact: bool) -> "FacetsView":
        """As the filters of the same names find them."""
        counts = {fact: Counter[str]() for fact in FACETS}
        for listing in listings:
            for fact, _, value in (line.partition(":") for line in listing.facts.split("\n")):
                if fact in counts:
                    counts[fact][value] += 1
        facets = {
            name: tuple(CountView(value=named(value), count=number) for value, number in counts[fact].most_common(most))
            for fact, (name, most, named) in FACETS.items()
        }
        return cls(total=len(listings), exact=exact, **facets)


# By what a listing says of itself: which filter finds it, how many values are shown at most, and what each is called.
FACETS: dict[str, tuple[str, int | None, Callable[[str], str]]] = {
    **{name: (name, None, str) for name in ("kind", "category", "mode", "level", "language")},
    "skill": ("skill", MOST_FACETS, lambda key: load_directory().name_of(key)),
    "tag": ("tags", MOST_FACETS, str),
}
