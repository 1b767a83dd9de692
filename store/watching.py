"""The driver's own reports of its commands, for whoever wants to know how long each takes; never what they say."""

from collections.abc import Callable, Mapping
from typing import Any

from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

# A cancelled command is reported by nobody: beyond so many, of which a pool has no room, the oldest is taken for one.
MOST_OPEN = 1000

End = Callable[[str | None], None]
# Is told a command's name and collection; what it answers, if it does, is called at the end, with the error's name.
Watch = Callable[[str, str], End | None]


class Watcher(CommandListener):
    """Hears of every command, in the task that gives it."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._open: dict[tuple[int, object], End] = {}

    def started(self, event: CommandStartedEvent) -> None:
        """A command goes out."""
        collection = event.command.get(event.command_name)
        end = self._watch(event.command_name, collection if isinstance(collection, str) else "")
        if end is not None:
            self._open[event.request_id, event.connection_id] = end
            if len(self._open) > MOST_OPEN:
                self._open.pop(next(iter(self._open)))("cancelled")

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """It was answered."""
        self._end(event, None)

    def failed(self, event: CommandFailedEvent) -> None:
        """It was refused, or the connection broke."""
        failure: Mapping[str, Any] = event.failure
        self._end(event, str(failure.get("codeName") or failure.get("errtype") or "failed"))

    def _end(self, event: CommandSucceededEvent | CommandFailedEvent, error: str | None) -> None:
        if (end := self._open.pop((event.request_id, event.connection_id), None)) is not None:
            end(error)
