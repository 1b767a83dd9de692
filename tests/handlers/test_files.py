"""Who may fetch a file: whoever may see what shows it, at the moment they ask."""

from collections.abc import AsyncIterator

import pytest

from handlers.errors import NotFound
from store.ids import new_id
from store.repository import order_of
from store.uploads import Size, Upload, Variant
from store.users import Role
from tests.asks.gigs import a_gig
from tests.handlers.swaps.world import World, world


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name) as made:
        yield made


async def a_picture(earth: World, owner: str) -> str:
    """A file that is all there; its id."""
    id_ = new_id()
    kept = {Size.ORIGINAL: Variant(media_type="image/png", size=1, width=1, height=1)}
    order = order_of(earth.now, id_)
    await earth.store.uploads.insert(
        Upload(id=id_, owner=owner, name="a", variants=kept, created_at=earth.now, order=order)
    )
    return id_


async def test_a_file_is_fetched_by_whoever_sees_what_shows_it_now(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    admin = await earth.somebody("admin", role=Role.ADMIN)
    offered, proof = await a_picture(earth, ada), await a_picture(earth, ada)
    await earth.asks(ada, "gig:create", **a_gig(images=[offered]))
    await earth.asks(ada, "update_profile", portfolio=[{"title": "A chair", "upload_id": proof}])

    async def fetches(person: str) -> list[bool]:
        found = []
        for one in (offered, proof):
            try:
                await earth.asks(person, "get_upload_file", upload_id=one)
            except NotFound:
                found.append(False)
            else:
                found.append(True)
        return found

    assert [await fetches(one) for one in (ada, bob)] == [[True, True]] * 2
    for blocks, blocked, seen in ((ada, bob, [False, False]), (bob, ada, [False, True])):
        await earth.asks(blocks, "block:add", user_id=blocked)
        assert (await fetches(ada), await fetches(bob)) == ([True, True], seen)
        await earth.asks(blocks, "block:remove", user_id=blocked)
    assert await fetches(bob) == [True, True]
    await earth.asks(admin, "ban_person", user_id=ada, reason="Spam.")
    assert await fetches(bob) == [False, False]
