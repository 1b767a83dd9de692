"""How reliably and how soon somebody answers those who turn to them: reckoned from first contacts, told roughly."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median_low

from handlers.context import Context
from handlers.errands import Errand
from store.messages import Message
from store.profiles import Pace, Rate, Response
from store.threads import Kind, Thread

# Who has not answered after so long has not answered.
WAIT = timedelta(days=3)
# Of fewer first contacts nothing is said: one busy week is not how somebody is.
FEWEST = 3
# The last conversations that are looked at, and the first messages of each: an answer comes early or is late.
LAST_CONVERSATIONS = 60
FIRST_MESSAGES = 10
RATES = ((0.9, Rate.NEARLY_ALWAYS), (0.6, Rate.MOSTLY), (0.3, Rate.SOMETIMES))
PACES = ((timedelta(hours=1), Pace.WITHIN_AN_HOUR), (timedelta(days=1), Pace.WITHIN_A_DAY))


class ReckonResponse(Errand):
    """Somebody was turned to some days ago: by now they have answered, or not."""

    user_id: str


async def reckon_response(errand: ReckonResponse, ctx: Context) -> None:
    """Say anew how somebody answers, from the last first contacts; of too few nothing."""
    talks = await ctx.store.threads.of_people([errand.user_id], limit=LAST_CONVERSATIONS)
    waits = [
        _waited(thread, await ctx.store.messages.numbered(thread.id, first=1, last=FIRST_MESSAGES), errand.user_id)
        for thread in talks
        if _is_contact(thread, errand.user_id)
    ]
    done = [took for asked, took in filter(None, waits) if took is not None or asked <= ctx.now - WAIT]
    user = await ctx.store.users.get(errand.user_id)
    if user is not None and user.erased_at is None:
        response = _response(done, ctx.now)
        await ctx.store.users.update(user.id, {"response": None if response is None else response.model_dump()})


def _is_contact(thread: Thread, user_id: str) -> bool:
    return thread.kind is Kind.PAIR and thread.created_by != user_id


def _waited(thread: Thread, messages: Sequence[Message], user_id: str) -> tuple[datetime, timedelta | None] | None:
    """When somebody was turned to, and how long that one waited for an answer; None if they were not."""
    if not messages or messages[0].sender == user_id:
        return None
    asked = messages[0].created_at
    answers = [message.created_at - asked for message in messages if message.sender == user_id]
    # After more messages than were looked at, it came late.
    late = WAIT if user_id in thread.sent else None
    took = answers[0] if answers else late
    return asked, took if took is not None and took <= WAIT else None


def _response(waits: Sequence[timedelta | None], now: datetime) -> Response | None:
    if len(waits) < FEWEST:
        return None
    times = [took for took in waits if took is not None]
    share = len(times) / len(waits)
    rate = next((rate for least, rate in RATES if share >= least), Rate.RARELY)
    middle = median_low(times) if times else None
    pace = None if middle is None else next((pace for most, pace in PACES if middle <= most), Pace.WITHIN_DAYS)
    return Response(rate=rate, pace=pace, at=now)
