"""What staff may do that others may not; all of it is written down."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from handlers.account import access_self, end_sessions, note
from handlers.context import Caller, Context
from handlers.errands import ListAnew, StandAnew, ask_later
from handlers.errors import Forbidden, Invalid, NotFound
from handlers.matching import match_later
from handlers.models import Clean, Command, Cursor, Limit, Moment, Query, UserId
from handlers.views.accounts import ActivityView
from handlers.views.base import Page
from handlers.views.staff import BanView, RoleView, StaffActView
from store import Store
from store.activity import What
from store.staff_log import Act, StaffAct
from store.users import Ban, Role, User

# Who acts on somebody's account is not told to them: no name, no address.
STAFF = Caller(address="", device="staff")


class ListActivityOf(Query):
    """What happened to somebody's account."""

    user_id: UserId
    cursor: Cursor | None = None
    limit: Limit = 30


class SetRole(Command):
    """Who shall be what."""

    user_id: UserId
    role: Role


class BanPerson(Command):
    """Whom to keep out, why, and until when; without an end it is for good."""

    user_id: UserId
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), Clean] = Field(
        description="Told to the person, in a letter and when they try to sign in."
    )
    until: Moment | None = None


class LiftBan(Command):
    """Whom to let in again."""

    user_id: UserId


class ListStaffActs(Query):
    """What staff did."""

    cursor: Cursor | None = None
    limit: Limit = 30


async def list_activity_of(query: ListActivityOf, ctx: Context) -> Page[ActivityView]:
    """What happened to somebody's account, the last first: for those who have to find out what went wrong."""
    await _access_person(query.user_id, ctx)
    found = await ctx.store.activities.of_person(query.user_id, before=query.cursor, limit=query.limit + 1)
    return Page.of(found, ActivityView.of, limit=query.limit)


async def set_role(command: SetRole, ctx: Context) -> RoleView:
    """Make somebody a moderator or an admin, or neither. One's own role stays, so that there always is an admin."""
    if command.user_id == ctx.actor.user_id:
        raise Forbidden("Nobody changes their own role; ask another admin.")
    user = await _access_person(command.user_id, ctx)
    if user.role is not command.role:
        await change_role(user, command.role, ctx.store, by=ctx.actor.user_id, at=ctx.now)
        await ask_later(StandAnew(user_id=user.id), ctx)
        await note(What.ROLE_CHANGED, user, ctx, caller=STAFF)
    return RoleView(user_id=user.id, role=command.role)


async def ban_person(command: BanPerson, ctx: Context) -> BanView:
    """Keep somebody out, for a time or for good: every session of theirs ends at once. Admins alone ban staff."""
    user = await _access_person(command.user_id, ctx)
    if user.role is not Role.USER and (user.id == ctx.actor.user_id or (await access_self(ctx)).role is not Role.ADMIN):
        raise Forbidden("Staff is banned by another admin.")
    if command.until is not None and command.until <= ctx.now:
        raise Invalid.field("until", "Must be in the future.")
    ban = Ban(reason=command.reason, at=ctx.now, until=command.until)
    await ctx.store.users.update(user.id, {"ban": ban.model_dump()})
    await end_sessions(user.id, ctx, because="banned")
    for at in (ctx.now, *(() if ban.until is None else (ban.until,))):
        await ask_later(ListAnew(user_id=user.id), ctx, at=at)
    await _write_down(Act.BANNED, user, _told(user.ban, ctx), _told(ban, ctx), ctx)
    await note(What.BANNED, user, ctx, caller=STAFF, more=_told(ban, ctx))
    return BanView(user_id=user.id, reason=ban.reason, until=ban.until)


async def lift_ban(command: LiftBan, ctx: Context) -> None:
    """Let somebody in again."""
    user = await _access_person(command.user_id, ctx)
    if user.ban is not None:
        await ctx.store.users.update(user.id, {"ban": None})
        await _write_down(Act.BAN_LIFTED, user, _told(user.ban, ctx), "", ctx)
        await note(What.BAN_LIFTED, user, ctx, caller=STAFF)
        await match_later(user, ctx)
        await ask_later(ListAnew(user_id=user.id), ctx)


async def list_staff_acts(query: ListStaffActs, ctx: Context) -> Page[StaffActView]:
    """What staff did to others' accounts, the last first."""
    found = await ctx.store.staff_log.page(before=query.cursor, limit=query.limit + 1)
    return Page.of(found, StaffActView.of, limit=query.limit)


async def change_role(user: User, role: Role, store: Store, *, by: str | None, at: datetime) -> None:
    """Give somebody a role and write down who did."""
    await store.users.update(user.id, {"role": role})
    await store.staff_log.insert(StaffAct.of(Act.ROLE_SET, user.id, user.role, role, by=by, at=at))


async def _write_down(act: Act, user: User, before: str, after: str, ctx: Context) -> None:
    await ctx.store.staff_log.insert(StaffAct.of(act, user.id, before, after, by=ctx.actor.user_id, at=ctx.now))


def _told(ban: Ban | None, ctx: Context) -> str:
    if ban is None or not ban.holds(ctx.now):
        return ""
    return f"{'For good' if ban.until is None else f'Until {ban.until:%Y-%m-%d %H:%M} UTC'}: {ban.reason}"


async def _access_person(user_id: str, ctx: Context) -> User:
    user = await ctx.store.users.get(user_id)
    if user is None or user.erased_at is not None:
        raise NotFound("There is no such person.")
    return user
