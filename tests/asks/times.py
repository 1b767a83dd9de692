"""When people can meet, once and week by week."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from server.operation import Operation
from tests.asks.base import EVERYBODY, TAKES_PART, Asker, Rights
from tests.asks.swaps import a_swap_request
from tests.people import Person, key

MAY: Rights = {
    **dict.fromkeys(("availability:get", "availability:set", "slots:get"), EVERYBODY),
    **dict.fromkeys(("series:get", "series:propose", "series:end", "series:move", "series:cancel"), TAKES_PART),
    # Bob's own proposal, that waits for Ada.
    "series:accept": ("not_found", "forbidden"),
}
WEEK = {"tuesday": [{"start": "10:00", "end": "12:00"}]}


# What one request books is in no other's way: swaps in the second week, lessons from the fifth on.
_numbers = itertools.count()


def some_lessons(
    swap: dict[str, Any], *, weeks: int = 5, days: int = 0, at: str = "10:00", **more: Any
) -> dict[str, Any]:
    """Three lessons in New York on three Mondays, or so many days after them, the first so many weeks ahead."""
    day = datetime.now(UTC).date() + timedelta(weeks=weeks)
    start = f"{day - timedelta(days=day.weekday() - days)}T{at}"
    return {
        "swap_id": swap["id"],
        "start": start,
        "time_zone": "America/New_York",
        "count": 3,
        "client_id": key(),
        **more,
    }


async def an_agreed_swap(ada: Person, bob: Person) -> Any:
    """What Ada asked of Bob, and he accepted."""
    swap = await ada.asks("swap:request", a_swap_request(bob, days=9 + next(_numbers) / 48, duration_minutes=15))
    return await bob.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of Ada's hours, of what she has in common with Bob, and of lessons that he proposed to her."""
    match row.name:
        case "availability:set":
            said = {"time_zone": "Europe/Berlin", "weekly": WEEK}
            # The second time, and any other, changes what is there.
            await ada.asks("availability:set", said)
            return ada, {**said, "notice_minutes": 1000 + next(_numbers)}
        case "slots:get":
            await bob.asks("availability:set", {"time_zone": "America/New_York", "weekly": WEEK})
            return ada, {"user_id": bob.id}
        case "availability:get":
            return ada, {}
    swap = await an_agreed_swap(ada, bob)
    # Each in hours of its own, so that all of them change the same.
    days, hour = divmod(next(_numbers), 24)
    lessons = some_lessons(swap, weeks=5 + 3 * (days // 7), days=days % 7, at=f"{hour:02}:00", duration_minutes=15)
    if row.name == "series:propose":
        del lessons["client_id"]
        return ada, lessons
    series = await bob.asks("series:propose", lessons)
    if row.name == "series:accept":
        return ada, {"swap_id": swap["id"], "version": series["version"]}
    if row.name == "series:move":
        await ada.asks("series:accept", {"swap_id": swap["id"], "version": series["version"]})
        return ada, {"swap_id": swap["id"], "number": 1, "start": series["lessons"][1]["end"]}
    return ada, {"swap_id": swap["id"], **({"number": 1} if row.name == "series:cancel" else {})}
