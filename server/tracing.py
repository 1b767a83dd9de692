"""Where time goes, told as spans to whoever collects them, if that is set; nothing of it is imported otherwise.

A span says what was done, for whom and by which request, and never what people write or what a question asked.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from server.config import Settings

Facts = Mapping[str, str | int]
# Says that what was begun is over, and by which error, if by one.
End = Callable[[str | None], None]

NOTHING: Facts = {}


class Span(Protocol):
    """Something that is being done."""

    def note(self, facts: Facts) -> None:
        """Add what is known only now."""
        ...


class Trace(Protocol):
    """What takes spans. A cause is W3C's `traceparent`, by which it goes through the database and Redis."""

    @property
    def on(self) -> bool: ...

    @property
    def cause(self) -> str | None:
        """What is being done here, as the cause of what follows from it elsewhere."""
        ...

    def span(
        self, name: str, facts: Facts = NOTHING, *, cause: str | None = None, is_entry: bool = False
    ) -> AbstractContextManager[Span]:
        """Something done here; an entry is part of nothing else here."""
        ...

    def begin(self, name: str, facts: Facts = NOTHING, *, cause: str | None = None) -> End:
        """Something that ends elsewhere, by calling what this returns."""
        ...

    def command(self, name: str, collection: str) -> End | None:
        """A command to the database; None where it is part of nothing that is traced."""
        ...

    async def stop(self) -> None:
        """Send what is there, within seconds."""
        ...


class _Unnoted:
    def note(self, facts: Facts) -> None:
        """Nobody wants to know."""


class Untraced:
    """Takes no spans."""

    on = False
    cause = None
    _span = nullcontext(_Unnoted())

    def span(self, *_: object, **__: object) -> AbstractContextManager[Span]:
        return self._span

    def begin(self, *_: object, **__: object) -> End:
        return _end_nothing

    def command(self, *_: object) -> End | None:
        return None

    async def stop(self) -> None:
        """There is nothing to send."""


def _end_nothing(_: str | None) -> None:
    pass


def make_trace(settings: Settings) -> Trace:
    """As it is set."""
    if not settings.otlp_url:
        return Untraced()
    # An extra, and a fifth of a second, which nobody shall pay who does not use it.
    from server.otel import OpenTelemetry  # noqa: PLC0415

    return OpenTelemetry(settings.otlp_url)
