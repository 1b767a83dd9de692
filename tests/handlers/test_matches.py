"""Whom one is matched with once one takes part again."""

import pytest

from store.users import Role
from tests.handlers.swaps.world import World, world


async def test_who_came_during_a_suspension_is_found_when_it_is_over(mongodb_url: str, database_name: str) -> None:
    async with world(mongodb_url, database_name) as earth:
        ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
        admin = await earth.somebody("admin", role=Role.ADMIN)
        await earth.asks(ada, "update_profile", teaches=[{"name": "Guitar"}], wants=[{"name": "French"}])
        suspended = {"measure": "suspension", "reason": "Spam.", "until": earth.after(days=2)}
        await earth.asks(admin, "take_measure", user_id=ada, **suspended)
        await earth.asks(bob, "update_profile", teaches=[{"name": "French"}], wants=[{"name": "Guitar"}])
        await earth.passes(days=1)
        assert (await earth.asks(bob, "match:list"))["items"] == []
        await earth.passes(days=2)
        for person in (ada, bob):
            assert len(await earth.told(person, "match:found")) == 1


async def test_nobody_keeps_a_place_from_those_who_come_later(
    mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.repository.ASKED_AT_ONCE", 2)
    monkeypatch.setattr("handlers.matches.MOST_CANDIDATES", 1)
    monkeypatch.setattr("handlers.matches.TOLD_AT_ONCE", 1)
    async with world(mongodb_url, database_name) as earth:
        teachers = [await earth.somebody(f"teacher{number}") for number in range(4)]
        learners = [await earth.somebody(f"learner{number}") for number in range(4)]
        teach, learn = [
            {"teaches": [{"name": taught}], "wants": [{"name": wanted}]}
            for taught, wanted in (("Guitar", "French"), ("French", "Guitar"))
        ]
        for number, pair in enumerate(zip(teachers, learners, strict=True)):
            # The first who came, and the last, cannot be met.
            away = {"vacation": {"until": earth.after(days=90)}} if number in {0, 3} else {}
            for one, skills in zip(pair, (teach, learn), strict=True):
                await earth.asks(one, "update_profile", **skills, **away)
        await earth.passes(seconds=1)
        for some, others in ((teachers, learners), (learners, teachers)):
            for one in some[1:3]:
                assert sorted(await found_by(earth, one)) == sorted(others[1:3])

        # One change has an end, and the next one goes on.
        late = await earth.somebody("late")
        for errands, change, expected in ((1, teach, learners[2:3]), (2, {"languages": ["en"]}, learners[1:3])):
            monkeypatch.setattr("handlers.matches.MOST_ERRANDS", errands)
            await earth.asks(late, "update_profile", **change)
            await earth.passes(seconds=1)
            assert sorted(await found_by(earth, late)) == sorted(expected)


async def found_by(earth: World, person: str) -> list[str]:
    return [found["match"]["user"]["id"] for found in await earth.told(person, "match:found")]
