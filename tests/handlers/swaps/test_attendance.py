"""What the calls of a swap hint at: who came, and whether that was for long."""

from datetime import datetime, timedelta

from store.calls import Call, Span
from store.ids import new_id
from store.repository import order_of
from tests.handlers.swaps.world import World, world

Minutes = tuple[int, int] | None

# When she and he were there, of an hour, and what that makes likely.
CASES: tuple[tuple[str, Minutes, Minutes, str], ...] = (
    ("online", (0, 60), (5, 60), "together"),
    ("online", (0, 30), (0, 30), "together"),
    ("online", (0, 29), (0, 60), "short"),
    ("online", (0, 20), (30, 50), "short"),
    ("online", (0, 20), None, "absent"),
    ("offline", (0, 20), None, "unknown"),
    ("online", None, None, "unknown"),
)


async def test_it_hints_at_what_became_of_a_swap_once_it_is_over(mongodb_url: str, database_name: str) -> None:
    async with world(mongodb_url, database_name) as earth:
        swaps = [await a_swap(earth, *case[:3]) for case in CASES]
        for days, is_over in ((3, False), (1, True)):
            await earth.passes(days=days, working=False)
            for (_, _, _, hint), swap in zip(CASES, swaps, strict=True):
                told = await earth.asks(swap["responder"], "swap:attendance", swap_id=swap["id"])
                assert told["hint"] == (hint if is_over or hint == "together" else "unknown"), told


async def a_swap(earth: World, mode: str, hers: Minutes, his: Minutes) -> dict[str, str]:
    """One of an hour, with a call in which they will have been then."""
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap: dict[str, str] = await earth.agrees(ada, bob, duration_minutes=60, mode=mode)
    begins, call_id = datetime.fromisoformat(swap["scheduled_time"]), new_id()
    there = tuple(
        Span(peer_id=new_id(), user_id=person, joined_at=begins + came, left_at=begins + went)
        for person, minutes in ((ada, hers), (bob, his))
        if minutes is not None
        for came, went in [[timedelta(minutes=one) for one in minutes]]
    )
    call = Call(
        id=call_id, swap=swap["id"], participants=(ada, bob), created_by=ada, host=ada, closes_at=begins,
        attendance=there, created_at=begins, updated_at=begins, order=order_of(begins, call_id),
    )  # fmt: skip
    await earth.store.calls.insert(call)
    return swap
