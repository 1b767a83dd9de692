"""What staff may do that others may not; all of it is written down."""

from datetime import datetime

from pydantic import Field

from handlers.account import STAFF_CALLER, end_sessions, note
from handlers.context import Context
from handlers.errands import StandAnew, ask_later
from handlers.errors import Forbidden
from handlers.judging import access_judged, access_somebody, write_down
from handlers.models import Command, Cursor, Limit, Moment, Query, UserId
from handlers.statements import Because, end, issue
from handlers.views.accounts import ActivityView
from handlers.views.base import Page
from handlers.views.staff import BanView, RoleView, StaffActView
from store import Store
from store.activity import What
from store.staff_log import Act, StaffAct
from store.statements import Measure
from store.users import Role, User


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
    reason: Because = Field(description="Told to the person, in a letter and when they try to sign in.")
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
    await access_somebody(query.user_id, ctx)
    found = await ctx.store.activities.of_person(query.user_id, before=query.cursor, limit=query.limit + 1)
    return Page.of(found, ActivityView.of, limit=query.limit)


async def set_role(command: SetRole, ctx: Context) -> RoleView:
    """Make somebody a moderator or an admin, or neither: who is staff no more is signed out everywhere.

    One's own role stays, so that there always is an admin.
    """
    if command.user_id == ctx.actor.user_id:
        raise Forbidden("Nobody changes their own role; ask another admin.")
    user = await access_somebody(command.user_id, ctx)
    if user.role is not command.role:
        await change_role(user, command.role, ctx.store, by=ctx.actor.user_id, at=ctx.now)
        await ask_later(StandAnew(user_id=user.id), ctx)
        await note(What.ROLE_CHANGED, user, ctx, caller=STAFF_CALLER)
        if command.role is Role.USER:
            # What they watch as staff, on whichever process, they hear no more with that.
            await end_sessions(user.id, ctx, because="role_changed")
    return RoleView(user_id=user.id, role=command.role)


async def ban_person(command: BanPerson, ctx: Context) -> BanView:
    """Keep somebody out, for a time or for good: every session of theirs ends at once. Admins alone ban staff."""
    user = await access_judged(command.user_id, command.until, ctx)
    measure = Measure.BAN if command.until is None else Measure.SUSPENSION
    statement = await issue(user, measure, ctx, reason=command.reason, until=command.until)
    return BanView(user_id=user.id, reason=statement.reason, until=statement.until)


async def lift_ban(command: LiftBan, ctx: Context) -> None:
    """Let somebody in again."""
    user = await access_judged(command.user_id, None, ctx)
    if user.ban is None:
        return
    await write_down(Act.BAN_LIFTED, user.id, ctx, before=user.ban.reason, after="")
    holding = [one for one in await ctx.store.statements.holding(user.id, now=ctx.now) if one.keeps_out]
    for statement in holding:
        await end(statement, ctx)
    if not holding:
        # It was over by itself.
        await ctx.store.users.update(user.id, {"ban": None})


async def list_staff_acts(query: ListStaffActs, ctx: Context) -> Page[StaffActView]:
    """What staff did, the last first: each entry is written once, and neither changed nor deleted."""
    found = await ctx.store.staff_log.page(before=query.cursor, limit=query.limit + 1)
    return Page.of(found, StaffActView.of, limit=query.limit)


async def change_role(user: User, role: Role, store: Store, *, by: str | None, at: datetime) -> None:
    """Give somebody a role and write down who did."""
    await store.users.update(user.id, {"role": role})
    await store.staff_log.insert(StaffAct.of(Act.ROLE_SET, user.id, user.role, role, by=by, at=at))
