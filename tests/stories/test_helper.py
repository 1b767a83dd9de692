"""The server's own peer: what it is called for before a call, and a recording that lasts as long as all allow it."""

import asyncio
import io
import sys
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import av
import pytest
from pydantic import SecretStr

import background
from server.config import Settings
from server.embedded import supervisor_environment
from signaling import seats
from signaling.media.answering import Answering
from signaling.media.line import Line
from signaling.media.shelf import Shelf
from signaling.media.work import Recorder
from tests.calling import OFFER, a_call, inside, says
from tests.media import Colour, MediaPeer, Tone, colour, loudness
from tests.people import Person, key, refused
from tests.processes import Child

SECRET = "a secret of the server and its own peer"
COMMAND = (sys.executable, "-m", "signaling.media")
# What two seconds of nobody and of silence take, in bytes.
TWO_SECONDS = 3000
RED, BLUE = (200, 30, 30), (30, 30, 200)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Of a server that has a peer of its own."""
    return settings.model_copy(update={"media_secret": SecretStr(SECRET)})


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seats are given up a second after their line is lost."""
    monkeypatch.setattr(seats, "GRACE_SECONDS", 1.0)


@asynccontextmanager
async def answering(url: str, http: aiohttp.ClientSession, films: Path) -> AsyncIterator[Answering]:
    """A process's worth of it, inside this one."""
    line = Line(url, SECRET, http)
    answers = Answering(line, Shelf(films), most_calls=2)
    tasks = [asyncio.create_task(one) for one in (line.hold(), answers.run())]
    try:
        await until(lambda: answers.is_ready)
        yield answers
    finally:
        await answers.leave()
        await background.end(*tasks)
        await line.close()


@pytest.fixture
async def helper(server: str, http: aiohttp.ClientSession, tmp_path: Path) -> AsyncIterator[Answering]:
    async with answering(server, http, tmp_path / "films") as answers:
        yield answers


def shows(rgb: tuple[int, int, int]) -> Any:
    return lambda: (Colour(rgb), Tone())


async def until(truth: Any, within: float = 20) -> Any:
    async with asyncio.timeout(within):
        while not (found := truth()):
            await asyncio.sleep(0.05)
        return found


async def recording_of(person: Person, state: str) -> dict[str, Any]:
    """Hear of the call until its recording is in a state; the call."""
    while (call := (await person.hears("call:updated", within=20))["call"])["recording"]["state"] != state:
        pass
    return call


async def met(person: Person, call: dict[str, Any], rgb: tuple[int, int, int]) -> MediaPeer:
    """Sit down with a colour and a tone, and show them to the server's own peer, which comes."""
    peer = await MediaPeer.join(person, call, shows=shows(rgb))
    others = [one for one in peer.seat["room"]["peers"] if one["user_id"] == call["helper"]]
    peer.meets(others[0] if others else (await person.hears("call:peer_joined", within=20))["peer"])
    await peer.offer()
    return peer


async def test_one_hears_and_sees_oneself_before_a_call(ada: Person, helper: Answering) -> None:
    assert (await ada.rest("GET", "/config/"))["calls"]["helper"] is True
    call = await ada.rest("POST", "/video-calls/try/", {})
    peer = await met(ada, call, RED)
    try:
        await until(lambda: "video" in peer.seen and colour(peer.seen["video"])[0] > 120)
        assert colour(peer.seen["video"])[2] < 90
        await until(lambda: "audio" in peer.seen and loudness(peer.seen["audio"]) > 2000)
        report = await ada.hears("call:quality", within=20)
        assert report["lost_share"] is not None and report["kilobits_per_second"] > 0
        while report["round_trip_ms"] is None:
            report = await ada.hears("call:quality", within=20)
        # The network is another one: what the engine cannot, a connection in the place of the first one does.
        await peer.offer(restart=True)
        # Not by what is still seen of the first one: cut then, the line would take the offer with it.
        await until(lambda: peer.connection.connectionState == "connected")
        peer.seen.clear()
        await until(lambda: "video" in peer.seen and colour(peer.seen["video"])[0] > 120)
        # Its line is cut, and it is back in its seat.
        await helper.line.cut()
        assert (await ada.hears("call:peer_rejoined", within=20))["peer"]["peer_id"] == peer.other["peer_id"]
        peer.seen.clear()
        await until(lambda: "video" in peer.seen)
    finally:
        await ada.asks("call:leave", {"session_id": call["session_id"]})
        await peer.close()
    over = (await ada.hears("call:ended"))["call"]
    assert (over["end_reason"], over["participants"]) == ("hung_up", [ada.id, call["helper"]])
    await until(lambda: not helper.visits)


async def test_without_one_nobody_is_rung_for_ever(ada: Person) -> None:
    assert (await ada.rest("GET", "/config/"))["calls"] == {"capacity": 6, "helper": False}
    with refused("invalid_transition"):
        await ada.asks("call:try", {"client_id": key()})


async def test_it_records_while_everybody_allows_it(ada: Person, bob: Person, helper: Answering, eve: Person) -> None:
    call = await a_call(ada, bob, eve)
    where = {"session_id": call["session_id"]}
    hers, his = await MediaPeer.join(ada, call, shows=shows(RED)), await MediaPeer.join(bob, call, shows=shows(BLUE))
    asked = await ada.asks("call:consent", {**where, "granted": True})
    assert asked["recording"] == {"state": "asked", "consents": [ada.id], "files": []}
    assert (
        ada.hears_nothing_of("call:peer_joined") or (await ada.hears("call:peer_joined"))["peer"]["user_id"] == bob.id
    )
    # It is rung while its line is cut, and hears of it when that is back.
    await helper.line.cut()
    await bob.asks("call:consent", {**where, "granted": True})
    try:
        recorder = (await ada.hears("call:peer_joined", within=20))["peer"]
        assert recorder["user_id"] == (await recording_of(ada, "on"))["helper"]
        for peer in (hers, his):
            peer.meets(recorder)
            await peer.offer()
        (visit,) = helper.visits.values()
        assert isinstance(visit.work, Recorder)
        film = visit.work.recording
        await until(lambda: film.pictures > 15 and len(film.sources) == 4)
        # Whoever comes and has not been asked makes it stand still.
        third = await MediaPeer.join(eve, call)
        await recording_of(ada, "paused")
        await until(lambda: not film.allowed)
        still = film.pictures
        await asyncio.sleep(0.5)
        assert film.pictures <= still + 1
        await eve.asks("call:consent", {**where, "granted": True})
        await until(lambda: film.pictures > still + 10)

        await bob.asks("call:consent", {**where, "granted": False})
        off = await recording_of(ada, "off")
        assert off["recording"]["consents"] == [] and off["status"] == "live"
        while not (kept := (await ada.hears("call:updated", within=30))["call"])["recording"]["files"]:
            pass
        assert (await ada.hears("call:peer_left", within=20))["reason"] == "left"
    finally:
        await asyncio.gather(hers.close(), his.close(), third.close())
    (file,) = kept["recording"]["files"]
    await is_seen_and_heard(await fetched(bob, file))
    with refused("not_found"):
        await ada.rest("POST", f"/video-calls/{call['session_id']}/recordings/", {"upload_id": file})
    assert [one["user_id"] for one in kept["attendance"]] == [ada.id, bob.id, eve.id]
    # Afterwards each of them may have it deleted.
    await ada.asks("call:end", where)
    gone = await eve.asks("call:consent", {**where, "granted": False})
    assert gone["recording"]["files"] == []
    with refused("not_found"):
        await bob.rest("GET", f"/uploads/{file}/about/")


@pytest.mark.usefixtures("short")
async def test_a_recorder_that_is_killed_leaves_the_call_to_its_people(
    ada: Person, bob: Person, tmp_path: Path
) -> None:
    """A process of it answers, and dies; the next one hands in what it left, and records once all allow it anew."""
    call = await a_call(ada, bob)
    where = {"session_id": call["session_id"]}
    hers, his = await inside(ada, call), await inside(bob, call)
    films = tmp_path / "films"
    mine = {"MEDIA_URL": ada.url, "MEDIA_SECRET": SECRET, "MEDIA_FOLDER": str(films)}
    environment = {**supervisor_environment(), **mine}
    with Child(COMMAND, env=environment) as first:
        await until(lambda: any("answering" in line for line in first.said), within=60)
        for person in (ada, bob):
            await person.asks("call:consent", {**where, "granted": True})
        await recording_of(ada, "on")
        await until(lambda: sum(film.stat().st_size for film in films.glob("*/*")) > TWO_SECONDS)
        first.kill()
        assert (await ada.hears("call:peer_reconnecting"))["peer_id"] not in {hers["peer_id"], his["peer_id"]}
        assert (await ada.hears("call:peer_left", within=20))["reason"] == "lost"
        assert (await recording_of(ada, "off"))["status"] == "live"
        await says(ada, call, his, description=OFFER)
        assert (await bob.hears("call:signal"))["signal"]["from"] == hers["peer_id"]
    own = (ada.url, ada.http, films)
    async with answering(*own) as second, answering(*own) as third:
        (file,) = (await recording_of(ada, "off"))["recording"]["files"]
        with av.open(io.BytesIO(await fetched(bob, file))) as container:
            assert len(list(container.decode(video=0))) >= 10
        await until(lambda: not list(films.iterdir()))
        for person in (ada, bob):
            await person.asks("call:consent", {**where, "granted": True})
        await recording_of(ada, "on")
        # The one that was answered before may be about to end its film.
        await until(lambda: len(second.visits) + len(third.visits) == 1)
        await bob.asks("call:leave", where)
        assert (await ada.hears("call:ended"))["call"]["end_reason"] == "hung_up"


async def fetched(person: Person, upload_id: str) -> bytes:
    headers = {"Authorization": f"Bearer {person.token}"}
    async with person.http.get(f"{person.url}/api/v1/uploads/{upload_id}/", headers=headers) as response:
        assert (response.status, response.content_type) == (200, "video/mp4")
        return await response.read()


async def is_seen_and_heard(content: bytes) -> None:
    """Both colours side by side, and a voice, for more than a second."""
    with av.open(io.BytesIO(content)) as container:
        pictures = [frame.to_image() for frame in container.decode(video=0)]
    with av.open(io.BytesIO(content)) as container:
        voices = [array("f", bytes(frame.planes[0])[: frame.samples * 4]) for frame in container.decode(audio=0)]
    assert len(pictures) > 20
    red, blue = (pictures[-1].getpixel((x, 180)) for x in (160, 480))
    assert red[0] > 120 > red[2] and blue[2] > 120 > blue[0]
    assert max(sum(map(abs, voice)) / len(voice) for voice in voices) > 0.1
