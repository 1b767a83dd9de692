"""What use cases need of the world outside the store, as the shapes they need it in.

Only what a use case calls stands here; the server gives the real parts, tests give them too.
"""

import json
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol, Self, TypeVar

from handlers.calendar_port import Calendar
from handlers.evidence import Reportables
from handlers.rules import Rules
from handlers.views.staff import ProcessView
from signaling.negotiation import Pair
from signaling.seats import Room
from store.identities import Claims
from store.sightings import How
from store.uploads import Size, Variant

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A signed token and the moment it stops being good."""

    token: str
    expires_at: datetime


class Passwords(Protocol):
    """Argon2id, off the event loop. Raises `Unavailable` when too many are waiting."""

    async def hash(self, password: str) -> str: ...

    async def weakness(self, password: str, about: Sequence[str]) -> str | None:
        """Why somebody would guess it, knowing this about whose it is; None if hardly anybody would."""
        ...

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Compare in the same time whether or not there is a hash."""
        ...


class Tokens(Protocol):
    """Makes the signed access tokens that the server's shells read, and the proof inside refresh tokens."""

    def issue(self, *, user_id: str, session_id: str, now: datetime, terms: str = "") -> AccessToken: ...

    def prove(self, text: str) -> str:
        """A text of 256 bits, URL-safe, that nobody without the server's key can make for this text."""
        ...

    def is_proof(self, proof: str, text: str) -> bool:
        """Whether it was made so, also by a key that is being exchanged."""
        ...


class Vault(Protocol):
    """Encrypts what the database shall not know. What is sealed for one person opens for no other."""

    def seal(self, text: str, *, of: str) -> str: ...

    def open(self, sealed: str, *, of: str) -> str: ...


class Presence(Protocol):
    """Who has a connection on any process. While Redis is away only those on this one are known."""

    async def online(self, user_ids: Sequence[str]) -> frozenset[str]: ...


class Rooms(Protocol):
    """The live rooms of calls, over all processes. Everything raises `RoomsAway` while Redis does not answer."""

    @property
    def process(self) -> str:
        """What this process is called."""
        ...

    async def read(self, call_id: str) -> Room | None: ...

    async def change(self, call_id: str, rule: Callable[[Room | None], tuple[Room | None, T]]) -> T:
        """Have a rule change a room; it runs again when somebody was faster."""
        ...

    async def converse(self, call_id: str, one: str, other: str, rule: Callable[[Pair], tuple[Pair, T]]) -> T:
        """Have a rule change what two peers have said to each other."""
        ...

    async def heard(self, call_id: str, one: str, other: str) -> Pair: ...

    async def living(self, processes: Sequence[str]) -> frozenset[str]: ...

    async def forget(self, call_id: str) -> None:
        """A call has no room any more."""
        ...


class Captcha(Protocol):
    """Tells people from programs. Raises `Unavailable` when it cannot be asked."""

    async def is_solved(self, answer: str, address: str) -> bool: ...


class Texts(Protocol):
    """Sends text messages to telephones. Raises `Unavailable` for what may pass."""

    async def send(self, number: str, text: str) -> None: ...


class IdentityProvider(Protocol):
    """Where people have an account that they sign in by. Raises `Invalid` for what it does not vouch for."""

    @property
    def redirect_uris(self) -> Collection[str]:
        """The pages that it may lead back to."""
        ...

    async def address(self, state: str, nonce: str, verifier: str, redirect_uri: str) -> str:
        """Where a browser goes to be asked."""
        ...

    async def exchange(self, code: str, nonce: str, verifier: str, redirect_uri: str | None) -> Claims:
        """What is vouched for by a code that a page was led back with."""
        ...

    async def verify(self, id_token: str, nonce: str) -> Claims:
        """What is vouched for by a token that an app was given."""
        ...


class PushTarget(NamedTuple):
    """Where a device hears of what happens while it is closed, and by which keys it reads it."""

    endpoint: str
    p256dh: str
    auth: str

    def text(self) -> str:
        """As it is sealed."""
        return json.dumps(self)

    @classmethod
    def read(cls, text: str) -> Self:
        return cls(*json.loads(text))


class Push(Protocol):
    """Tells devices that are closed, by the push services of their browsers."""

    @property
    def public_key(self) -> str:
        """By which devices know who may push to them."""
        ...

    def allows(self, target: PushTarget) -> bool:
        """Whether there is a push service at the address, and something can be encrypted for its keys."""
        ...

    async def send(self, target: PushTarget, payload: str, *, lives: timedelta, urgent: bool, topic: str) -> bool:
        """Hand a payload over; False if the subscription is no more. Raises `Unavailable` for what may pass."""
        ...


class Incoming(NamedTuple):
    """A file on its way in: what its sender calls it, and its bytes as they come."""

    name: str
    parts: AsyncIterator[bytes]


class Blobs(Protocol):
    """Bytes by name."""

    async def put(self, key: str, path: Path) -> None: ...

    def read(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]: ...

    async def delete(self, key: str) -> None:
        """Delete, if it is there."""
        ...


class Media(Protocol):
    """Files of people, in their sizes."""

    async def keep(self, upload_id: str, parts: AsyncIterator[bytes], *, most_bytes: int) -> dict[Size, Variant]:
        """Take in a file; raises `Invalid`, `TooLarge` or `Unavailable`, and may then have kept a part of it."""
        ...

    def read(self, upload_id: str, size: Size, start: int, stop: int) -> AsyncIterator[bytes]: ...

    async def drop(self, upload_id: str) -> None: ...


class Restraint(NamedTuple):
    """What staff keeps somebody from doing at the moment."""

    warned: bool = False
    muted_until: datetime | None = None

    def is_muted(self, now: datetime) -> bool:
        return self.muted_until is not None and now < self.muted_until


class Restraints(Protocol):
    """Whom staff restrains, as this process knows it; it hears of a change at once."""

    async def of(self, user_id: str) -> Restraint: ...


class Sightings(Protocol):
    """Counts who sees which gig, a while later and not for certain; looking again within the hour counts once."""

    def see(self, gig_ids: Sequence[str], how: How, viewer: str) -> None:
        """Note that somebody saw these; a person by their id, anybody else by their address."""
        ...


class Standing(Protocol):
    """Whether the server stands still."""

    @property
    def words(self) -> str | None:
        """What people are told who want to change something; None if they may."""
        ...


class Pulse(Protocol):
    """How this process is doing."""

    def now(self) -> ProcessView:
        """As it was a moment ago."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything outside the store, in one value."""

    passwords: Passwords
    tokens: Tokens
    vault: Vault
    presence: Presence
    media: Media
    sightings: Sightings
    rooms: Rooms
    rules: Rules
    standing: Standing
    pulse: Pulse
    reportables: Reportables
    restraints: Restraints
    # None where it is not set up.
    google: IdentityProvider | None = None
    calendar: Calendar | None = None
    captcha: Captcha | None = None
    texts: Texts | None = None
    push: Push | None = None
