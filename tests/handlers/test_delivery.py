"""What reaches devices that are closed, with a clock that the test turns: once, and in pieces that are taken."""

import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from handlers.delivery import MOST_IDS, ClearPush, PushSummary, clear_push, push_summary
from handlers.notifying import notify
from store.ids import new_id
from store.jobs import State
from store.notifications import Topic
from store.push_subscriptions import PushSubscription
from store.repository import order_of
from tests.handlers.swaps.world import World, world

# Of the 4096 bytes that every push service takes, without what the encryption adds.
MOST_BYTES = 4096 - 103


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name) as made:
        yield made


async def with_a_phone(earth: World) -> str:
    """Ada, who subscribed a device."""
    ada = await earth.somebody("ada")
    phone = PushSubscription(
        id=new_id(), user_id=ada, session_id=new_id(), sealed="", device="phone", created_at=earth.now
    )
    await earth.store.push_subscriptions.put(phone)
    return ada


async def happens(earth: World, person: str, **said: Any) -> None:
    await earth.has_done(partial(notify, [person], Topic.MESSAGES, title="Bob", about="thread:1", **said))


async def pushes(earth: World) -> int:
    """How many were to be sent, whoever has done that yet."""
    return sum([len(await earth.store.jobs.page(state, "SendPush", before=None, limit=100)) for state in State])


async def payloads(earth: World) -> list[dict[str, Any]]:
    """What is to be sent, as soon as somebody works."""
    waiting = await earth.store.jobs.page(State.WAITING, "SendPush", before=None, limit=100)
    return [job.errand["payload"] for job in waiting]


def size(payload: dict[str, Any]) -> int:
    return len(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode())


async def test_what_grew_is_pushed_once_after_who_has_just_gone(earth: World) -> None:
    ada = await with_a_phone(earth)
    await earth.is_there(ada)
    for _ in range(3):
        await happens(earth, ada, key="thread:1")
        await earth.passes(seconds=20)
    # The first of them is long ago when she goes, the last is not.
    await earth.is_there(ada, there=False)
    await earth.passes(minutes=2)
    assert await pushes(earth) == 1


async def test_everything_that_is_read_at_once_is_taken_from_devices(earth: World) -> None:
    ada = await with_a_phone(earth)
    ids = tuple(new_id() for _ in range(250))
    await earth.has_done(partial(clear_push, ClearPush(user_id=ada, ids=ids)))
    pieces = await payloads(earth)
    assert sorted(id_ for piece in pieces for id_ in piece["ids"]) == sorted(ids)
    assert all(size(piece) <= MOST_BYTES for piece in pieces)


async def test_what_was_there_to_see_when_quiet_was_over_waits_for_no_other_night(earth: World) -> None:
    ada = await with_a_phone(earth)

    async def held() -> None:
        await happens(earth, ada)
        (one,) = await earth.store.notifications.page(ada, before=None, limit=1)
        await earth.store.notifications.hold(one.id)

    for there in (True, False):
        await earth.is_there(ada, there=there)
        await held()
        await earth.has_done(partial(push_summary, PushSummary(user_id=ada)))
        assert len(await payloads(earth)) == (not there)
    (told,) = await payloads(earth)
    assert len(told["ids"]) == 1


async def test_the_longest_summary_is_taken(earth: World) -> None:
    ada = await with_a_phone(earth)
    await happens(earth, ada)
    (one,) = await earth.store.notifications.page(ada, before=None, limit=1)
    more = [{"id": (id_ := new_id()), "order": order_of(earth.now, id_), "title": "🎸" * 120} for _ in range(MOST_IDS)]
    await earth.store.notifications.insert_all([one.model_copy(update={"held": True, **other}) for other in more])
    await earth.has_done(partial(push_summary, PushSummary(user_id=ada)))
    (summary,) = await payloads(earth)
    assert len(summary["ids"]) == MOST_IDS and size(summary) <= MOST_BYTES
