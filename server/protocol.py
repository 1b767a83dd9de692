"""The gateway's own packets: what Socket.IO clients hear and send beside the operations of the table.

Every packet that is no operation and no event of the catalogue has its shape here, and AsyncAPI is made from it.
"""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from server.operation import SECOND, Limit, per_person
from server.problems import Problem

PROTOCOL = 1

D = TypeVar("D")


class Packet(BaseModel):
    """The base: closed and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# What a client sends


class Since(Packet):
    """The last durable event a client has, by the numbers of its audience's feed."""

    epoch: Annotated[str, Field(max_length=64)]
    seq: Annotated[int, Field(ge=0, le=2**53)]


class Credentials(Packet):
    """What a client sends in `auth` when it connects."""

    token: Annotated[SecretStr, Field(max_length=4096, description="An access token.")]
    device_id: Annotated[str, Field(max_length=128)] | None = None
    client: Annotated[str, Field(max_length=128, description="The program and its version.")] | None = None
    since: Since | None = Field(default=None, description="Where this client was; what it missed is replayed.")


class Renewal(Packet):
    """A new access token for a live connection."""

    token: Annotated[SecretStr, Field(max_length=4096)]


# What it is answered


class Renewed(Packet):
    """The connection goes on with the new token."""

    expires_at: datetime


class Done(Packet, Generic[D]):
    """Done: committed, and its events will reach everyone concerned."""

    ok: Literal[True]
    data: D
    duplicate: Literal[True] = Field(
        default=True, description="Only there when the same client_id came before: this is the first one's answer."
    )


class Failed(Packet):
    """Not done, and why not."""

    ok: Literal[False]
    error: Problem


class ConnectError(Packet):
    """The `connect_error` of a connection that was refused."""

    message: str
    data: Problem


# What it hears


class Hello(Packet):
    """The first event on every connection. What was missed follows right after it, in order."""

    user_id: str
    session_id: str
    connection_id: str
    server_time: datetime
    protocol: int = Field(description="The version of this protocol.")
    epoch: str
    seq: int = Field(description="The number of the last durable event of your audience.")
    recovered: bool = Field(description="False: the feed no longer reaches back so far; fetch by REST.")
    replayed: int = Field(description="How many missed events follow.")
    limits: dict[str, int] = Field(description="Bounds that this server keeps: message_bytes, frame_bytes, page.")


class SyncReset(Packet):
    """The numbering starts anew, because the feed was lost: fetch by REST, and go on from here."""

    epoch: str
    seq: int


class AuthExpiring(Packet):
    """The access token of this connection expires soon: send auth:refresh."""

    expires_at: datetime


class Draining(Packet):
    """The process of this connection ends: it goes on for a moment, and is closed then; connect anew at once."""

    in_ms: int = Field(ge=0, description="So soon, for each connection at a time of its own.")


class Standstill(Packet):
    """Changes are refused to all but staff from now on, or no longer; also sent after `hello` while they are."""

    on: bool
    words: str = Field(description="What for, and until when; for people.")


class Ended(Packet):
    """Your session, or this connection, was ended; the socket is closed right after it."""

    session_id: str
    code: str = Field(description="Why: logged_out, token_expired, rate_limited, refresh_reused, …")
    reconnect: bool = Field(description="Whether connecting again, with a new token if need be, may help.")


class Ephemeral(Packet, Generic[D]):
    """The envelope of what is of the moment: it has no number and is not replayed."""

    id: str = Field(description="Of two events with one id the second is a repetition: drop it.")
    type: str = Field(description="The Socket.IO event's name.")
    ts: datetime
    actor_id: str | None = Field(description="Who caused it; null for the system.")
    client_id: str | None = Field(default=None, description="Only there when the command that caused it had one.")
    data: D


class Durable(Ephemeral[D], Generic[D]):
    """The envelope of what lasts: numbered densely for each audience, and replayed to those who were away."""

    seq: int = Field(ge=1)
    epoch: str


class Missed(Packet):
    """What happened since."""

    recovered: bool
    epoch: str
    seq: int = Field(description="The number of the last of these events, or of your audience if there are none.")
    events: list[Durable[Any]]
    more: bool = Field(description="Not all of it fitted in here: ask again, from this seq.")


# Pushed as they are, without an envelope.
PUSHED: dict[str, type[Packet]] = {
    "hello": Hello,
    "sync:reset": SyncReset,
    "auth:expiring": AuthExpiring,
    "session:ended": Ended,
    "server:draining": Draining,
    "server:maintenance": Standstill,
}


class Taken(NamedTuple):
    """An event that the gateway itself answers."""

    asked: type[Packet]
    answer: type[Packet]
    summary: str
    limits: tuple[Limit, ...] = ()


# Taken beside the operations of the table.
TAKEN: dict[str, Taken] = {
    "auth:refresh": Taken(Renewal, Renewed, "Go on with a new access token, of the same session."),
    "sync:since": Taken(
        Since,
        Missed,
        "The durable events after a number, a hundred at most: to fill a hole in what you heard.",
        (per_person(50, 5 * SECOND),),
    ),
}
