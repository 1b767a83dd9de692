"""Who hears of what they keep: that it is gone, is back, or says something else; however many they are."""

from collections.abc import AsyncIterator

import pytest

from handlers.gigs.telling import BACK, CHANGED, GONE
from store.users import Role
from tests.asks.gigs import a_gig
from tests.handlers.swaps.world import World, world


@pytest.fixture
async def earth(mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr("handlers.gigs.telling.KEEPERS_AT_ONCE", 2)
    async with world(mongodb_url, database_name) as made:
        yield made


async def told(earth: World, person: str) -> list[tuple[str, str]]:
    """What somebody was notified of since the last time, once all was done that was asked for."""
    await earth.passes(seconds=5)
    items = (await earth.asks(person, "notification:list", unread=True))["items"]
    await earth.asks(person, "notification:mark_all_read")
    return [(one["title"], one["text"]) for one in items if one["topic"] == "gigs"]


async def test_whoever_keeps_something_hears_what_becomes_of_it(earth: World) -> None:
    ada, admin = await earth.somebody("ada"), await earth.somebody("admin", role=Role.ADMIN)
    keepers = sorted([await earth.somebody(f"keeper {number}") for number in range(3)])
    parted = await earth.somebody("parted")
    gig = {"gig_id": (await earth.asks(ada, "gig:create", **a_gig(title="Guitar")))["id"]}
    for person in (*keepers, parted, ada):
        await earth.asks(person, "gig:bookmark", **gig)
    await earth.asks(ada, "block:add", user_id=parted)

    await earth.asks(ada, "gig:update", **gig, title="Piano")
    assert [await told(earth, person) for person in keepers] == [[(CHANGED, "Piano")]] * 3
    last = keepers[-1]
    await earth.asks(ada, "gig:update", **gig, description="With songs.")
    await earth.asks(ada, "gig:renew", **gig)
    assert await told(earth, last) == []
    await earth.asks(ada, "gig:archive", **gig)
    assert await told(earth, last) == [(GONE, "Piano")]
    await earth.asks(ada, "gig:update", **gig, title="Drums")
    await earth.asks(ada, "gig:publish", **gig)
    assert await told(earth, last) == [(BACK, "Drums")]
    # Once for all that happened meanwhile, as it is by now; and nobody reads there what they may not see.
    await earth.asks(ada, "gig:update", **gig, title="A secret")
    await earth.asks(ada, "gig:pause", **gig)
    assert await told(earth, last) == [(GONE, "Drums")]
    await earth.asks(ada, "gig:resume", **gig)

    suspended = {"measure": "suspension", "reason": "Spam.", "until": earth.after(days=2)}
    await told(earth, last)
    await earth.asks(admin, "take_measure", user_id=ada, **suspended)
    assert await told(earth, last) == [(GONE, "")]
    await earth.passes(days=2)
    assert await told(earth, last) == [(BACK, "A secret")]
    await earth.passes(days=90)
    assert await told(earth, last) == [(GONE, "A secret")]
    await earth.asks(ada, "gig:delete", **gig)
    assert await told(earth, last) == await told(earth, parted) == []
    hers = (await earth.asks(ada, "notification:list"))["items"]
    assert not {GONE, BACK, CHANGED} & {one["title"] for one in hers}
