"""Devices that are told also while they are closed: each by its session, with which it is forgotten."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from handlers.context import Context
from handlers.delivery import SendPush
from handlers.errands import ask_later
from handlers.errors import Invalid, NotFound
from handlers.models import Command, Id, Query
from handlers.ports import Push, PushTarget
from handlers.views.base import Page
from handlers.views.notifications import PushSubscriptionView
from store.push_subscriptions import PushSubscription, subscription_id

MOST_DEVICES = 20


class PushKeys(BaseModel):
    """With which what is sent is encrypted, so that nobody on the way can read it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    p256dh: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{87}=?$")]
    auth: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}={0,2}$")]


class SubscribePush(Command):
    """What the browser's `PushManager.subscribe` gave: as its `toJSON` says it, without what is not named here."""

    endpoint: Annotated[str, StringConstraints(max_length=1024, pattern=r"^https?://[\x21-\x7e]+$")]
    keys: PushKeys


class ListPushSubscriptions(Query):
    """One's own."""


class UnsubscribePush(Command):
    """Which of one's own."""

    subscription_id: Id


class TryPush(Command):
    """Which of one's own."""

    subscription_id: Id


async def subscribe_push(command: SubscribePush, ctx: Context) -> PushSubscriptionView:
    """Have this device told also while it is closed, as long as its session lasts. Repeated, it changes nothing."""
    target = PushTarget(command.endpoint, command.keys.p256dh, command.keys.auth)
    if not _push(ctx).allows(target):
        raise Invalid.field("endpoint", "This is no push service that is known here, or its keys are none.")
    me = ctx.actor
    own = [one for one in await ctx.store.push_subscriptions.of_person(me.user_id) if one.session_id != me.session_id]
    for eldest in own[: max(0, len(own) + 1 - MOST_DEVICES)]:
        await ctx.store.push_subscriptions.delete(eldest.id)
    # A session is one device, which may have been given another address.
    await ctx.store.push_subscriptions.end_session(me.session_id)
    subscription = PushSubscription(
        id=subscription_id(target.endpoint),
        user_id=me.user_id,
        session_id=me.session_id,
        sealed=ctx.ports.vault.seal(target.text(), of=me.user_id),
        device=ctx.caller.device[:200],
        created_at=ctx.now,
    )
    await ctx.store.push_subscriptions.put(subscription)
    return PushSubscriptionView.of(subscription, session_id=me.session_id)


async def list_push_subscriptions(_: ListPushSubscriptions, ctx: Context) -> Page[PushSubscriptionView]:
    """Your devices that are told also while they are closed."""
    me = ctx.actor
    found = await ctx.store.push_subscriptions.of_person(me.user_id)
    return Page(items=[PushSubscriptionView.of(one, session_id=me.session_id) for one in found])


async def unsubscribe_push(command: UnsubscribePush, ctx: Context) -> None:
    """Tell a device of yours no longer while it is closed."""
    await ctx.store.push_subscriptions.delete((await _access_subscription(command.subscription_id, ctx)).id)


async def try_push(command: TryPush, ctx: Context) -> None:
    """Push something to a device of yours now, to see whether it arrives."""
    subscription = await _access_subscription(command.subscription_id, ctx)
    await ask_later(SendPush(subscription_id=subscription.id, payload={"type": "test"}, urgent=True), ctx)


def _push(ctx: Context) -> Push:
    if ctx.ports.push is None:
        raise NotFound("Nothing is pushed here: it is not set up.")
    return ctx.ports.push


async def _access_subscription(id_: str, ctx: Context) -> PushSubscription:
    subscription = await ctx.store.push_subscriptions.get(id_)
    if subscription is None or subscription.user_id != ctx.actor.user_id:
        raise NotFound("You have no such subscription, or no more.")
    return subscription
