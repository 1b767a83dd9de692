"""Swaps as iCalendar (RFC 5545): the only module that knows the library. Pure: the same swaps are the same bytes.

Moments are in UTC. Of an hour that clocks show twice a local time would not say which one it is.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC

from icalendar import Calendar, Event, vCalAddress

from handlers.calendar.entries import GONE, is_off, title_of, title_of_lesson
from handlers.lessons import Lesson
from handlers.times import Span
from handlers.views.series import lessons_of
from store.series import Series, State
from store.swaps import OPEN, Swap


def ics(
    swaps: Sequence[Swap],
    user_id: str,
    names: Mapping[str, str],
    *,
    organizer: str,
    is_one: bool,
    series: Sequence[Series] = (),
) -> bytes:
    """Some swaps and lessons as somebody's calendar program reads them; one alone that was called off is taken out."""
    calendar = Calendar()
    calendar.add("prodid", "-//SkillNet//Swaps//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_one and swaps[0].status in GONE else "PUBLISH")
    if not is_one:
        calendar.add("x-wr-calname", "SkillNet")
    for swap in swaps:
        calendar.add_component(_event(swap, user_id, names.get(swap.other(user_id), "Deleted user"), organizer))
    for one in series:
        name = names.get(one.other(user_id), "Deleted user")
        for lesson in lessons_of(one):
            calendar.add_component(_lesson(one, lesson, name, organizer))
    return bytes(calendar.to_ical())


def _event(swap: Swap, user_id: str, name: str, organizer: str) -> Event:
    event = _dated(swap, swap.id, Span(swap.scheduled_time, swap.ends_at), organizer)
    event.add("summary", title_of(swap, user_id, name))
    if swap.note:
        event.add("description", swap.note)
    event.add("status", "CANCELLED" if swap.status in GONE else "TENTATIVE" if swap.status in OPEN else "CONFIRMED")
    return event


def _lesson(series: Series, lesson: Lesson, name: str, organizer: str) -> Event:
    span = lesson.span or lesson.planned
    event = _dated(series, series.key(lesson.number), span, organizer)
    event.add("summary", title_of_lesson(lesson, name))
    is_asked = series.state is State.PROPOSED
    event.add("status", "CANCELLED" if is_off(series, lesson) else "TENTATIVE" if is_asked else "CONFIRMED")
    return event


def _dated(of: Swap | Series, name: str, span: Span, organizer: str) -> Event:
    event = Event()
    event.add("uid", f"{name}@skillnet")
    event.add("sequence", of.version - 1)
    event.add("dtstamp", of.updated_at.astimezone(UTC))
    event.add("created", of.created_at.astimezone(UTC))
    event.add("last-modified", of.updated_at.astimezone(UTC))
    event.add("dtstart", span.start.astimezone(UTC))
    event.add("dtend", span.end.astimezone(UTC))
    # Asked for by the standard; the addresses of people are theirs.
    address = vCalAddress(organizer)
    address.params["CN"] = "SkillNet"
    event.add("organizer", address)
    return event
