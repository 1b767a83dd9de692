"""What is told again to who was away: all of it but what was taken back; or that it cannot be told now."""

import json
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from server.config import Settings
from tests.conftest import serving
from tests.people import Person, key, refused
from tests.processes import Servers

ABOUT_MESSAGES = ("message:", "thread:")


async def test_without_redis_what_was_missed_is_to_be_asked_for_again(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    without = replace(servers, redis_url=f"unix://{tmp_path / 'nothing'}")
    async with serving(settings, without) as url:
        ada = await (await Person("ada", url, http).join()).connect()

        with refused("unavailable") as refusal:
            await ada.asks("sync:since", {"epoch": "some", "seq": 0})

        assert refusal.value.problem["retryable"]
        await ada.leave()


async def test_what_is_told_again_says_what_it_says_now(
    ada: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = bob.since
    opened = [
        await ada.asks("thread:open", {"participants": [bob.id], "title": "All of us", "client_id": key()})
        for _ in range(2)
    ]
    thread, elsewhere = [{"thread_id": one["id"]} for one in opened]
    texts = ("the secret", "never mind", "open")
    gone, again, kept = [(await ada.asks("message:send", {**thread, "message_content": text}))["id"] for text in texts]
    await ada.asks("thread:rename", {**thread, "title": "Us"})
    await ada.asks("message:send", {**thread, "message_content": "you said", "reply_to": gone})
    await ada.asks("message:edit", {**thread, "message_id": gone, "message_content": "the secret, once more"})
    await ada.asks("message:react", {**thread, "message_id": gone, "emoji": "👍"})
    behind = (await ada.asks("message:send", {**elsewhere, "message_content": "another secret"}))["id"]
    await bob.leave()
    await ada.asks("message:edit", {**thread, "message_id": kept, "message_content": "open, and more"})
    # What becomes of a message once he is out of its conversation he is not told.
    await ada.asks("thread:remove", {**elsewhere, "user_id": bob.id})
    await ada.asks("message:delete", {**elsewhere, "message_id": behind})
    for message in (gone, again):
        await ada.asks("message:delete", {**thread, "message_id": message})
    await ada.asks("message:restore", {**thread, "message_id": again})
    await ada.hears("message:restored")

    told = len(bob.heard)
    await bob.connect(since=start)
    assert bob.hello["recovered"]
    await bob.hears("message:restored")
    replayed = [envelope for envelope in bob.heard[told:] if envelope.get("type", "").startswith(ABOUT_MESSAGES)]
    monkeypatch.setattr("server.gateway.MOST_SYNCED", 2)
    answered, since, more = [], start, True
    while more:
        part = await bob.asks("sync:since", since)
        answered += part["events"]
        since, more = {"epoch": part["epoch"], "seq": part["seq"]}, part["more"]

    # He may have been notified meanwhile.
    assert [event for event in answered if event["type"].startswith(ABOUT_MESSAGES)] == replayed
    assert len(replayed) == 16
    assert "thread:left" in {event["type"] for event in replayed}
    assert "secret" not in json.dumps(answered)
    assert [event["seq"] for event in answered] == list(range(start["seq"] + 1, start["seq"] + 1 + len(answered)))
    messages = [event["data"]["message"] for event in answered if "message" in event["data"]]
    assert all(message["deleted"] for message in messages if message["id"] == gone)
    said = [message["message_content"] for message in messages if message["id"] in (again, kept)]
    assert said == ["never mind", "open, and more", "open, and more", "", "never mind"]
