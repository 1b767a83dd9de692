"""No more letters about something, by the link of one: whoever has the letter need not sign in for that (RFC 8058)."""

from typing import Annotated

from pydantic import Field, SecretStr

from handlers.context import Context, people
from handlers.errors import Invalid
from handlers.events.notifications import PreferencesChanged
from handlers.missed import UNSUBSCRIBE
from handlers.models import Command
from handlers.views.notifications import PreferencesView, UnsubscribedView
from store.notification_preferences import Channel
from store.notifications import Topic


class Unsubscribe(Command):
    """What the link of a letter ends with."""

    token: Annotated[SecretStr, Field(min_length=20, max_length=1000)]


async def unsubscribe(command: Unsubscribe, ctx: Context) -> UnsubscribedView:
    """Get no more letters about what a letter was about, neither at once nor daily. Repeated, it changes nothing."""
    try:
        opened = ctx.ports.vault.open(command.token.get_secret_value(), of=UNSUBSCRIBE)
        user_id, _, listed = opened.partition(":")
        topics = tuple(Topic(name) for name in listed.split(","))
    except ValueError:
        raise Invalid.field("token", "This is not the link of a letter; copy all of it.", code="link_over") from None
    user = await ctx.store.users.get(user_id)
    if user is not None and user.erased_at is None:
        before = (await ctx.store.notification_preferences.of([user_id]))[user_id]
        chosen = {topic: dict(channels) for topic, channels in before.chosen.items()}
        for topic in topics:
            chosen[topic] = {**chosen.get(topic, {}), Channel.EMAIL: False, Channel.DIGEST: False}
        after = before.model_copy(update={"chosen": chosen, "updated_at": ctx.now})
        await ctx.store.notification_preferences.put(after, is_new=before.updated_at is None)
        ctx.emit(PreferencesChanged(preferences=PreferencesView.of(after)), to=people(user_id))
    return UnsubscribedView(topics=topics)
