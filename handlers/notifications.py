"""What one was notified of: read on one device, it is read on all."""

from typing import Annotated

from pydantic import Field

from handlers.context import Context
from handlers.models import Command, Cursor, Id, Limit, Moment, Query
from handlers.notifying import read
from handlers.views.base import Page
from handlers.views.notifications import BadgeView, NotificationView
from store.repository import order_of

# After any position of one millisecond: ids are made of hexadecimal digits.
LAST = "g"
AT_ONCE = 500


class ListNotifications(Query):
    """Which of one's own."""

    unread: bool = Field(False, description="Only those that you have not read.")
    cursor: Cursor | None = None
    limit: Limit = 30


class GetBadge(Query):
    """One's own."""


class MarkNotificationsRead(Command):
    """Which of one's own; those that are read, or gone, change nothing."""

    ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100)]


class MarkAllNotificationsRead(Command):
    """Up to when: what came later has not been seen."""

    up_to: Moment | None = Field(None, description="The `at` of the newest that was shown; without it, all.")


async def list_notifications(query: ListNotifications, ctx: Context) -> Page[NotificationView]:
    """What you were notified of, the last first."""
    ask = ctx.store.notifications.unread if query.unread else ctx.store.notifications.page
    found = await ask(ctx.actor.user_id, before=query.cursor, limit=query.limit + 1)
    page = found[: query.limit]
    return Page(
        items=[NotificationView.of(one) for one in page if one.shown and one.expires_at > ctx.now],
        next_cursor=page[-1].order if len(found) > query.limit else None,
    )


async def get_badge(_: GetBadge, ctx: Context) -> BadgeView:
    """How much you have not read."""
    me = ctx.actor.user_id
    return BadgeView(unread=(await ctx.store.notifications.count_unread([me]))[me])


async def mark_notifications_read(command: MarkNotificationsRead, ctx: Context) -> BadgeView:
    """Say that you have read some; your other devices take them from their screens."""
    await read(command.ids, ctx.actor.user_id, ctx)
    return await get_badge(GetBadge(), ctx)


async def mark_all_notifications_read(command: MarkAllNotificationsRead, ctx: Context) -> BadgeView:
    """Say that you have read everything, perhaps up to a moment."""
    me, before = ctx.actor.user_id, None
    if command.up_to is not None:
        before = order_of(command.up_to, LAST)
    while found := await ctx.store.notifications.unread(me, before=before, limit=AT_ONCE):
        await read([one.id for one in found], me, ctx)
    return await get_badge(GetBadge(), ctx)
