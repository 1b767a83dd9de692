"""Whoever keeps an offer or a request hears what becomes of it: that it is gone, is back, or says something else."""

from handlers.blocking import hidden_from
from handlers.context import Context
from handlers.errands import Errand, go_on
from handlers.gigs.access import key_of
from handlers.notifying import notify
from store.gigs import Gig
from store.notifications import Topic

# Of those who keep one, in one transaction; who are more take several.
KEEPERS_AT_ONCE = 100
# By these somebody decides whether to ask for it; another word in a description is no news.
ESSENTIALS = ("kind", "title", "offered_skills", "desired_skills", "mode", "location", "notice_hours")
GONE = "Something that you keep is no longer there"
BACK = "Something that you keep is back"
CHANGED = "Something that you keep has changed"


class TellKeepers(Errand):
    """A gig is not as it was: those who keep it hear of it, from after one of them."""

    gig_id: str
    was: Gig
    after: str = ""


async def tell_keepers(errand: TellKeepers, ctx: Context) -> None:
    """Tell some of those who keep a gig what became of it, if it did, and have the rest told later."""
    was, gig = errand.was, await ctx.store.gigs.get(errand.gig_id)
    author = None if gig is None else await ctx.store.users.get(gig.created_by)
    if gig is None or author is None:
        return
    is_around = author.is_around(ctx.now)
    is_there = is_around and gig.is_listed(ctx.now)
    if not (news := _news(was, gig, is_there=is_there)):
        return
    found = await ctx.store.bookmarks.of_gig(gig.id, after=errand.after, limit=KEEPERS_AT_ONCE)
    keepers = {one.user_id for one in found} - {author.id}
    await notify(
        keepers - await hidden_from(author.id, keepers, ctx),
        Topic.GIGS,
        ctx,
        title=news,
        text=_called(was, gig, is_around=is_around, is_there=is_there),
        about=key_of(gig.id),
        data={"gig_id": gig.id},
        key=key_of(gig.id),
        by=author.id if is_around else None,
    )
    await go_on(errand, found, ctx, most=KEEPERS_AT_ONCE)


def _news(was: Gig, gig: Gig, *, is_there: bool) -> str:
    if not is_there:
        return GONE if was.is_published else ""
    if not was.is_published:
        return BACK
    return CHANGED if any(getattr(was, name) != getattr(gig, name) for name in ESSENTIALS) else ""


def _called(was: Gig, gig: Gig, *, is_around: bool, is_there: bool) -> str:
    """What it is called, for those who saw it as it was; of who leaves nothing is written down anew."""
    if not is_around:
        return ""
    return gig.title if is_there else was.title
