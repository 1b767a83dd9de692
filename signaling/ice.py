"""How peers find a way to each other: STUN, and TURN with credentials that are made and not kept. Pure."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict


class IceServer(BaseModel):
    """One entry of `RTCConfiguration.iceServers`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = None


def turn_server(urls: Sequence[str], secret: bytes, peer: str, *, until: datetime) -> IceServer:
    """A TURN server with credentials that expire and that name the peer in its log."""
    username = f"{int(until.timestamp())}:{peer}"
    # coturn's `use-auth-secret` knows no other digest.
    digest = hmac.new(secret, username.encode(), hashlib.sha1).digest()
    return IceServer(urls=tuple(urls), username=username, credential=b64encode(digest).decode())
