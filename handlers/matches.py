"""People who teach what one wants to learn and want to learn what one teaches: found whenever a profile changes."""

from collections.abc import Sequence

from handlers.account import access_self
from handlers.context import Context, people
from handlers.errands import ask_later
from handlers.events.dashboard import DashboardChanged, onlookers
from handlers.events.matches import MatchFound
from handlers.fitting import Fit, fit
from handlers.matching import FindMatches, meetable
from handlers.models import Cursor, Limit, Query
from handlers.notifying import notify
from handlers.views.base import Page
from handlers.views.matches import MatchView
from store.matches import Match, match_order
from store.notifications import Topic
from store.repository import in_parts
from store.swaps import pair_of
from store.users import User

# Pairs that one errand looks at, and new ones that it tells of: what a transaction takes easily.
LOOKED_AT_ONCE = 50
TOLD_AT_ONCE = 5
# Of those who fit somebody so many are known by their ids, and about so many who are no pair yet are looked at
MOST_FITTING = 5000
MOST_CANDIDATES = 200
# by each of so many errands; whoever is left is found by the next change of either.
MOST_ERRANDS = 40


class ListMatches(Query):
    """Which part of the list."""

    cursor: Cursor | None = None
    limit: Limit = 30


async def list_matches(query: ListMatches, ctx: Context) -> Page[MatchView]:
    """Your matches, the best first, and why each is one; who is on vacation is left out until they are back."""
    me = await access_self(ctx)
    found = await ctx.store.matches.of_person(me.id, before=query.cursor, limit=query.limit + 1)
    page = found[: query.limit]
    others = await _others(me, page, ctx)
    views = [
        MatchView.of(match, other, why)
        for match in page
        # Asked again: they may have changed a moment ago, and what is no longer true is not shown.
        if (other := others.get(match.other(me.id))) is not None and (why := fit(me, other)) is not None
    ]
    return Page(items=views, next_cursor=page[-1].order if len(found) > query.limit else None)


async def find_matches(errand: FindMatches, ctx: Context) -> None:
    """Look at somebody's pairs again and for new ones, a part at a time; tell both of each new one, once."""
    user = await ctx.store.users.get(errand.user_id)
    if user is None or user.erased_at is not None:
        return
    if errand.after is not None:
        after = await _review(user, errand.after, ctx)
        await ask_later(FindMatches(user_id=user.id, after=after), ctx)
    elif await meetable(user.id, [user], ctx):
        more, seen = await _find(user, errand.seen, ctx)
        if more and errand.number < MOST_ERRANDS:
            await ask_later(FindMatches(user_id=user.id, after=None, seen=seen, number=errand.number + 1), ctx)


async def _review(user: User, after: str, ctx: Context) -> str | None:
    """Rate a part of somebody's pairs anew; after which one to go on, if there are more."""
    pairs = await ctx.store.matches.all_of_person(user.id, after=after, limit=LOOKED_AT_ONCE)
    ids = [pair.other(user.id) for pair in pairs]
    users = {other.id: other for other in await ctx.store.users.among(ids)} if ids else {}
    for pair in pairs:
        other = users.get(pair.other(user.id))
        why = None if other is None else fit(user, other)
        score = None if why is None else why.score
        if score != (pair.score if pair.shown_to else None):
            await ctx.store.matches.rate(pair, score)
            ctx.emit(DashboardChanged(), to=onlookers(*pair.people))
    return pairs[-1].id if len(pairs) == LOOKED_AT_ONCE else None


async def _find(user: User, seen: str, ctx: Context) -> tuple[bool, str]:
    """Keep the best new pairs and tell both of each; whether there may be more, and after whom."""
    ids, end = await _strangers(user, seen, ctx)
    others = await ctx.store.users.among(ids) if ids else []
    around = (await meetable(user.id, others, ctx)).values()
    fits = [(other, why) for other in around if (why := fit(user, other)) is not None]
    best = sorted(fits, key=lambda found: (-found[1].score, found[0].id))[:TOLD_AT_ONCE]
    for other, why in best:
        await _keep(user, other, why, ctx)
    # Those who were kept are no strangers the next time; those who cannot be met now would be, for ever.
    return (True, seen) if len(fits) > len(best) else (end is not None, end or seen)


async def _strangers(user: User, seen: str, ctx: Context) -> tuple[list[str], str | None]:
    """Some who fit somebody and are no pair of theirs, from before one on; and the last one looked at, if not all.

    Those who came last are the first, so that newcomers are found where many fit, and who was found takes no place.
    """
    fitting = await ctx.store.users.complementing(user, limit=MOST_FITTING)
    found: list[str] = []
    for part in in_parts([other for other in fitting if other < seen and other != user.id]):
        pairs = {pair_of(user.id, other): other for other in part}
        known = await ctx.store.matches.known(pairs.keys())
        found += [other for pair, other in pairs.items() if pair not in known]
        if len(found) >= MOST_CANDIDATES:
            return found, part[-1]
    return found, None


async def _keep(user: User, other: User, why: Fit, ctx: Context) -> None:
    id_, both = pair_of(user.id, other.id), (min(user.id, other.id), max(user.id, other.id))
    order = match_order(why.score, id_)
    match = Match(id=id_, people=both, score=why.score, shown_to=both, found_at=ctx.now, order=order)
    await ctx.store.matches.insert(match)
    ctx.emit(MatchFound(match=MatchView.of(match, other, why)), to=people(user.id))
    ctx.emit(MatchFound(match=MatchView.of(match, user, why.turned())), to=people(other.id))
    # It names nobody: it stays with the one when the other leaves.
    title = "Somebody teaches what you want to learn, and wants to learn what you teach."
    many = "{count} people teach what you want to learn, and want to learn what you teach."
    await notify(both, Topic.MATCHES, ctx, title=title, many=many, about="matches", key="matches")


async def _others(me: User, page: Sequence[Match], ctx: Context) -> dict[str, User]:
    others = await ctx.store.users.among([match.other(me.id) for match in page]) if page else []
    return await meetable(me.id, others, ctx)
