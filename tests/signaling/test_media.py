"""The server's own peer, apart from a server: what of its words gets lost, and what strangers say to it."""

import asyncio
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiortc import RTCPeerConnection

from signaling.media import visit as visiting
from signaling.media import work
from signaling.media.line import Line, Refused
from signaling.media.peer import OtherPeer
from signaling.media.recording import Recording
from signaling.media.shelf import Shelf
from signaling.media.visit import Visit
from signaling.media.work import Work, hand_in

CALL = {"session_id": "c" * 24, "version": 1}
SEAT = {"peer_id": "p", "resume_secret": "s", "ice": {"ice_servers": [], "expires_at": None}}
ANSWERS: dict[str, Any] = {
    "call:accept": {"token_details": {"token": "t"}},
    "call:join": SEAT,
    "call:resume": SEAT,
    "call:ready": {"peers": [], "signals": []},
    "call:leave": None,
}


class Died(BaseException):
    """A process ends here."""


class Server(Line):
    """Takes films and seats, and fails as it was told to: before it has done something, or after."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.asked: list[str] = []
        self.uploads: list[str] = []
        self.films: set[str] = set()
        self.before: deque[Exception | None] = deque()
        self.after: deque[BaseException] = deque()

    async def ask(self, event: str, _: dict[str, Any]) -> Any:
        self.asked.append(event)
        self._fail(self.before)
        return ANSWERS[event]

    async def upload(self, path: Path, _: str) -> str:
        assert path.stat().st_size
        self.uploads.append(str(len(self.uploads) + 1))
        return self.uploads[-1]

    async def post(self, _: str, body: dict[str, Any]) -> Any:
        self._fail(self.before)
        self.films.add(body["upload_id"])
        self._fail(self.after)

    @staticmethod
    def _fail(how: "deque[Any]") -> None:
        if how and (error := how.popleft()) is not None:
            raise error


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    for module in (visiting, work):
        monkeypatch.setattr(module, "AGAIN_SECONDS", 0.01)
    return Server()


@pytest.fixture
async def shelf(tmp_path: Path) -> Shelf:
    """With a film on it that its process has left."""
    shelf = Shelf(tmp_path / "films")
    film = shelf.begin(CALL["session_id"])
    recording = Recording(film.path)
    recording.allowed = True
    await until(lambda: recording.pictures > 1)
    await recording.close()
    film.let_go()
    return shelf


async def until(truth: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not truth():
            await asyncio.sleep(0.01)


async def test_a_film_is_sent_once_whatever_is_lost(server: Server, shelf: Shelf) -> None:
    server.after += [TimeoutError(), Died()]
    (film,) = shelf.left()
    with pytest.raises(Died):
        await hand_in(film, server)
    # By the next process, which finds in its folder what was sent.
    (film,) = shelf.left()
    await hand_in(film, server)
    assert server.uploads == ["1"] and server.films == {"1"}
    assert not list(shelf.left())


async def test_a_film_that_was_sent_too_long_ago_is_sent_anew(server: Server, shelf: Shelf) -> None:
    (film,) = shelf.left()
    film.upload_id = "of last week"
    server.before += [Refused("invalid", "There is no such upload of yours.")]
    await hand_in(film, server)
    assert server.films == {"1"} and not list(shelf.left())


async def test_a_visit_goes_on_when_its_line_is_cut_twice(server: Server) -> None:
    server.before += [Refused("unavailable", "", passes=True), None, None, None]
    server.before += [Refused("offline", "", passes=True), None, Refused("rate_limited", "", passes=True)]
    visit = Visit(server, CALL, Work())
    task = asyncio.create_task(visit.run())
    await until(lambda: "call:ready" in server.asked)
    visit.heard.put_nowait(("hello", {"connection_id": "c"}))
    await until(lambda: server.asked.count("call:ready") == 3)
    resumed = ["call:resume", "call:resume", "call:ready", "call:resume", "call:ready"]
    assert server.asked == ["call:accept", "call:accept", "call:join", "call:ready", *resumed]
    assert not visit.is_over
    visit.leaves.set()
    await task
    assert server.asked[-1] == "call:leave"


async def test_a_visit_ends_with_its_seat(server: Server) -> None:
    server.before += [None, None, None, Refused("not_found", "")]
    visit = Visit(server, CALL, Work())
    visit.heard.put_nowait(("hello", {"connection_id": "c"}))
    await asyncio.wait_for(visit.run(), 20)
    assert server.asked[-2:] == ["call:resume", "call:leave"]


async def test_who_speaks_no_common_language_is_passed_over() -> None:
    """By which nobody else's call ends; and may speak another one then."""
    said: list[dict[str, Any]] = []

    async def say(words: dict[str, Any]) -> None:
        said.append(words)

    other, stranger = OtherPeer([], say, lambda *_: None), RTCPeerConnection()
    try:
        stranger.addTransceiver("audio")
        await stranger.setLocalDescription(await stranger.createOffer())
        sdp = stranger.localDescription.sdp
        for n, offered in ((1, foreign(sdp)), (2, sdp)):
            word = {"type": "offer", "sdp": offered}
            await other.take({"n": n, "generation": n, "description": word, "candidates": []})
        assert [one["generation"] for one in said] == [2]
    finally:
        await other.close()
        await stranger.close()


def foreign(sdp: str) -> str:
    """The same offer by other codecs."""
    for codec in ("opus", "PCMU", "PCMA", "G722"):
        sdp = sdp.replace(f" {codec}/", " klingon/")
    return sdp
