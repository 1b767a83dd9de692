"""Credentials for TURN: made of a secret, a moment and a peer, and of nothing else."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from signaling.ice import turn_server

UNTIL = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def test_credentials_say_who_and_until_when() -> None:
    server = turn_server(("turn:turn.example.org:3478",), b"secret", "a1b2", until=UNTIL)
    assert server.username == f"{int(UNTIL.timestamp())}:a1b2"
    mac = hmac.new(b"secret", server.username.encode(), hashlib.sha1).digest()
    assert server.credential == base64.b64encode(mac).decode()
    assert server == turn_server(("turn:turn.example.org:3478",), b"secret", "a1b2", until=UNTIL)


def test_nothing_else_brings_the_same() -> None:
    made = {
        turn_server(("turn:x",), secret, peer, until=until).credential
        for secret in (b"secret", b"other")
        for peer in ("a", "b")
        for until in (UNTIL, UNTIL.replace(minute=1))
    }
    assert len(made) == 8
