"""Whose search a new offer or request answers: found by its keys, told once for each search, never to its author."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from handlers.blocking import hidden_from
from handlers.context import Context, people
from handlers.criteria import Criteria, Filters
from handlers.errands import Errand, MatchGig, ask_later
from handlers.events.searches import GigMatched, SearchMatched, SearchUnmatched
from handlers.notifying import notify
from handlers.searches.watching import AUDIENCE
from handlers.views.searches import MatchedGigView, SearchNameView
from store.listings import Listing
from store.notifications import Topic
from store.searches import Frequency, SavedSearch, SearchMatch, Wish

# Told in one transaction.
AT_ONCE = 20
DAY = timedelta(days=1)
MOST_IN_DIGEST = 100


class TellMatches(Errand):
    """Some of those who looked for a gig."""

    gig_id: str
    search_ids: tuple[str, ...]
    watch_ids: tuple[str, ...]


class TellDigest(Errand):
    """What came for a search in a day."""

    search_id: str


async def match_gig(errand: MatchGig, ctx: Context) -> None:
    """Find who looks for a gig. It reads all that may, which is more than a transaction should."""
    listing = await _found(errand.gig_id, ctx)
    searches, watches = list[str](), list[str]()
    if listing is not None:
        searches = await _answered(await ctx.store.saved_searches.that_may_match(listing.keys), listing, ctx)
        watches = await _watching(listing, ctx)
    if errand.was is not None:
        # Who sorts it does not matter to what it answers.
        watches += [one for one in await _watching(Listing.of(errand.was, None), ctx) if one not in watches]
    for start in range(0, max(len(searches), len(watches)), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        told = TellMatches(gig_id=errand.gig_id, search_ids=tuple(searches[some]), watch_ids=tuple(watches[some]))
        await ask_later(told, ctx)


async def tell_matches(errand: TellMatches, ctx: Context) -> None:
    """Tell some people of a gig that they looked for, if it is still found and they have not heard of it.

    Who watches a list hears where it stands now: in it, or no more.
    """
    listing = await _found(errand.gig_id, ctx)
    gig = await ctx.store.gigs.get(errand.gig_id)
    watches = await ctx.store.watches.among(errand.watch_ids) if errand.watch_ids else []
    there = [] if listing is None else await _answered(watches, listing, ctx)
    for watch in watches:
        if watch.id not in there:
            ctx.emit(SearchUnmatched(watch_id=watch.id, gig_id=errand.gig_id), to=(f"{AUDIENCE}{watch.id}",))
    if listing is None or gig is None:
        return
    view = MatchedGigView.of(gig)
    for watch_id in there:
        ctx.emit(SearchMatched(watch_id=watch_id, gig=view), to=(f"{AUDIENCE}{watch_id}",))
    searches = await ctx.store.saved_searches.among(errand.search_ids) if errand.search_ids else []
    for user_id, live in (await _new(searches, listing, ctx)).items():
        names = tuple(SearchNameView(id=search.id, name=search.name) for search in live)
        ctx.emit(GigMatched(gig=view, searches=names), to=people(user_id))
        await notify(
            [user_id],
            Topic.SAVED_SEARCHES,
            ctx,
            title=f"New for {live[0].name}: {gig.title}",
            many=f"{{count}} are new for {live[0].name}",
            about=f"gig:{gig.id}",
            key=f"search:{live[0].id}",
            data={"search_id": live[0].id},
        )


async def tell_digest(errand: TellDigest, ctx: Context) -> None:
    """Tell somebody how much came for a search since the last time."""
    search = await ctx.store.saved_searches.get(errand.search_id)
    waiting = await ctx.store.search_matches.waiting(errand.search_id, limit=MOST_IN_DIGEST)
    if search is None or search.frequency is Frequency.OFF or not waiting:
        return
    await ctx.store.search_matches.told([one.id for one in waiting])
    await notify(
        [search.user_id],
        Topic.SAVED_SEARCHES,
        ctx,
        title=f"Something is new for {search.name}",
        many=f"{{count}} are new for {search.name}",
        about=f"search:{search.id}",
        key=f"search:{search.id}",
        times=len(waiting),
        data={"search_id": search.id},
    )
    if len(waiting) == MOST_IN_DIGEST:
        await ask_later(TellDigest(search_id=search.id), ctx)


async def _new(searches: list[SavedSearch], listing: Listing, ctx: Context) -> dict[str, list[SavedSearch]]:
    """Those who did not hear of it before, and are to hear it now, each with their searches; the rest waits."""
    ids = {f"{search.id}:{listing.id}": search for search in searches}
    known = await ctx.store.search_matches.among(ids.keys()) if ids else set()
    live: dict[str, list[SavedSearch]] = defaultdict(list)
    for id_, search in ids.items():
        if id_ in known or search.frequency is Frequency.OFF:
            continue
        waits = search.frequency is Frequency.DAILY
        match = SearchMatch(
            id=id_, user_id=search.user_id, search_id=search.id, gig_id=listing.id, waits=waits, at=ctx.now
        )  # fmt: skip
        await ctx.store.search_matches.insert(match)
        if waits:
            await ask_later(TellDigest(search_id=search.id), ctx, at=ctx.now + DAY, key=f"digest:{search.id}")
        else:
            live[search.user_id].append(search)
    return live


async def _found(gig_id: str, ctx: Context) -> Listing | None:
    """The listing of a gig that everybody may find now."""
    listing = await ctx.store.listings.get(gig_id)
    return listing if listing is not None and listing.expires_at > ctx.now else None


async def _watching(listing: Listing, ctx: Context) -> list[str]:
    """The ids of the lists that somebody looks at now, and in which it stands."""
    watched = await ctx.store.watches.that_may_match(listing.keys)
    return await _answered([one for one in watched if one.expires_at > ctx.now], listing, ctx)


async def _answered(wishes: Sequence[Wish], listing: Listing, ctx: Context) -> list[str]:
    """The ids of those that a listing answers, but for its author's, and of whoever shall not hear of them."""
    found = [wish for wish in wishes if Criteria(Filters.model_validate(wish.filters)).passes(listing)]
    author = listing.created_by
    nobody = await hidden_from(author, {wish.user_id for wish in found}, ctx) | {author}
    return [wish.id for wish in found if wish.user_id not in nobody]
