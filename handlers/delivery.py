"""How what people are notified of reaches them elsewhere: on devices that are closed, and by letters.

Everything here is looked at again when its time has come: what was read meanwhile, or has passed, is not told.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from handlers.context import Context
from handlers.errands import Errand, ask_later
from handlers.ports import PushTarget
from handlers.quiet import at_home, quiet_until
from handlers.topics import wants
from handlers.visibility import is_active
from store.jobs import Queue
from store.notification_preferences import Channel
from store.notifications import Notification
from store.push_subscriptions import PushSubscription

# Who has just gone seems to be there for a while: what they have not read by then is pushed after all.
LOOK_AGAIN = timedelta(seconds=45)
LIVES = timedelta(days=1)
TITLE_CHARACTERS = 120
TEXT_CHARACTERS = 240
# A push holds 4 KB: more ids do not fit in one, beside what is said.
MOST_IDS = 100


class PushNotification(Errand):
    """Somebody has something to know of; perhaps they are not there to see it."""

    user_id: str
    notification_id: str
    again: bool = False
    # Where it stood in the list when they seemed to be there.
    order: str = ""


class PushSummary(Errand):
    """Quiet hours are over: what came in them is told as one."""

    user_id: str


class ClearPush(Errand):
    """What was pushed has been read on another device."""

    user_id: str
    ids: tuple[str, ...]
    by: str = ""


class SendPush(Errand):
    """One device is to be told something, unless that was read."""

    queue = Queue.DEVICES

    subscription_id: str
    payload: dict[str, Any]
    notification_id: str = ""
    lives: timedelta = LIVES
    urgent: bool = False


async def push_notification(errand: PushNotification, ctx: Context) -> None:
    """Push to somebody's devices what they have not read, if they are not there, and do not want quiet."""
    # Asked before the first word to the database: nothing else may be waited for within a transaction.
    online = errand.user_id in await ctx.ports.presence.online([errand.user_id])
    one = await ctx.store.notifications.get(errand.notification_id)
    user = await ctx.store.users.get(errand.user_id)
    if one is None or one.read_at is not None or one.expires_at <= ctx.now or user is None:
        return
    if errand.order not in ("", one.order):
        # It has grown since, and was looked at anew: it is pushed once, when nothing has come for a while.
        return
    if online and is_active(user, ctx.now):
        if not errand.again:
            again = errand.model_copy(update={"again": True, "order": one.order})
            await ask_later(again, ctx, at=ctx.now + LOOK_AGAIN)
        return
    preferences = await at_home(user, ctx)
    if not one.urgent and Channel.PUSH in preferences.quiet_channels and (until := quiet_until(preferences, ctx.now)):
        await ctx.store.notifications.hold(one.id)
        await ask_later(PushSummary(user_id=user.id), ctx, at=until, key=f"summary:{user.id}")
        return
    await _push([one], _told(one), ctx)


async def push_summary(errand: PushSummary, ctx: Context) -> None:
    """Push as one what came in quiet hours and was not read in them."""
    online = errand.user_id in await ctx.ports.presence.online([errand.user_id])
    user = await ctx.store.users.get(errand.user_id)
    if user is None:
        return
    preferences = await at_home(user, ctx)
    if until := quiet_until(preferences, ctx.now):
        # They wanted longer quiet meanwhile.
        await ask_later(errand, ctx, at=until, key=f"summary:{user.id}")
        return
    held = [one for one in await ctx.store.notifications.page(user.id, before=None, limit=MOST_IDS) if one.held]
    await ctx.store.notifications.release([one.id for one in held])
    if online and is_active(user, ctx.now):
        return
    missed = [one for one in held if is_news(one, ctx.now) and wants(preferences, one.topic, Channel.PUSH)]
    if len(missed) == 1:
        payload = _told(missed[0])
    else:
        titles = "\n".join(one.heading[:TITLE_CHARACTERS] for one in missed[:3])
        payload = {"type": "summary", "title": f"{len(missed)} notifications", "text": titles[:TEXT_CHARACTERS]}
    await _push(missed, payload, ctx)


async def clear_push(errand: ClearPush, ctx: Context) -> None:
    """Have devices take away what was pushed to them and was read elsewhere; they show nothing for it."""
    unread = (await ctx.store.notifications.count_unread([errand.user_id]))[errand.user_id]
    for subscription in await ctx.store.push_subscriptions.of_person(errand.user_id):
        if subscription.session_id != errand.by:
            for start in range(0, len(errand.ids), MOST_IDS):
                payload = {"type": "clear", "ids": errand.ids[start : start + MOST_IDS], "unread": unread}
                await ask_later(SendPush(subscription_id=subscription.id, payload=payload), ctx)


async def send_push(errand: SendPush, ctx: Context) -> None:
    """Hand what is to be told to the push service of a device, and forget the device if that knows it no more."""
    subscription = await ctx.store.push_subscriptions.get(errand.subscription_id)
    if subscription is None or ctx.ports.push is None:
        return
    payload = errand.payload
    if errand.notification_id:
        one = await ctx.store.notifications.get(errand.notification_id)
        if one is None or one.read_at is not None or one.expires_at <= ctx.now:
            return
        if payload["type"] == "notification":
            # As it is now: it may have waited for a service that is busy, and been changed or deleted meanwhile.
            payload = {**payload, **_told(one)}
    target = await _target(subscription, ctx)
    if target is None or not await ctx.ports.push.send(
        target,
        json.dumps(payload, ensure_ascii=False, separators=(",", ":")),
        lives=errand.lives,
        urgent=errand.urgent,
        topic=errand.notification_id or errand.job,
    ):
        await ctx.store.push_subscriptions.delete(subscription.id)


def is_news(one: Notification, now: datetime) -> bool:
    """Whether it is still worth telling."""
    return one.read_at is None and one.expires_at > now


def _told(one: Notification) -> dict[str, Any]:
    """What a device is told of one."""
    return {"type": "notification", "title": one.heading[:TITLE_CHARACTERS], "text": one.words[:TEXT_CHARACTERS]}


async def _push(notifications: list[Notification], payload: dict[str, Any], ctx: Context) -> None:
    """Have all devices of a person told; of several as one."""
    if not notifications:
        return
    newest, user_id = notifications[0], notifications[0].user_id
    unread = (await ctx.store.notifications.count_unread([user_id]))[user_id]
    told = {**payload, "ids": [one.id for one in notifications], "about": newest.about, "unread": unread}
    for subscription in await ctx.store.push_subscriptions.of_person(user_id):
        errand = SendPush(
            subscription_id=subscription.id,
            payload={**told, "topic": newest.topic},
            notification_id=newest.id,
            lives=min(LIVES, newest.expires_at - ctx.now),
            urgent=newest.urgent,
        )
        await ask_later(errand, ctx)
    await ctx.store.notifications.mark_pushed([one.id for one in notifications])


async def _target(subscription: PushSubscription, ctx: Context) -> PushTarget | None:
    """Where to push; None if whoever subscribed is signed in there no more."""
    session = await ctx.store.sessions.get(subscription.session_id)
    if session is None or session.revoked_at is not None or session.expires_at <= ctx.now:
        return None
    try:
        return PushTarget.read(ctx.ports.vault.open(subscription.sealed, of=subscription.user_id))
    except ValueError:
        # The keys it was sealed by are gone.
        return None
