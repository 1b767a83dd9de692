"""Two media engines that find each other through the servers, over real sockets and real ICE."""

import asyncio

import pytest

from tests.calling import a_call
from tests.media import MediaPeer, talk
from tests.people import Person


@pytest.mark.parametrize("round_", range(3))
async def test_two_who_offer_at_the_same_moment_agree(ada: Person, bob_elsewhere: Person, round_: int) -> None:
    call = await a_call(ada, bob_elsewhere)
    hers, his = await MediaPeer.join(ada, call), await MediaPeer.join(bob_elsewhere, call)
    try:
        for one, other in ((hers, his), (his, hers)):
            one.meet(other)
        await asyncio.gather(hers.offer(), his.offer())
        await talk(hers, his)
        assert hers.generation == his.generation == 1
    finally:
        await asyncio.gather(hers.close(), his.close())


async def test_a_call_outlives_its_lines_and_its_network(ada: Person, bob: Person, other_server: str) -> None:
    """Signaling is lost and media goes on; then both begin anew at once, in the next generation."""
    call = await a_call(ada, bob)
    hers, his = await MediaPeer.join(ada, call), await MediaPeer.join(bob, call)
    try:
        for one, other in ((hers, his), (his, hers)):
            one.meet(other)
        await hers.offer()
        await talk(hers, his)
        await bob.leave()
        await ada.hears("call:peer_reconnecting")
        await talk(hers, his)
        await his.resume(other_server)
        assert (await ada.hears("call:peer_rejoined"))["peer"]["peer_id"] == his.seat["peer_id"]
        await asyncio.gather(hers.offer(restart=True), his.offer(restart=True))
        await talk(hers, his)
        assert hers.generation == his.generation == 2
    finally:
        await asyncio.gather(hers.close(), his.close())
