"""Whatever people do and whenever their connections are cut: what each sees in the end equals a fresh fetch.

The feed's window is small here, so that both ways back are taken: replay, and fetching again.
"""

import asyncio
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from server.config import Settings
from tests.conftest import serving
from tests.people import Person, Refusal, key
from tests.processes import Servers

WINDOW = 10

ACTIONS = st.lists(
    st.tuples(st.sampled_from(["say", "say", "say", "chatter", "cut", "return", "move", "ask"]), st.integers(0, 2)),
    min_size=1,
    max_size=25,
)


class Reader:
    """A person with a client that does as the README says: number by number, repeats dropped, refetching when told."""

    def __init__(self, person: Person, thread_id: str, urls: list[str]) -> None:
        self.person = person
        self.thread_id = thread_id
        self.urls = urls
        self.messages: dict[str, dict[str, Any]] = {}
        self.applied = 0
        self.seq = 0

    async def do(self, action: str, number: int) -> None:
        """One step; what the connection does not allow now is left out."""
        connected = self.person.socket is not None
        match action:
            case "say" if connected:
                await self._say("one")
            case "chatter" if connected:
                for _ in range(WINDOW + 2):
                    await self._say("many")
            case "cut" if connected:
                await self.person.leave()
            case "return" if not connected:
                await self.back(self.urls[number % 2])
            case "move" if connected:
                await self.person.leave()
                await self.back(self.urls[number % 2])
            case "ask" if connected:
                answer = await self.person.asks("sync:since", self.person.since)
                assert answer["recovered"] in (True, False)

    async def back(self, url: str) -> None:
        """Come back from where it was, on any process."""
        self.apply()
        await self.person.connect(since=self.person.since, url=url)
        if not self.person.hello["recovered"]:
            await self.fetch()

    async def fetch(self) -> None:
        """Read the whole conversation by REST."""
        for message in await fetched(self.person, self.thread_id):
            self._keep(message)

    def apply(self) -> None:
        """Take in what was heard since."""
        for envelope in self.person.heard[self.applied :]:
            if envelope.get("type") == "message:created":
                self._keep(envelope["data"]["message"])
        self.applied = len(self.person.heard)

    def _keep(self, message: dict[str, Any]) -> None:
        self.messages[message["id"]] = message

    async def _say(self, text: str) -> None:
        sent = {"thread_id": self.thread_id, "message_content": text, "client_id": key()}
        while True:
            try:
                await self.person.rest("POST", f"/messages/{self.thread_id}/", sent)
            except Refusal as refusal:
                assert refusal.code == "rate_limited", refusal
                await asyncio.sleep(refusal.problem["retry_after_ms"] / 1000)
            else:
                return


async def fetched(person: Person, thread_id: str) -> list[dict[str, Any]]:
    """A conversation from its first message, by pages."""
    found: list[dict[str, Any]] = []
    while True:
        after = found[-1]["seq"] if found else 0
        page = await person.rest("GET", f"/messages/{thread_id}/?after={after}&limit=100")
        found += page["items"]
        if not page["has_after"]:
            return found


class World:
    """Two servers and three people, kept over all examples; each example has a conversation of its own."""

    def __init__(self, servers: Servers) -> None:
        self.runner = asyncio.Runner()
        self.stack: list[Any] = []
        self.runner.run(self._begin(servers))

    async def _begin(self, servers: Servers) -> None:
        given_settings = Settings(
            mongodb_database="interleavings",
            jwt_secret=SecretStr("s" * 32),
            data_keys=(SecretStr("d" * 32),),
            feed_window=WINDOW,
            confirm_email=False,
            first_contacts=1000,
            first_messages=1000,
        )
        for _ in range(2):
            context = serving(given_settings, servers)
            self.stack.append(context)
            self.urls = [*getattr(self, "urls", []), await context.__aenter__()]
        self.http = aiohttp.ClientSession()
        self.people = [await Person(name, self.urls[0], self.http).join() for name in ("ada", "bob", "cyd")]

    async def tell(self, actions: list[tuple[str, int]]) -> None:
        """Play one interleaving and compare."""
        ada, *others = self.people
        body = {"participants": [person.id for person in others], "title": "all"}
        thread = await ada.rest("POST", "/messages/", body)
        readers = []
        for person in self.people:
            fresh = Person(person.name, self.urls[0], self.http, id=person.id, token=person.token)
            readers.append(Reader(fresh, thread["id"], self.urls))
            await fresh.connect()
        try:
            for action, who in actions:
                await readers[who].do(action, who + len(action))
            await self._compare(readers, thread["id"])
        finally:
            for reader in readers:
                await reader.person.leave()

    async def _compare(self, readers: list[Reader], thread_id: str) -> None:
        truth = await fetched(self.people[0], thread_id)
        assert [message["seq"] for message in truth] == list(range(1, len(truth) + 1))
        for reader in readers:
            if reader.person.socket is None:
                await reader.back(self.urls[0])
            async with asyncio.timeout(30):
                while reader.apply() or len(reader.messages) < len(truth):
                    await asyncio.sleep(0.005)
            assert sorted(reader.messages.values(), key=lambda message: message["seq"]) == truth
            numbers = [(e["epoch"], e["seq"]) for e in reader.person.heard if "seq" in e and e.get("type")]
            assert len(numbers) == len(set(numbers)), "a number came twice"
            assert numbers == sorted(numbers), "numbers went back"

    def end(self) -> None:
        """Stop it all."""
        self.runner.run(self._end())
        self.runner.close()

    async def _end(self) -> None:
        await self.http.close()
        for context in reversed(self.stack):
            await context.__aexit__(None, None, None)


@pytest.fixture(scope="module")
def world(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("world"))
        world = World(servers)
    yield world
    world.end()


@given(actions=ACTIONS)
@settings(max_examples=25)
def test_any_interleaving_ends_as_a_fresh_fetch(world: World, actions: list[tuple[str, int]]) -> None:
    world.runner.run(world.tell(actions))
