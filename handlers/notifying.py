"""Telling people what concerns them: written with the change that causes it, counted exactly, grouped while unread.

Every domain notifies through `notify`; what reaches whom how is decided here, by what they chose.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from handlers.blocking import who_blocked
from handlers.context import Context, people
from handlers.delivery import ClearPush, PushNotification
from handlers.errands import Errand, ask_later
from handlers.events.notifications import BadgeChanged, NotificationCreated, NotificationExpired, NotificationRead
from handlers.missed import goes_by_letter, look_later
from handlers.topics import wants
from handlers.views.notifications import NotificationView
from store.ids import new_id
from store.notification_preferences import Channel, NotificationPreferences
from store.notifications import AFTERWARDS, KEPT, Notification, Topic, open_key
from store.repository import order_of
from store.users import User

# More people than this are notified by errands: a change should not wait for, or race with, so many.
MOST_AT_ONCE = 20


class Said(BaseModel):
    """What people are notified of, the same for all of them."""

    model_config = ConfigDict(frozen=True)

    topic: Topic
    title: str
    many: str
    text: str
    about: str
    data: dict[str, Any]
    actor_id: str | None
    urgent: bool
    key: str | None
    times: int
    expires_at: datetime | None
    lead: str = ""
    named: str | None = None
    name: str = ""


class NotifyPeople(Errand):
    """Some of many whom a change concerns."""

    user_ids: tuple[str, ...]
    said: Said


class ExpireNotification(Errand):
    """Its time may be over: it is no longer of use to anybody."""

    notification_id: str


async def notify(
    user_ids: Collection[str],
    topic: Topic,
    ctx: Context,
    *,
    title: str,
    about: str,
    text: str = "",
    many: str = "",
    lead: str = "",
    named: User | None = None,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
    times: int = 1,
    urgent: bool = False,
    expires_at: datetime | None = None,
    by: str | None = None,
    unnamed: bool = False,
) -> None:
    """Notify people of something, in the transaction that made it so.

    `about` names it, as in `swap:<id>`. With a `key` an unread one of the same key grows instead of a second one, by
    `times`; it is then called `many`, in which `{count}` is how often. `lead` is what the server says beside it, before
    the `text` that somebody wrote; a person's name is never in them but as `{name}`, of who is `named`, since it goes
    when they leave. What is urgent breaks through quiet hours.
    After `expires_at` it is gone: a reminder of what is past is no use. Who caused it is the actor, or `by` in a job;
    or nobody in particular, where it is `unnamed`.
    """
    actor_id = None if unnamed else by or (None if ctx.signed_in is None else ctx.signed_in.user_id)
    said = Said(
        topic=topic,
        title=title,
        many=many,
        lead=lead,
        text=text,
        named=actor_id if named is None else named.id,
        name="" if named is None else named.name,
        about=about,
        data=dict(data or {}),
        actor_id=actor_id,
        urgent=urgent,
        key=key,
        times=times,
        expires_at=expires_at,
    )
    # In one order for all: two that notify the same people do not wait for each other.
    everybody = sorted({*user_ids})
    if len(everybody) > MOST_AT_ONCE:
        for start in range(0, len(everybody), MOST_AT_ONCE):
            some = everybody[start : start + MOST_AT_ONCE]
            await ask_later(NotifyPeople(user_ids=tuple(some), said=said), ctx)
    elif everybody:
        await _notify(everybody, said, ctx)


async def notify_people(errand: NotifyPeople, ctx: Context) -> None:
    """Notify some of many."""
    await _notify(errand.user_ids, errand.said, ctx)


async def settle(user_ids: Collection[str], key: str, ctx: Context) -> None:
    """Take as read what these people were notified of by a key: they have seen it, or it is no longer so."""
    # In one order for all, as those who are notified.
    for one in sorted(await ctx.store.notifications.open(user_ids, key), key=lambda one: one.user_id):
        await read([one.id], one.user_id, ctx)


async def read(ids: Collection[str], user_id: str, ctx: Context) -> None:
    """Have a person have read these of theirs, on all their devices; those that they had read change nothing."""
    done = await ctx.store.notifications.read(user_id, ids, at=ctx.now)
    if done:
        versions = await ctx.store.notification_marks.touch([user_id])
        ctx.emit(NotificationRead(ids=tuple(one.id for one in done)), to=people(user_id))
        if pushed := tuple(one.id for one in done if one.pushed):
            by = "" if ctx.signed_in is None else ctx.signed_in.session_id
            await ask_later(ClearPush(user_id=user_id, ids=pushed, by=by), ctx)
        await _tell_badges(versions, ctx)


async def retell(message_id: str, text: str, ctx: Context, *, among: Collection[str]) -> None:
    """Have what people were notified of by a message's text say what that says now, also where they have read it.

    Whoever is no longer among those it is said to keeps nothing of it.
    """
    for one in await ctx.store.notifications.retell(message_id, text, among=among):
        if one.shown:
            changed = NotificationCreated(notification=NotificationView.of(one))
            ctx.emit(changed, to=people(one.user_id), unnamed=_is_unnamed(one.actor_id, ctx))


async def expire_notification(errand: ExpireNotification, ctx: Context) -> None:
    """Take a notification from its person's screens, if its time is over indeed."""
    one = await ctx.store.notifications.get(errand.notification_id)
    if one is not None and one.expires_at <= ctx.now:
        versions = await ctx.store.notification_marks.touch([one.user_id])
        await ctx.store.notifications.delete(one.id)
        ctx.emit(NotificationExpired(ids=(one.id,)), to=people(one.user_id))
        await _tell_badges(versions, ctx)


async def _tell_badges(versions: Mapping[str, int], ctx: Context, *, unnamed: bool = False) -> None:
    """Tell people how much they have not read, after a change of that in this transaction."""
    unread = await ctx.store.notifications.count_unread(versions)
    for user_id, version in versions.items():
        changed = BadgeChanged(user_id=user_id, unread=unread[user_id], version=version)
        ctx.emit(changed, to=people(user_id), unnamed=unnamed)


def _is_unnamed(actor_id: str | None, ctx: Context) -> bool:
    """Whether it is said to be of somebody else than who asks, such as staff: the event does not name them either."""
    return ctx.signed_in is not None and actor_id != ctx.signed_in.user_id


async def _notify(user_ids: Collection[str], said: Said, ctx: Context) -> None:
    if said.actor_id is not None:
        deaf = await who_blocked(said.actor_id, user_ids, ctx)
        user_ids = [one for one in user_ids if one not in deaf]
    if not user_ids:
        return
    unnamed = _is_unnamed(said.actor_id, ctx)
    # First of all: who loses a race for the count has not done the rest in vain.
    versions = await ctx.store.notification_marks.touch(user_ids)
    expires_at = said.expires_at or ctx.now + KEPT
    kept_until = expires_at + AFTERWARDS if said.expires_at else expires_at
    preferences = await ctx.store.notification_preferences.of(user_ids)
    fields = {**said.model_dump(exclude={"times"}), "expires_at": expires_at, "kept_until": kept_until}
    grown = [] if said.key is None else await _grow(user_ids, said.key, fields, said.times, ctx)
    known = {one.user_id for one in grown}
    shown = {one: wants(preferences[one], said.topic, Channel.IN_APP) for one in user_ids}
    fresh = [
        _fresh(one, {**fields, "count": said.times}, ctx, shown=shown[one]) for one in user_ids if one not in known
    ]
    await ctx.store.notifications.insert_all(fresh)
    for one in (*grown, *fresh):
        if one.shown:
            ctx.emit(
                NotificationCreated(notification=NotificationView.of(one)), to=people(one.user_id), unnamed=unnamed
            )
        if said.expires_at is not None:
            await ask_later(ExpireNotification(notification_id=one.id), ctx, at=said.expires_at)
    await _deliver([*grown, *fresh], preferences, ctx)
    await _tell_badges(versions, ctx, unnamed=unnamed)


async def _deliver(
    notifications: list[Notification], preferences: Mapping[str, NotificationPreferences], ctx: Context
) -> None:
    """Have those who want it told also elsewhere, a little later, if they have not read it by then."""
    pushed = [one for one in notifications if wants(preferences[one.user_id], one.topic, Channel.PUSH)]
    devices = await ctx.store.push_subscriptions.people_among([one.user_id for one in pushed]) if pushed else set()
    for one in pushed:
        if one.user_id in devices:
            errand = PushNotification(user_id=one.user_id, notification_id=one.id)
            await ask_later(errand, ctx, key=f"push:{one.id}")
    for one in notifications:
        mine = preferences[one.user_id]
        for digest in (False, True):
            if goes_by_letter(mine, one.topic, digest=digest):
                await look_later(one.user_id, ctx, digest=digest)


async def _grow(
    user_ids: Collection[str], key: str, fields: dict[str, Any], times: int, ctx: Context
) -> list[Notification]:
    """The unread ones of this key, once more; whose time is over grows no more, and makes room for another."""
    grown = []
    for one in await ctx.store.notifications.open(user_ids, key):
        if one.expires_at <= ctx.now:
            await ctx.store.notifications.delete(one.id)
        elif (renewed := await ctx.store.notifications.renew(one.id, fields, times=times, at=ctx.now)) is not None:
            grown.append(renewed)
    return grown


def _fresh(user_id: str, fields: dict[str, Any], ctx: Context, *, shown: bool) -> Notification:
    id_, key = new_id(), fields["key"]
    return Notification(
        id=id_,
        user_id=user_id,
        shown=shown,
        unread_of=user_id if shown else None,
        open_key=None if key is None else open_key(user_id, key),
        created_at=ctx.now,
        at=ctx.now,
        order=order_of(ctx.now, id_),
        **fields,
    )
