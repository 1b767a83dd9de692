"""What a use case is given: who asks, when, the store of its transaction, and a place to note events.

Events are noted here and leave only after the commit; nothing in here reads a clock.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from handlers.errors import Forbidden, Unauthenticated
from handlers.events.base import Event
from handlers.ports import Ports
from store import Store

# Every process of the server listens to this audience: what it hears concerns sessions, not people's screens.
PROCESSES = "processes"

PERSON = "user:"

Audiences = tuple[str, ...]


def people(*user_ids: str) -> Audiences:
    """The audiences of these people: all their devices, on whatever process."""
    return tuple(f"{PERSON}{user_id}" for user_id in dict.fromkeys(user_ids))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person, signed in by a session whose token is good until a moment."""

    user_id: str
    session_id: str
    expires_at: datetime
    # The version of the terms of use that the person had agreed to when the token was made.
    terms: str = ""


class Caller(NamedTuple):
    """Where a request comes from, whoever asks; over a socket also by which connection."""

    address: str
    device: str = ""
    connection_id: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """An event and who shall hear it."""

    event: Event
    audiences: Audiences
    # Who caused it is nobody's business: what staff does is not told as theirs, nor who reported something.
    unnamed: bool = False


@dataclass(slots=True)
class Context:
    """One run of one use case."""

    store: Store
    now: datetime
    ports: Ports
    caller: Caller
    signed_in: Actor | None = None
    noted: list[Noted] = field(default_factory=list)
    watched: dict[str, bool] = field(default_factory=dict)
    # What is being done, where that is traced, for what follows from it elsewhere.
    cause: str | None = None
    afterwards: list[Callable[[], Awaitable[object]]] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        """Who asks; a use case that anybody may call does not read it."""
        if self.signed_in is None:
            raise Unauthenticated("Sign in first.")
        return self.signed_in

    def by(self, user_id: str) -> "Context":
        """The same run, as a person's who did it elsewhere, or who shall be told no more than they may see."""
        return replace(self, signed_in=Actor(user_id, session_id="", expires_at=self.now))

    def emit(self, event: Event, *, to: Audiences, unnamed: bool = False) -> None:
        """Note an event; it is sent once what caused it is committed, perhaps without who did."""
        self.noted.append(Noted(event, to, unnamed))

    def after_commit(self, do: Callable[[], Awaitable[object]]) -> None:
        """Do what follows from what is written, elsewhere, once it is committed: a transaction may run twice.

        The answer waits for it; events of the moment that it notes are sent. If the process dies in between it is not
        done: something else has to find that out.
        """
        self.afterwards.append(do)

    def watch(self, audience: str) -> None:
        """Let the connection that asks hear an audience's events of the moment, until it unwatches or ends.

        For what has an event and no address. The caller has to have asked for the right to hear them.
        """
        self.watched[audience] = True

    def unwatch(self, audience: str) -> None:
        """Let it hear them no longer."""
        self.watched[audience] = False

    def require_self(self, user_id: str | None, field_name: str) -> None:
        """Refuse a body that names somebody else as the one who acts."""
        if user_id is not None and user_id != self.actor.user_id:
            raise Forbidden(f"{field_name} is taken from your token; leave it out.")
