"""What staff may do that others may not; all of it is written down."""

from datetime import datetime

from handlers.account import note
from handlers.context import Context
from handlers.errors import Forbidden, NotFound
from handlers.models import Command, Cursor, Limit, Query, UserId
from handlers.views import ActivityView, Page, RoleView, StaffActView
from store import Store
from store.activity import What
from store.ids import new_id
from store.repository import order_of
from store.staff_log import Act, StaffAct
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
        await note(What.ROLE_CHANGED, user, ctx)
    return RoleView(user_id=user.id, role=command.role)


async def list_staff_acts(query: ListStaffActs, ctx: Context) -> Page[StaffActView]:
    """What staff did to others' accounts, the last first."""
    found = await ctx.store.staff_log.page(before=query.cursor, limit=query.limit + 1)
    return Page.of(found, StaffActView.of, limit=query.limit)


async def change_role(user: User, role: Role, store: Store, *, by: str | None, at: datetime) -> None:
    """Give somebody a role and write down who did."""
    id_ = new_id()
    await store.users.update(user.id, {"role": role})
    await store.staff_log.insert(
        StaffAct(
            id=id_,
            act=Act.ROLE_SET,
            actor_id=by,
            target_id=user.id,
            before=user.role,
            after=role,
            at=at,
            order=order_of(at, id_),
        )
    )


async def _access_person(user_id: str, ctx: Context) -> User:
    user = await ctx.store.users.get(user_id)
    if user is None or user.erased_at is not None:
        raise NotFound("There is no such person.")
    return user
