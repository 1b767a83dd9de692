"""The first offers of a newcomer, where staff looks before others see them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers.errors import Conflict, NotFound
from handlers.gigs.publishing import APPROVED, NOT_LOOKED_YET
from store.users import Role
from tests.asks.gigs import a_gig
from tests.handlers.swaps.world import World, world

DISMISSED = {"outcome": "dismiss", "reason": "Nothing wrong."}
REFUSED = {"outcome": "act", "reason": "An advertisement.", "measures": [{"measure": "hidden"}]}


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name, approved_offers=2) as made:
        yield made


async def three(earth: World) -> tuple[str, str, str]:
    """Ada and Bob, who are new; and an admin."""
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    return ada, bob, await earth.somebody("mod", role=Role.ADMIN)


async def publishes(earth: World, person: str, **more: Any) -> Any:
    return await earth.asks(person, "gig:create", **a_gig(**more))


async def listed(earth: World, person: str) -> list[str]:
    return [gig["id"] for gig in (await earth.asks(person, "gig:list"))["items"]]


async def the_case(earth: World, mod: str, gig: Any) -> Any:
    cases = (await earth.asks(mod, "list_cases", kind="gig", limit=100))["items"]
    return next(case for case in cases if case["thing_id"] == gig["id"])


async def decides(earth: World, mod: str, gig: Any, how: dict[str, Any] = DISMISSED) -> None:
    await earth.asks(mod, "decide_case", case_id=(await the_case(earth, mod, gig))["id"], **how)


def waits(gig: Any) -> bool:
    return gig["hidden"] is not None and gig["hidden"]["waits"] and gig["expires_at"] is None


async def test_so_many_wait_of_who_is_not_trusted_and_of_nobody_else(earth: World) -> None:
    ada, bob, mod = await three(earth)
    # A day alone is no trust; and who floods the queue passes it no sooner.
    await earth.passes(days=2)
    gigs = [await publishes(earth, ada) for _ in range(3)]
    assert all(map(waits, gigs)) and await listed(earth, bob) == []
    assert not waits(await publishes(earth, mod))
    for gig in gigs[:2]:
        await decides(earth, mod, gig)
    # Two were approved: what comes now is seen at once, and what waits goes on waiting.
    seen = [await publishes(earth, ada)]
    assert not waits(seen[0]) and waits(await earth.asks(ada, "gig:get", gig_id=gigs[2]["id"]))
    await earth.have_swapped(ada, bob)
    assert not waits(await publishes(earth, bob))


async def test_what_its_owner_does_lets_nobody_see_it(earth: World) -> None:
    ada, bob, mod = await three(earth)
    draft = await publishes(earth, ada, status="draft")
    assert draft["hidden"] is None
    gig = {"gig_id": draft["id"]}
    for verbs in (("archive", "publish"), ("pause", "resume"), ("pause", "renew"), ("archive", "publish")):
        for verb in verbs:
            changed = await earth.asks(ada, f"gig:{verb}", **gig)
        assert waits(changed), verbs
    assert changed["hidden"]["reason"] == NOT_LOOKED_YET
    with pytest.raises(NotFound):
        await earth.asks(bob, "gig:get", **gig)
    assert (await earth.asks(bob, "gig:facets"))["total"] == 0

    # Who approves approves of what they saw.
    case = await the_case(earth, mod, draft)
    await earth.asks(ada, "gig:update", **gig, title="Buy here")
    with pytest.raises(Conflict):
        await earth.asks(mod, "decide_case", case_id=case["id"], version=case["version"], **DISMISSED)
    page = await earth.asks(mod, "get_case", case_id=case["id"])
    assert page["case"]["waits"] and (page["case"]["count"], page["case"]["reasons"]) == (0, {})
    (shown,) = page["items"]
    assert (shown["evidence"]["title"], shown["reporter"]) == ("Buy here", None)

    # Approved while it is paused, it begins once its owner wants it to.
    await earth.asks(ada, "gig:pause", **gig)
    await earth.asks(mod, "decide_case", case_id=case["id"], version=page["case"]["version"] + 1, **DISMISSED)
    assert await listed(earth, bob) == []
    assert (await earth.asks(ada, "gig:resume", **gig))["hidden"] is None
    assert await listed(earth, bob) == [draft["id"]]


async def test_it_begins_when_it_is_approved_and_whoever_looks_for_it_hears_once(earth: World) -> None:
    ada, bob, mod = await three(earth)
    await earth.asks(bob, "search:save", name="Guitar", filters={"search": "guitar"})
    gig, other = await publishes(earth, ada), await publishes(earth, mod, title="Chess", offered_skills=["Chess"])
    await earth.passes(hours=1)
    assert await earth.told(bob, "gig:matched") == []

    await decides(earth, mod, gig)
    await earth.passes(hours=1)

    assert [one["gig"]["id"] for one in await earth.told(bob, "gig:matched")] == [gig["id"]]
    # As if it had been published now: the newest, with all its life before it.
    assert await listed(earth, bob) == [gig["id"], other["id"]]
    assert (await earth.asks(ada, "gig:get", gig_id=gig["id"]))["expires_at"] > other["expires_at"]
    told = (await earth.asks(ada, "notification:list"))["items"]
    assert [(one["title"], one["actor_id"]) for one in told] == [(APPROVED, None)]
    assert mod not in str(await earth.envelopes(ada, "gig:updated"))


async def test_what_is_not_approved_stays_hidden_with_a_reason_until_an_appeal(earth: World) -> None:
    ada, bob, mod = await three(earth)
    other = await earth.somebody("other", role=Role.ADMIN)
    gig = await publishes(earth, ada)
    await decides(earth, mod, gig, REFUSED)
    await earth.passes(minutes=1)
    mine = await earth.asks(ada, "gig:get", gig_id=gig["id"])
    assert (mine["hidden"]["reason"], mine["hidden"]["waits"]) == ("An advertisement.", False)
    assert [one["text"] for one in (await earth.asks(ada, "notification:list"))["items"]] == ["An advertisement."]
    # What is refused counts for nothing, and cannot be published by itself.
    for verb in ("archive", "publish"):
        assert (await earth.asks(ada, f"gig:{verb}", gig_id=gig["id"]))["hidden"] is not None
    gone = await publishes(earth, ada)
    assert waits(gone) and await listed(earth, bob) == []

    # What waits and is deleted is nothing to look at, nor held as evidence.
    gone_case = await the_case(earth, mod, gone)
    await earth.asks(ada, "gig:delete", gig_id=gone["id"])
    await earth.passes(minutes=1)
    assert (await earth.asks(mod, "list_cases"))["items"] == []
    assert not any(one.held for one in await earth.store.reports.of_case(gone_case["id"], after=None, limit=2))

    (statement,) = (await earth.asks(ada, "statement:list"))["items"]
    await earth.asks(ada, "statement:appeal", statement_id=statement["id"], words="It is none.")
    verdict = {"verdict": "reverse", "reason": "It is none."}
    await earth.asks(other, "decide_appeal", statement_id=statement["id"], **verdict)
    assert await listed(earth, bob) == [gig["id"]]
