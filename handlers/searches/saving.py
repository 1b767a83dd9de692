"""Searches that are kept: so many a person, each with a name, and how soon one hears of what is new."""

from typing import Any

from pydantic import Field

from handlers.context import Context, people
from handlers.criteria import Criteria, Filters
from handlers.errors import Conflict, NotFound
from handlers.events.searches import SearchDeleted, SearchSaved
from handlers.finding import rarest
from handlers.models import Command, Creating, Line, Query, SearchId
from handlers.views.base import Page
from handlers.views.searches import SavedSearchView
from store.searches import Frequency, SavedSearch

MOST_SAVED = 20


class ListSearches(Query):
    """One's own."""


class GetSearch(Query):
    """Which one."""

    search_id: SearchId


class SaveSearch(Creating):
    """What is looked for, as in `GET /gigs/`, and how soon you hear of what is new."""

    name: Line
    filters: Filters
    frequency: Frequency = Frequency.LIVE


class ChangeSearch(Command):
    """The fields to change; those left out stay."""

    turn_by = "search_id"

    search_id: SearchId
    name: Line | None = None
    filters: Filters | None = Field(default=None, description="As a whole.")
    frequency: Frequency | None = None


class DeleteSearch(Command):
    """Which one."""

    turn_by = "search_id"

    search_id: SearchId


async def list_searches(_: ListSearches, ctx: Context) -> Page[SavedSearchView]:
    """The searches that you keep, at most 20."""
    kept = await ctx.store.saved_searches.of_person(ctx.actor.user_id, limit=MOST_SAVED)
    return Page(items=[SavedSearchView.of(one) for one in sorted(kept, key=lambda one: one.id)])


async def get_search(query: GetSearch, ctx: Context) -> SavedSearchView:
    """A search of yours."""
    return SavedSearchView.of(await access_own_search(query.search_id, ctx))


async def save_search(command: SaveSearch, ctx: Context) -> SavedSearchView:
    """Keep a search: you hear of every offer or request of others that answers it from now on, once."""
    me = ctx.actor.user_id
    taken = {one.place for one in await ctx.store.saved_searches.of_person(me, limit=MOST_SAVED)}
    # Two at once take the same place, which a unique index lets only one have.
    place = next((place for place in range(MOST_SAVED) if place not in taken), None)
    if place is None:
        raise Conflict(f"You keep {MOST_SAVED} searches already; delete one first.")
    search = SavedSearch(
        user_id=me,
        name=command.name,
        frequency=command.frequency,
        place=place,
        created_at=ctx.now,
        **await wished(command.filters, command.frequency, ctx),
    )
    await ctx.store.saved_searches.insert(search)
    return _tell(search, ctx)


async def change_search(command: ChangeSearch, ctx: Context) -> SavedSearchView:
    """Change a search of yours; what it found before is not told again."""
    search = await access_own_search(command.search_id, ctx)
    filters = command.filters or Filters.model_validate(search.filters)
    frequency = command.frequency or search.frequency
    fields = await wished(filters, frequency, ctx) | {"frequency": frequency, "name": command.name or search.name}
    changed = await ctx.store.saved_searches.change(search.id, fields)
    if changed is None:
        raise _no_such_search()
    return _tell(changed, ctx)


async def delete_search(command: DeleteSearch, ctx: Context) -> None:
    """Keep a search no longer."""
    search = await access_own_search(command.search_id, ctx)
    await ctx.store.saved_searches.delete(search.id)
    ctx.emit(SearchDeleted(search_id=search.id), to=people(search.user_id))


async def access_own_search(search_id: str, ctx: Context) -> SavedSearch:
    """A search of the actor's own; of others' nobody knows."""
    search = await ctx.store.saved_searches.get(search_id)
    if search is None or search.user_id != ctx.actor.user_id:
        raise _no_such_search()
    return search


async def wished(filters: Filters, frequency: Frequency, ctx: Context) -> dict[str, Any]:
    """Filters as they are kept, with the keys of the rarest thing that is asked for; without, if nobody is to hear."""
    order, _ = await rarest(Criteria(filters).conditions, ctx)
    kept = filters.model_dump(mode="json", exclude_defaults=True)
    return {"filters": kept, "found_by": () if frequency is Frequency.OFF else order.keys}


def _tell(search: SavedSearch, ctx: Context) -> SavedSearchView:
    view = SavedSearchView.of(search)
    ctx.emit(SearchSaved(search=view), to=people(search.user_id))
    return view


def _no_such_search() -> NotFound:
    return NotFound("You keep no such search.")
