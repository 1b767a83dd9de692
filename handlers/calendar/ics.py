"""Swaps as iCalendar (RFC 5545): the only module that knows the library. Pure: the same swaps are the same bytes.

Moments are in UTC. Of an hour that clocks show twice a local time would not say which one it is.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC

from icalendar import Calendar, Event, vCalAddress

from handlers.calendar.entries import GONE, title_of
from store.swaps import OPEN, Swap


def ics(swaps: Sequence[Swap], user_id: str, names: Mapping[str, str], *, organizer: str, is_one: bool) -> bytes:
    """Some swaps as somebody's calendar program reads them; one alone that was called off takes itself out there."""
    calendar = Calendar()
    calendar.add("prodid", "-//SkillNet//Swaps//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_one and swaps[0].status in GONE else "PUBLISH")
    if not is_one:
        calendar.add("x-wr-calname", "SkillNet")
    for swap in swaps:
        calendar.add_component(_event(swap, user_id, names.get(swap.other(user_id), "Deleted user"), organizer))
    return bytes(calendar.to_ical())


def _event(swap: Swap, user_id: str, name: str, organizer: str) -> Event:
    event = Event()
    event.add("uid", f"{swap.id}@skillnet")
    event.add("sequence", swap.version - 1)
    event.add("dtstamp", swap.updated_at.astimezone(UTC))
    event.add("created", swap.created_at.astimezone(UTC))
    event.add("last-modified", swap.updated_at.astimezone(UTC))
    event.add("dtstart", swap.scheduled_time.astimezone(UTC))
    event.add("dtend", swap.ends_at.astimezone(UTC))
    event.add("summary", title_of(swap, user_id, name))
    if swap.note:
        event.add("description", swap.note)
    event.add("status", "CANCELLED" if swap.status in GONE else "TENTATIVE" if swap.status in OPEN else "CONFIRMED")
    # Asked for by the standard; the addresses of people are theirs.
    address = vCalAddress(organizer)
    address.params["CN"] = "SkillNet"
    event.add("organizer", address)
    return event
