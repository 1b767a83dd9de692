"""Reading what people do in their calendars: when Google says that there is something, and else from time to time.

The job asks Google in no transaction; what it found is kept by one that is.
"""

import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Annotated

from pydantic import Field, SecretStr

from handlers.calendar.entries import GONE
from handlers.calendar.outcomes import NoteRevoked
from handlers.calendar.seeing import NoteRead
from handlers.calendar_port import Calendar, CalendarRefused, GrantRevoked, event_id
from handlers.calendar_sync import ReadCalendar, read_later
from handlers.context import Context
from handlers.errands import ask_later
from handlers.errors import NotFound, Unavailable
from handlers.models import Command
from handlers.times import Span
from handlers.views.series import agreed_lessons
from store.calendar_grants import Condition
from store.calendar_watches import CalendarWatch, Channel, hash_of

# So far ahead as others may usually ask for a time.
BUSY_AHEAD = timedelta(days=60)
# A channel is exchanged so long before it ends.
RENEW_BEFORE = timedelta(days=1)
# With a channel, in case Google does not say that something has changed.
SELDOM = timedelta(hours=1)
# Where one could not be opened just now.
SOON = timedelta(minutes=1)


class HearChange(Command):
    """What Google says of a channel. That there is something to read is all that it says."""

    channel_id: Annotated[str, Field(min_length=1, max_length=64)]
    token: Annotated[SecretStr, Field(min_length=1, max_length=256)]
    resource_state: Annotated[str, Field(max_length=32)] = "exists"


async def hear_change(command: HearChange, ctx: Context) -> None:
    """Hear from Google that somebody's calendar has changed; by its own headers it comes to /hooks/google-calendar."""
    watch = await ctx.store.calendar_watches.by_channel(command.channel_id)
    given = hash_of(command.token.get_secret_value())
    if watch is None or watch.channel is None or not secrets.compare_digest(given, watch.channel.token_hash):
        raise NotFound("There is no such channel.")
    # `sync` is said once, when it is opened.
    if command.resource_state != "sync":
        await read_later(watch.id, ctx)


async def read_calendar(errand: ReadCalendar, ctx: Context) -> None:
    """See what somebody did to our events in their calendar since the last time, and when they are busy."""
    google, grant = ctx.ports.calendar, await ctx.store.calendar_grants.get(errand.user_id)
    if google is None or grant is None or grant.condition is not Condition.CONNECTED:
        # Whoever connects it anew has it read anew.
        return
    watch = await ctx.store.calendar_watches.get(grant.id) or CalendarWatch(id=grant.id)
    ahead = await ctx.store.calendar_events.ahead_of(grant.id, now=ctx.now)
    # What was called off we took out ourselves.
    swaps = await ctx.store.swaps.among([one.swap_id for one in ahead])
    ours = {event_id(swap.id, grant.id) for swap in swaps if swap.status not in GONE}
    for series in await ctx.store.series.among([one.swap_id for one in ahead]):
        ours |= {event_id(series.key(lesson.number), grant.id) for lesson in agreed_lessons(series, ctx.now)}
    try:
        token = ctx.ports.vault.open(grant.sealed, of=grant.id)
        changes = await google.changes(token, watch.sync_token, since=ctx.now, ours=ours)
        busy = await google.busy(token, Span(ctx.now, ctx.now + BUSY_AHEAD))
        channel, again_in = await _channel(google, token, watch, ctx)
    except (GrantRevoked, ValueError):
        await ask_later(NoteRevoked(user_id=grant.id, serial=grant.serial), ctx)
    except CalendarRefused:
        await keep_reading(errand, ctx)
    else:
        noted = NoteRead(
            user_id=grant.id,
            serial=grant.serial,
            seen=tuple(changes.seen),
            sync_token=changes.sync_token,
            busy=tuple(busy),
            channel=channel,
            again_in=again_in,
        )
        await ask_later(noted, ctx)


async def keep_reading(errand: ReadCalendar, ctx: Context) -> None:
    """It could not be read now: later again."""
    await read_later(errand.user_id, ctx, at=ctx.now + ctx.ports.rules.calendar_poll)


async def _channel(
    google: Calendar, token: str, watch: CalendarWatch, ctx: Context
) -> tuple[Channel | None, timedelta]:
    """The channel there is, or the next one, a while before it ends; and in how long to read again.

    Without one, where Google cannot reach this server or will not, that is soon. It is no reason not to read.
    """
    rules, former = ctx.ports.rules, watch.channel
    if not rules.calendar_hook:
        return None, rules.calendar_poll
    if former is not None and former.ends_at > ctx.now + RENEW_BEFORE:
        return former, SELDOM
    try:
        made = await google.watch(token, secrets.token_hex(16), secrets.token_urlsafe(32), rules.calendar_hook)
    except (Unavailable, CalendarRefused) as error:
        is_passing = isinstance(error, Unavailable)
        living = former if former is not None and former.ends_at > ctx.now else None
        return living, min(SOON, rules.calendar_poll) if is_passing else rules.calendar_poll
    if former is not None:
        with suppress(Unavailable, CalendarRefused):
            await google.unwatch(token, former)
    return made, SELDOM
