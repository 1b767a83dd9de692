"""Descriptions and candidates as a stranger may write them: the server's own peer answers them or passes them over."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiortc import RTCPeerConnection
from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.media import peer
from signaling.media.peer import OtherPeer
from signaling.messages import CANDIDATE_BYTES, SDP_BYTES

CANDIDATE = "candidate:1 1 udp 2130706431 127.0.0.1 9 typ host generation 0 ufrag abcd network-id 1"
WORDS = st.one_of(
    st.sampled_from(["", "0", "-1", "65536", str(2**70), "nan", "🎸", "\x00", "127.0.0.1", "::1", "a.local", "BUNDLE"]),
    st.text(max_size=20),
)


# Of a microphone, a camera and a channel of Chromium's, with the ways to it.
OFFER = "\r\n".join((Path(__file__).parent / "chromium.sdp").read_text().splitlines()) + "\r\n"


@st.composite
def distorted(draw: st.DrawFn, text: str, between: str) -> str:
    """The text with some of its lines, or words in them, gone, doubled, moved or replaced by another."""
    parts = text.split(between)
    for _ in range(draw(st.integers(1, 4))):
        at, other = (draw(st.integers(0, len(parts) - 1)) for _ in range(2))
        match draw(st.sampled_from(["without", "twice", "often", "moved", "replaced", "cut"])):
            case "without" if len(parts) > 1:
                del parts[at]
            case "twice":
                parts.insert(other, parts[at])
            case "often":
                first, last = sorted((at, other))
                parts[last:last] = parts[first:last] * 5
            case "moved":
                parts[at], parts[other] = parts[other], parts[at]
            case "replaced":
                parts[at] = draw(distorted(parts[at], " ") if between != " " and " " in parts[at] else WORDS)
            case "cut":
                parts = parts[: at + 1]
    return between.join(parts)


@settings(max_examples=40, derandomize=True)
@given(
    offer=distorted(OFFER, "\r\n"),
    candidates=st.lists(distorted(CANDIDATE, " "), max_size=3),
    place=st.one_of(st.none(), st.integers(0, 255)),
)
def test_no_description_stops_the_recorder(offer: str, candidates: list[str], place: int | None) -> None:
    """Nor does what it leaves behind: whoever wrote it is answered once they write what can be understood."""
    sdp = offer.encode(errors="replace")[:SDP_BYTES].decode(errors="ignore")
    ways = [
        {"candidate": one.encode(errors="replace")[:CANDIDATE_BYTES].decode(errors="ignore"), "sdpMLineIndex": place}
        for one in candidates
    ]
    said: list[Any] = []

    async def say(words: dict[str, Any]) -> None:
        said.append(words["generation"])

    async def hear() -> None:
        # The engine's own tasks may fail, which nobody waits for.
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        other = OtherPeer([], say, lambda *_: None)
        for n, text in ((1, sdp), (2, OFFER)):
            word = {"type": "offer", "sdp": text}
            heard = [{"sdpMid": None, **one} for one in ways]
            await other.take({"n": n, "generation": n, "description": word, "candidates": heard})
        await other.close()

    asyncio.run(asyncio.wait_for(hear(), 60))
    assert said[-1:] == [2]


async def test_what_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(peer, "END_SECONDS", 0.05)

    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    other = OtherPeer([], never, lambda *_: None)
    word = {"type": "offer", "sdp": OFFER}
    monkeypatch.setattr(RTCPeerConnection, "close", never)
    async with asyncio.timeout(20):
        await other.take({"n": 1, "generation": 1, "description": word, "candidates": []})
        await other.close()
