"""Searches that are kept or watched, and what is found for them."""

from datetime import datetime

from pydantic import Field

from handlers.criteria import Filters
from handlers.models import View
from store.gigs import Gig, Kind
from store.profiles import Mode
from store.searches import Frequency, SavedSearch


class SavedSearchView(View):
    """A search that is kept."""

    id: str
    name: str
    filters: Filters
    frequency: Frequency
    createdAt: datetime  # noqa: N815

    @classmethod
    def of(cls, search: SavedSearch) -> "SavedSearchView":
        return cls(
            id=search.id,
            name=search.name,
            filters=Filters.model_validate(search.filters),
            frequency=search.frequency,
            createdAt=search.created_at,
        )


class SearchNameView(View):
    """A search of one's own, by its name."""

    id: str
    name: str


class MatchedGigView(View):
    """An offer or a request that somebody looked for, in few words."""

    id: str
    kind: Kind
    title: str
    category: str | None
    mode: Mode
    created_by: str

    @classmethod
    def of(cls, gig: Gig) -> "MatchedGigView":
        return cls(**{name: getattr(gig, name) for name in cls.model_fields})


class WatchView(View):
    """A list that is watched."""

    watch_id: str = Field(description="The same for the same filters.")
    expires_at: datetime = Field(description="Ask again before, to go on.")
