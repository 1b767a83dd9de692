"""The lessons beside a swap in a calendar: each is an event of its own, and stands there once it is agreed on.

What their person does to one there is a wish of that lesson alone. Until the other side agrees it stands there as it
is held: of a lesson holds what is agreed on, wherever somebody would rather have it.
"""

from handlers.calendar.entries import is_off, title_of_lesson
from handlers.calendar.outcomes import NoteRevoked
from handlers.calendar.writing import name_of
from handlers.calendar_port import CalendarEntry, GrantRevoked, event_id
from handlers.calendar_sync import WriteLessons, lessons_later
from handlers.context import Context
from handlers.errands import ask_later
from handlers.errors import Unavailable
from handlers.lessons import Lesson
from handlers.views.series import lessons_of
from store.calendar_events import event_key
from store.calendar_grants import Condition
from store.series import Series, State

# So many in one job, which has to be over before another worker takes it.
AT_ONCE = 8


async def write_lessons(errand: WriteLessons, ctx: Context) -> None:
    """Have a calendar say what these lessons are; all of them go where the swap is wanted there no more."""
    user_id, google = errand.user_id, ctx.ports.calendar
    series, grant = await ctx.store.series.get(errand.swap_id), await ctx.store.calendar_grants.get(user_id)
    if google is None or series is None or grant is None or grant.condition is not Condition.CONNECTED:
        # Whoever connects it anew has all of it written.
        return
    event = await ctx.store.calendar_events.get(event_key(series.id, user_id))
    name = await name_of(series.other(user_id), ctx)
    lessons = {lesson.number: lesson for lesson in lessons_of(series)}
    written, pause = 0, None
    try:
        token = ctx.ports.vault.open(grant.sealed, of=grant.id)
        for number in errand.numbers[:AT_ONCE]:
            if (lesson := lessons.get(number)) is not None:
                entry = _entry(series, lesson, user_id, name, known=errand.known)
                is_there = event is not None and series.state is not State.PROPOSED and not is_off(series, lesson)
                await (google.put(token, entry) if is_there else google.remove(token, entry.id))
            written += 1
    except (GrantRevoked, ValueError):
        await ask_later(NoteRevoked(user_id=grant.id, serial=grant.serial), ctx)
        return
    except Unavailable as error:
        # Of many, most tries would fail at one of them: what stands is not written again with the rest.
        if not written:
            raise
        pause = error.retry_after
    after = await ctx.store.series.get(series.id)
    wanted = await ctx.store.calendar_events.get(event_key(series.id, user_id))
    # It changed while this was on its way; and who writes at the same time may have been faster.
    is_other = after is None or after.version != series.version or (wanted is None) is not (event is None)
    left = errand.numbers if is_other else errand.numbers[written:]
    await lessons_later(series.id, user_id, left, ctx, pause=pause, known=errand.known)


def _entry(series: Series, lesson: Lesson, user_id: str, name: str, *, known: str) -> CalendarEntry:
    span = lesson.span or lesson.planned
    return CalendarEntry(
        id=event_id(series.key(lesson.number), user_id),
        swap_id=series.id,
        version=series.version,
        title=title_of_lesson(lesson, name),
        text="",
        start=span.start,
        end=span.end,
        time_zone=series.time_zone,
        is_tentative=False,
        known=known,
    )
