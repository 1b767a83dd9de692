"""Whoever watches the database's commands is told of each how it ended, also of those that nobody waited for."""

from datetime import timedelta

import pytest
from pymongo.monitoring import CommandStartedEvent, CommandSucceededEvent

from store.watching import End, Watcher

HERE = ("localhost", 27017)


def test_commands_that_the_driver_says_no_more_of_were_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """It catches what is an error; that nobody waits any more is none."""
    monkeypatch.setattr("store.watching.MOST_OPEN", 2)
    ended: list[tuple[str, str | None]] = []

    def watch(command: str, collection: str) -> End:
        return lambda error: ended.append((f"{command} {collection}", error))

    watcher = Watcher(watch)
    for number in range(4):
        watcher.started(CommandStartedEvent({"find": f"things{number}"}, "here", number, HERE, None))
    for number in (0, 3):
        watcher.succeeded(CommandSucceededEvent(timedelta(0), {"ok": 1}, "find", number, HERE, None))

    assert ended == [("find things0", "cancelled"), ("find things1", "cancelled"), ("find things3", None)]
