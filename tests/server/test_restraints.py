"""Whom staff has warned or muted is known to a process by what it hears, and within a while by what it asks."""

import asyncio
import json
from collections.abc import AsyncIterator
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


async def test_an_answer_for_everybody_that_is_overtaken_is_left_to_the_next_round(store: Store) -> None:
    restraints = LivingRestraints(store.statements, clock=lambda: NOW)
    await restraints.of(BOB)
    asked = asyncio.create_task(restraints.recheck())
    await asyncio.sleep(0)
    restraints.hear(json.dumps({"data": {"user_id": BOB}}))
    await asked
    await store.statements.insert(a(Measure.WARNING))
    assert (await restraints.of(BOB)).warned


@pytest.mark.parametrize("hearing", ["hear", "doubt"])
async def test_what_it_hears_holds_at_once_also_over_an_answer_under_way(store: Store, hearing: str) -> None:
    restraints = LivingRestraints(store.statements, clock=lambda: NOW)
    asked = asyncio.create_task(restraints.of(BOB))
    await asyncio.sleep(0)
    # The answer may be of before what is heard now.
    if hearing == "hear":
        restraints.hear(json.dumps({"data": {"user_id": BOB}}))
    else:
        restraints.doubt()
    await asked
    await store.statements.insert(a(Measure.WARNING))
    assert (await restraints.of(BOB)).warned
