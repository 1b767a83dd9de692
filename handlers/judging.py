"""Whom staff may act on: anybody who is there, but not themselves; and on staff only admins may."""

from datetime import datetime

from handlers.account import STAFF, access_self
from handlers.context import Context
from handlers.errors import Forbidden, Invalid, NotFound
from handlers.models import Access
from store.staff_log import Act, StaffAct
from store.users import Role, User

# More than ever take part at once, so that one of them is found who does.
MOST_STAFF = 100


async def access_somebody(user_id: str, ctx: Context) -> User:
    """Somebody who has not left; staff sees them also when they are kept out."""
    user = await ctx.store.users.get(user_id)
    if user is None or user.erased_at is not None:
        raise NotFound("There is no such person.")
    return user


async def access_judged(user_id: str, until: datetime | None, ctx: Context) -> User:
    """Somebody on whom the actor may act, until a moment."""
    user = await access_somebody(user_id, ctx)
    await require_judge(user, ctx)
    if until is not None and until <= ctx.now:
        raise Invalid.field("until", "Must be in the future.")
    return user


async def require_judge(user: User, ctx: Context) -> None:
    """Refuse who may neither act on somebody nor take back what was done: on staff admins may, nobody on themselves."""
    if user.role is not Role.USER and (user.id == ctx.actor.user_id or (await access_self(ctx)).role is not Role.ADMIN):
        raise Forbidden("Another admin acts on staff.")


async def may_others_judge(user: User, ctx: Context) -> bool:
    """Whether somebody else of the staff, who takes part, may act on somebody."""
    roles = STAFF[Access.MODERATOR if user.role is Role.USER else Access.ADMIN]
    staff = await ctx.store.users.staff(roles, limit=MOST_STAFF)
    return any(one.is_around(ctx.now) and one.id not in (ctx.actor.user_id, user.id) for one in staff)


async def write_down(act: Act, target_id: str, ctx: Context, *, before: str, after: str) -> None:
    """Keep for good what staff did; nobody in particular did what the server does by itself."""
    by = None if ctx.signed_in is None else ctx.signed_in.user_id
    await ctx.store.staff_log.insert(StaffAct.of(act, target_id, before, after, by=by, at=ctx.now))
