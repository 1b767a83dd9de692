"""The official JavaScript client, with default options, on one process, and a Python one on another."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.people import WITHIN, Person, key

HERE = Path(__file__).parents[1] / "js"

pytestmark = pytest.mark.system


class Javascript:
    """A person's browser: Node with the official client, spoken to by lines of JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.heard: list[tuple[str, dict[str, Any]]] = []

    async def does(self, act: str, **more: object) -> dict[str, Any]:
        """Have it do something and wait until it did."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": act, **more}).encode() + b"\n")
        return await self.did(act)

    async def did(self, act: str) -> dict[str, Any]:
        """Wait until it did something."""
        return await self._until("did", act)

    async def hears(self, event: str) -> dict[str, Any]:
        """The next event of a name."""
        line = await self._until("heard", event)
        envelope: dict[str, Any] = line["envelope"]
        return envelope

    async def _until(self, word: str, value: str) -> dict[str, Any]:
        for index, (name, line) in enumerate(self.heard):
            if (word, value) == (name, line[name]):
                return self.heard.pop(index)[1]
        assert self._process.stdout is not None
        async with asyncio.timeout(WITHIN):
            while True:
                text = await self._process.stdout.readline()
                assert text, "node ended"
                line = json.loads(text)
                name = "did" if "did" in line else "heard"
                if name == word and line[name] == value:
                    return dict(line)
                self.heard.append((name, line))


@pytest.fixture
async def browser() -> AsyncIterator[Javascript]:
    node = shutil.which("node")
    assert node, "node is needed: the official client runs in it"
    process = await asyncio.create_subprocess_exec(
        node, "person.mjs", cwd=HERE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    yield Javascript(process)
    assert process.stdin is not None
    process.stdin.close()
    async with asyncio.timeout(WITHIN):
        await process.wait()


async def test_the_official_client_and_a_python_one_see_one_conversation(
    server: str, browser: Javascript, http: Any, bob_elsewhere: Person
) -> None:
    ada, bob = await Person("ada", server, http).join(), bob_elsewhere
    connected = await browser.does("connect", url=server, auth={"token": ada.token})
    assert "error" not in connected
    hello = await browser.hears("hello")
    assert hello["user_id"] == ada.id
    opened = await browser.does("ask", event="thread:open", payload={"participants": [bob.id]})
    thread = opened["ack"]["data"]

    for number in range(10):
        sent = {"thread_id": thread["id"], "message_content": f"js{number}", "client_id": key()}
        assert (await browser.does("ask", event="message:send", payload=sent))["ack"]["ok"] is True
        await bob.asks("message:send", {**sent, "message_content": f"py{number}", "client_id": key()})

    said = [f"{who}{number}" for number in range(10) for who in ("js", "py")]
    by_bob = [(await bob.hears("message:created"))["message"] for _ in said]
    by_ada = [(await browser.hears("message:created"))["data"]["message"] for _ in said]
    assert [message["message_content"] for message in by_bob] == said
    assert by_ada == by_bob
    assert (await browser.does("transport"))["name"] == "websocket"
    await browser.does("leave")


async def test_what_the_official_client_kept_while_offline_is_all_done(
    server: str, browser: Javascript, http: Any
) -> None:
    ada = await Person("ada", server, http).join()
    assert "error" not in await browser.does("connect", url=server, auth={"token": ada.token}, kept=150)
    assert (await browser.did("kept"))["oks"] == 150


async def test_the_official_client_is_told_why_it_is_refused(server: str, browser: Javascript) -> None:
    refused = await browser.does("connect", url=server, auth={"token": "nonsense"})
    assert refused["data"]["code"] == "unauthenticated"
    assert refused["data"]["retryable"] is False
