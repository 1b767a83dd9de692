"""Browsers meet on the page of a call: they see and hear each other, and go on when lines and servers do not."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import expect
from pydantic import SecretStr

from server.config import Settings
from server.embedded import supervisor_environment
from tests.browser.guests import PHONE, Guest, chromium, playing
from tests.calling import a_call, seated
from tests.faults.faultproxy import proxied
from tests.faults.workers import Worker, workers
from tests.people import Person, key
from tests.processes import Child, Servers

SECRET = "a secret of the server and its own peer"
ANOTHER = "Fake Audio Input 2"
# In bytes, with the first fragment's.
A_HEAD = 3000

# With what else starts and kills processes, one after the other: browsers want a processor each.
pytestmark = [pytest.mark.system, pytest.mark.xdist_group("faults")]


@pytest.fixture
async def crew(servers: Servers, database_name: str, tmp_path: Path) -> AsyncIterator[list[Worker]]:
    """Two processes of the real program."""
    where = {"mongodb_url": servers.mongodb_url, "redis_url": servers.redis_url}
    async with workers(2, **where, folder=tmp_path, MONGODB_DATABASE=database_name) as crew:
        yield crew


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Of a server that has a peer of its own."""
    return settings.model_copy(update={"media_secret": SecretStr(SECRET)})


async def test_two_browsers_meet_then_four_and_stay_met(crew: list[Worker], http: aiohttp.ClientSession) -> None:
    """By two processes; then a socket is cut, a process killed, and the network said to be another one."""
    people = [await Person(name, crew[n % 2].url, http).join() for n, name in enumerate(("ada", "bob", "dan", "eve"))]
    call = await a_call(await people[0].connect(), *people[1:])
    await people[0].leave()
    async with proxied(crew[1].port) as (balancer, port), playing() as playwright, AsyncExitStack() as stack:
        guests: list[Guest] = []

        async def come(*some: Person) -> None:
            for person in some:
                browser = await stack.enter_async_context(chromium(playwright))
                url = f"http://127.0.0.1:{port}" if person.url == crew[1].url else person.url
                guests.append(await Guest.opens(browser, person, url, call["session_id"]))
                await guests[-1].joins()

        async def all_meet() -> None:
            await asyncio.gather(*(guest.meets(len(guests) - 1) for guest in guests))

        await come(*people[:2])
        await all_meet()
        hers, his = guests
        # By their first words, though both had something to show at once.
        assert [await guest.does("window.kept.restarts") for guest in guests] == [0, 0]
        await hers.page.get_by_text("bob is here.").wait_for()

        # His line is cut, and he is not let on at once: nothing is begun anew, nobody leaves, and nothing is missed.
        before = await his.ufrags()
        async with his.away():
            await _writes_though_the_answer_is_lost("Can you hear me?", hers)
            await _writes("You are away.", hers)
        await all_meet()
        assert await his.ufrags() == before
        for guest in guests:
            name = "You" if guest is hers else "ada"
            said = [f"{name} Can you hear me?", f"{name} You are away."]
            await expect(guest.page.locator("#messages li")).to_have_text(said)

        await come(*people[2:])
        await all_meet()

        # His process and that of another is killed while all look on; they go on with the same seats at the other one.
        before = await his.ufrags()
        balancer.target = crew[0].port
        crew[1].kill()
        await his.page.get_by_text("The line to the server is lost").wait_for()
        await all_meet()
        await his.until(lambda: his.does("document.querySelector('#line').textContent === ''"), "the line is back")
        await his.page.get_by_text("You are back.").wait_for()
        assert await his.ufrags() == before

        await his.does("window.dispatchEvent(new Event('online'))")
        await his.until(lambda: _all_are_others(his, before), "ICE has begun anew")
        await all_meet()
        for guest in guests:
            assert await guest.page.locator(".tile").count() == 4
            assert await guest.page.get_by_text("has left").count() == 0
            assert guest.faults == []

        # Of four who leaves leaves three, whatever the server says to it at first.
        await his.fails("call:leave")
        await his.page.get_by_role("button", name="Leave").click()
        await his.page.get_by_text("You have left the call.").wait_for()
        assert await his.media() == []
        await hers.page.get_by_text("bob has left").wait_for()
        guests.remove(his)
        await all_meet()


async def test_the_page_tries_leads_talks_and_records(server: str, http: aiohttp.ClientSession, tmp_path: Path) -> None:
    """One hears oneself first; then lets somebody in, has them be silent, writes, and records while both allow it.
    Who is let in has a telephone.

    The recorder is killed, which they see; what it has recorded until then is handed in by the next one.
    """
    ada, bob, eve = [await Person(name, server, http).join() for name in ("ada", "bob", "eve")]
    call = await a_call(await ada.connect(), bob, await eve.connect(), lobby=True)
    await ada.leave()
    mine = {"MEDIA_URL": server, "MEDIA_SECRET": SECRET, "MEDIA_FOLDER": str(tmp_path)}
    environment = {**supervisor_environment(), **mine}
    command = (sys.executable, "-m", "signaling.media")
    async with playing() as playwright, AsyncExitStack() as stack:
        recorder = stack.enter_context(Child(command, env=environment))
        browser = await stack.enter_async_context(chromium(playwright))
        hers = await Guest.opens(browser, ada, ada.url, call["session_id"])
        await _she_tries_how_others_get_her(hers)
        await _she_takes_another_microphone(hers)
        await hers.joins()
        his = await Guest.opens(browser, bob, bob.url, call["session_id"], **PHONE)
        await _she_lets_him_in_at_the_second_time(hers, his)
        await _bob_shares_his_screen(his, hers)
        await asyncio.gather(hers.meets(), his.meets())
        for one in (hers, his):
            await expect(one.page.get_by_role("timer")).to_have_text(re.compile(r"^\d\d:\d\d$"))
        await his.fits()
        await _bob_applauds(his, hers)
        await hers.page.get_by_role("button", name="People").click()
        await hers.page.get_by_role("button", name="Ask bob to be silent").click()
        await his.page.locator("#bar").get_by_role("button", name="Microphone", pressed=False).wait_for()
        await his.page.get_by_role("button", name="Chat").click()
        await _writes("Shall we record this?", his)
        await his.fits()
        await hers.page.get_by_role("button", name="Chat 1 new").click()
        await hers.page.get_by_role("log").get_by_text("Shall we record this?").wait_for()
        # It was for a moment.
        await hers.page.locator(".reaction").wait_for(state="detached")
        await hers.page.get_by_role("button", name="Record").click()
        await his.page.get_by_text("ada would like to record this call").wait_for()
        await his.page.get_by_role("button", name="Allow it").click()
        await asyncio.gather(*(one.page.get_by_text("This call is being recorded").wait_for() for one in (hers, his)))
        await asyncio.gather(hers.meets(2, heard=0), his.meets(2, heard=0))
        await hers.until(lambda: _has_film(tmp_path), "some seconds are on the disk")
        recorder.kill()
        await _both_know_that_it_is_interrupted(hers, his, eve, call["thread_id"])
        stack.enter_context(Child(command, env=environment))
        await seated(eve, call)
        await _she_hands_over_while_eve_waits(hers, his)
        assert (await eve.hears("call:removed"))["for_good"] is False
        await his.page.get_by_role("button", name="End for all").click()
        async with his.page.expect_download() as download:
            await his.page.get_by_role("button", name="Fetch the recording").click()
        film = await (await download.value).path()
        assert film.read_bytes()[4:8] == b"ftyp"
        assert (hers.faults, his.faults) == ([], [])


async def _she_tries_how_others_get_her(hers: Guest) -> None:
    await hers.until(hers.tries, "the server's own peer has come")
    await hers.meets()
    await hers.page.get_by_text("ms there and back").wait_for()
    before = await hers.ufrags()
    # What it cannot restart it answers by another connection, and the browser takes that for the same.
    await hers.does("window.dispatchEvent(new Event('online'))")
    await hers.until(lambda: _all_are_others(hers, before), "ICE has begun anew")
    await hers.meets()
    await hers.page.get_by_role("button", name="Leave").click()
    await hers.page.get_by_role("button", name="Back").click()


async def _she_lets_him_in_at_the_second_time(hers: Guest, his: Guest) -> None:
    await his.knocks()
    await hers.page.get_by_role("button", name="Not now").click()
    await his.page.get_by_role("heading", name="Nobody let you in. You may ask again.").wait_for()
    await his.page.get_by_role("button", name="Back").click()
    await his.fits()
    await his.knocks()
    await hers.page.get_by_role("button", name="Let bob in").click()
    await his.page.get_by_role("region", name="Call").wait_for()


async def _she_hands_over_while_eve_waits(hers: Guest, his: Guest) -> None:
    """It is the other who is asked from then on."""
    waits = "Let eve in"
    await hers.page.get_by_role("button", name=waits).wait_for()
    await hers.page.get_by_role("button", name="Make bob the host").click()
    await expect(hers.page.get_by_role("button", name=waits)).to_be_hidden()
    await his.page.get_by_role("button", name=waits).wait_for()
    await his.page.get_by_role("button", name="Not now").click()
    await expect(his.page.get_by_role("button", name=waits)).to_be_hidden()
    await his.page.get_by_role("button", name="People").click()


async def _bob_shares_his_screen(his: Guest, hers: Guest) -> None:
    """It is a picture of its own beside his own, until he stops."""
    await his.page.get_by_role("button", name="Share screen").click()
    await hers.sees("bob’s screen")
    await his.page.get_by_role("button", name="Share screen", pressed=True).click()
    await hers.page.get_by_label("bob’s screen").wait_for(state="detached")


async def _bob_applauds(his: Guest, hers: Guest) -> None:
    """It is seen on his picture, and said politely."""
    await his.page.get_by_role("button", name="React").click()
    # Neither stays for long.
    await asyncio.gather(
        hers.page.get_by_role("status").get_by_text("bob reacts: 👏").wait_for(),
        hers.page.locator(".reaction").wait_for(),
        his.page.get_by_role("button", name="Applause").click(),
    )


async def _she_takes_another_microphone(hers: Guest) -> None:
    """While she is silent; she stays so, and once she speaks again it is by that one."""
    heard = "(({label, enabled}) => [label, enabled])(document.querySelector('#preview').srcObject.getAudioTracks()[0])"
    lobby = hers.page.locator("#lobby")
    await lobby.get_by_role("button", name="Microphone", pressed=True).click()
    await lobby.get_by_role("combobox", name="Microphone").select_option(label=ANOTHER)
    for is_on in (False, True):

        async def is_heard(is_on: bool = is_on) -> bool:
            return bool(await hers.does(heard) == [ANOTHER, is_on])

        await hers.until(is_heard, f"the other microphone is there, and on: {is_on}")
        if not is_on:
            await lobby.get_by_role("button", name="Microphone", pressed=False).click()


async def _writes(words: str, guest: Guest) -> None:
    await guest.page.get_by_label("Message", exact=True).fill(words)
    await guest.page.keyboard.press("Enter")
    await expect(guest.page.get_by_label("Message", exact=True)).to_have_value("")


async def _writes_though_the_answer_is_lost(words: str, guest: Guest) -> None:
    """It was sent, and nobody knows; so it is sent once more."""
    await guest.page.get_by_role("button", name="Chat").click()
    await guest.fails("message:send", by="its answer is lost")
    await guest.page.get_by_label("Message", exact=True).fill(words)
    await guest.page.keyboard.press("Enter")
    await guest.page.get_by_role("alert").get_by_text("The server did not answer in time.").wait_for()
    await guest.page.get_by_text("You are back.").wait_for()
    await _writes(words, guest)


async def _both_know_that_it_is_interrupted(hers: Guest, his: Guest, eve: Person, thread_id: str) -> None:
    """At once, and for good once somebody does not want it any more; also who was away and can be told no more."""
    for one in (hers, his):
        await one.page.get_by_text("The line to the recorder is lost").wait_for()
    async with hers.away(forgets=True):
        await his.page.get_by_role("button", name="Stop it").click()
        await his.page.get_by_text("The recording was interrupted.").wait_for()
        for words in ("Hello?", "I wait."):
            await eve.asks("message:send", {"thread_id": thread_id, "message_content": words, "client_id": key()})
    await expect(hers.page.locator("#recording")).to_be_hidden()
    # Whose name nobody has asked for before.
    await expect(hers.page.locator("#messages li").filter(has_text="eve ")).to_have_text(["eve Hello?", "eve I wait."])


async def _has_film(folder: Path) -> bool:
    """Whether there is more on the recorder's disk than the head of a film."""
    return sum(film.stat().st_size for film in folder.glob("*/*")) > A_HEAD


async def _all_are_others(guest: Guest, before: set[str]) -> bool:
    now = await guest.media()
    return all(one["ufrag"] not in before and one["signaling"] == "stable" for one in now)
