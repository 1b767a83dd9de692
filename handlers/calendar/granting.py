"""Allowing this server to write into one's Google calendar, apart from signing in; and taking that back.

A try belongs to the person who began it: a code that somebody else slips into their browser connects nothing.
"""

import secrets
from datetime import timedelta
from typing import Annotated

from pydantic import Field, SecretStr

from handlers.account import access_self
from handlers.calendar_port import Calendar
from handlers.calendar_sync import GOOGLE, forget_calendar, read_later, write_whole
from handlers.consenting import word
from handlers.context import Context, people
from handlers.errands import Errand, ask_later
from handlers.errors import Conflict, Invalid, NotFound
from handlers.events.calendar import CalendarChanged
from handlers.models import Command, Outward, Query
from handlers.notifying import settle
from handlers.views.calendar import CalendarBegunView, CalendarView
from store.calendar_events import SyncState
from store.calendar_grants import CalendarGrant, Consent
from store.consent_log import Kind

LIFETIME = timedelta(minutes=10)
# By which the one notification of a grant that is over is found.
RECONNECT = "calendar:reconnect"
# Whoever keeps a grant has said so by then, or died.
A_WHILE = timedelta(seconds=10)
# So many are written anew in one transaction.
AT_ONCE = 20


class CalendarConnected(Errand):
    """A grant is there, perhaps for another calendar than before: it is read, and these are written; without, all."""

    user_id: str
    serial: str
    event_ids: tuple[str, ...] | None = None


class BeginCalendar(Outward):
    """Which of the set pages Google shall lead back to."""

    redirect_uri: Annotated[str, Field(max_length=500)]


class CompleteCalendar(Outward):
    """What Google's page led back with."""

    state: Annotated[str, Field(min_length=20, max_length=100, description="As `begin` answered it.")]
    authorization_code: Annotated[SecretStr, Field(max_length=2000)]


class GetCalendar(Query):
    """One's own."""


class DisconnectCalendar(Command):
    """One's own."""


async def begin_calendar(command: BeginCalendar, ctx: Context) -> CalendarBegunView:
    """Begin to connect your Google calendar. Go to `authorization_url`, where Google asks you for just that."""
    google = require_calendar(ctx)
    if command.redirect_uri not in google.redirect_uris:
        raise Invalid.field("redirect_uri", "This is none of the pages that are set.", code="not_allowed")
    consent = Consent(
        id=secrets.token_urlsafe(32),
        user_id=ctx.actor.user_id,
        verifier=secrets.token_urlsafe(48),
        redirect_uri=command.redirect_uri,
        expires_at=ctx.now + LIFETIME,
    )
    await ctx.store.calendar_consents.insert(consent)
    url = await google.address(consent.id, consent.verifier, consent.redirect_uri)
    return CalendarBegunView(state=consent.id, authorization_url=url, expires_at=consent.expires_at)


async def complete_calendar(command: CompleteCalendar, ctx: Context) -> CalendarView:
    """Connect it, by what Google led back with. What could not be written by a former grant is written now."""
    consent = await ctx.store.calendar_consents.get(command.state)
    if consent is None or consent.user_id != ctx.actor.user_id or consent.expires_at <= ctx.now:
        raise Invalid.field("state", "This was begun by nobody here, or is too old; begin again.", code="not_begun")
    if not await ctx.store.calendar_consents.use(consent.id):
        raise Conflict("Another request used this first.")
    code = command.authorization_code.get_secret_value()
    token = await require_calendar(ctx).exchange(code, consent.verifier, consent.redirect_uri)
    grant = CalendarGrant(
        id=consent.user_id,
        sealed=ctx.ports.vault.seal(token, of=consent.user_id),
        serial=secrets.token_hex(12),
        connected_at=ctx.now,
    )
    # In no transaction: asked for before, what follows from it follows also if this process dies here.
    connected, key = CalendarConnected(user_id=grant.id, serial=grant.serial), f"calendar:connected:{grant.serial}"
    await ask_later(connected, ctx, at=ctx.now + A_WHILE, key=key)
    # Before there is anything to use.
    await word(Kind.CALENDAR, ctx, granted=True, to=GOOGLE)
    await ctx.store.calendar_grants.put_whole(grant)
    await ask_later(connected, ctx, key=key)
    return CalendarView.of(grant)


async def write_anew(errand: CalendarConnected, ctx: Context) -> None:
    """Have a calendar that was connected read, and whatever is ahead written into it, some at a time."""
    grant = await ctx.store.calendar_grants.get(errand.user_id)
    if grant is None or grant.serial != errand.serial:
        return
    left = errand.event_ids
    if left is None:
        await ctx.store.calendar_watches.delete(grant.id)
        await read_later(grant.id, ctx)
        left = tuple(event.id for event in await ctx.store.calendar_events.ahead_of(grant.id, now=ctx.now))
    for id_ in left[:AT_ONCE]:
        if (event := await ctx.store.calendar_events.set(id_, SyncState.PENDING, at=ctx.now)) is not None:
            await write_whole(event.swap_id, event.user_id, ctx)
    if len(left) > AT_ONCE:
        await ask_later(errand.model_copy(update={"event_ids": left[AT_ONCE:]}), ctx)


async def get_calendar(_: GetCalendar, ctx: Context) -> CalendarView:
    """Whether your Google calendar is connected, or has to be connected anew."""
    return CalendarView.of(await ctx.store.calendar_grants.get((await access_self(ctx)).id))


async def disconnect_calendar(_: DisconnectCalendar, ctx: Context) -> CalendarView:
    """Have nothing written any more: what stands there of swaps to come is taken out, and Google told to forget us."""
    me = await access_self(ctx)
    await forget_calendar(me.id, ctx)
    view = CalendarView.of(None)
    await settle([me.id], RECONNECT, ctx)
    ctx.emit(CalendarChanged(calendar=view), to=people(me.id))
    return view


def require_calendar(ctx: Context) -> Calendar:
    """Google, where it is set up."""
    if ctx.ports.calendar is None:
        raise NotFound("No calendar can be connected here: Google is not set up.")
    return ctx.ports.calendar
