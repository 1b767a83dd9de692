"""Whom staff has warned or muted is known to a process by what it hears, and within a while by what it asks."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from server.restraints import RECHECK, LivingRestraints
from store import Database, Store
from store.ids import new_id
from store.statements import Measure, Statement

BOB = "b" * 24
NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
async def store(mongodb_url: str, database_name: str) -> AsyncIterator[Store]:
    database = Database(mongodb_url, database_name)
    store = Store(database)
    await store.statements.create_indexes()
    yield store
    await database.close()


def a(measure: Measure, until: datetime | None = None) -> Statement:
    id_ = new_id()
    return Statement(
        id=id_, user_id=BOB, measure=measure, reason="Enough.", rule="", until=until, about=None, case_id=None, by=None,
        at=NOW, order=id_,
    )  # fmt: skip


async def test_what_a_process_never_heard_it_asks_for_within_a_while(store: Store) -> None:
    restraints = LivingRestraints(store.statements, clock=lambda: NOW)
    assert not (await restraints.of(BOB)).warned
    await store.statements.insert(a(Measure.WARNING))
    await store.statements.insert(a(Measure.MUTE, NOW + timedelta(days=2)))

    # It is asked nothing meanwhile.
    assert await restraints.of(BOB) == (False, None)
    await restraints.recheck()
    assert await restraints.of(BOB) == (True, NOW + timedelta(days=2))
    assert timedelta(seconds=15) >= RECHECK


async def test_what_it_hears_while_it_looks_holds_at_once(store: Store) -> None:
    restraints = LivingRestraints(store.statements, clock=lambda: NOW)
    await restraints.of(BOB)
    asked = asyncio.create_task(restraints.recheck())
    await asyncio.sleep(0)
    restraints.hear(json.dumps({"data": {"user_id": BOB}}))
    await asked
    await store.statements.insert(a(Measure.WARNING))
    assert (await restraints.of(BOB)).warned


async def test_what_ends_unheard_is_found_by_the_next_look_however_late_it_is(store: Store) -> None:
    now = NOW
    restraints = LivingRestraints(store.statements, clock=lambda: now)
    warning = await store.statements.insert(a(Measure.WARNING))
    mute = await store.statements.insert(a(Measure.MUTE, NOW + timedelta(days=2)))
    assert await restraints.of(BOB) == (True, NOW + timedelta(days=2))

    # By a clock that is half a minute behind, while an hour goes by in which the database cannot be asked.
    await store.statements.replace(warning.model_copy(update={"acknowledged_at": NOW - timedelta(seconds=30)}))
    now = NOW + timedelta(hours=1)
    await restraints.recheck()
    assert await restraints.of(BOB) == (False, NOW + timedelta(days=2))
    await store.statements.replace(mute.model_copy(update={"ended_at": now - timedelta(seconds=30)}))
    await restraints.recheck()
    assert await restraints.of(BOB) == (False, None)


async def test_of_a_crowd_that_comes_at_once_is_asked_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await store.statements.insert(a(Measure.WARNING))
    restraints = LivingRestraints(store.statements, clock=lambda: NOW)
    asked: list[Sequence[str]] = []
    question = store.statements.holding_any

    async def counted(user_ids: Sequence[str], *, now: datetime) -> list[Statement]:
        asked.append(user_ids)
        return await question(user_ids, now=now)

    monkeypatch.setattr(store.statements, "holding_any", counted)
    crowd = [BOB, *(new_id() for _ in range(30))]
    found = await asyncio.gather(*map(restraints.of, crowd))
    assert [one.warned for one in found] == [True, *[False] * 30]
    assert asked == [crowd]


@pytest.mark.parametrize("hearing", ["hear", "doubt"])
async def test_what_it_hears_holds_at_once_also_over_an_answer_under_way(
    store: Store, monkeypatch: pytest.MonkeyPatch, hearing: str
) -> None:
    restraints = LivingRestraints(store.statements, clock=lambda: NOW)
    question = store.statements.holding_any

    async def overtaken(user_ids: Sequence[str], *, now: datetime) -> list[Statement]:
        answer = await question(user_ids, now=now)
        # What is on its way is of before what is heard now.
        if hearing == "hear":
            restraints.hear(json.dumps({"data": {"user_id": BOB}}))
        else:
            restraints.doubt()
        return answer

    monkeypatch.setattr(store.statements, "holding_any", overtaken)
    assert not (await restraints.of(BOB)).warned
    await store.statements.insert(a(Measure.WARNING))
    assert (await restraints.of(BOB)).warned
