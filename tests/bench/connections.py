"""What a connection costs: to be made, to be there, and to go away with thousands of others.

Every connection looks like a browser's, its offer to compress included.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

from server.security import AccessTokens
from tests.bench.contenders import NODE, PLAIN, PROGRAMS, SECRET, Running, all_running, running
from tests.bench.contest import OURS, Finding, contest
from tests.bench.crowd import DEFLATE, PATIENCE_SECONDS, Crowd, Lost, crowd

IDLE = 6000
WARM_UP = 200
CONNECTS = 400
FEW, MANY = 2000, 6000

MEMORY = f"Memory of an idle connection, {IDLE:,} of them"
CONNECT = "CPU of a connect with a verified token"
DISCONNECT = f"CPU of a disconnect, {MANY:,} at once"
FEWER = f"{FEW:,} at once"


def run_memory(rounds: int) -> list[Finding]:
    """Memory of an idle browser-like connection, 6,000 of them."""
    turns = {name: lambda name=name: {MEMORY: _memory(name)} for name in (OURS, NODE, PLAIN)}
    return contest(turns, {MEMORY: {PLAIN: 0.22, NODE: 2.0}}, unit="KiB", rounds=rounds)


def run_connects(rounds: int) -> list[Finding]:
    """CPU of a connect with a token that nobody has shown before."""
    with visited(OURS, NODE, PLAIN) as places:
        tokens = AccessTokens(SECRET.encode(), lifetime=timedelta(hours=1))
        turns = {
            name: lambda server=server, people=people: {CONNECT: _connects(server, people, tokens)}
            for name, (server, people) in places.items()
        }
        return contest(turns, {CONNECT: {NODE: 1.3, PLAIN: None}}, unit="µs", rounds=rounds)


def run_disconnects(rounds: int) -> list[Finding]:
    """CPU of a disconnect when 6,000 go at once, against 2,000 and against Node.js."""
    with visited(OURS, NODE) as places:
        turns = {
            OURS: lambda: {DISCONNECT: _disconnects(*places[OURS], MANY)},
            FEWER: lambda: {DISCONNECT: _disconnects(*places[OURS], FEW)},
            NODE: lambda: {DISCONNECT: _disconnects(*places[NODE], MANY)},
        }
        return contest(turns, {DISCONNECT: {FEWER: 1.2, NODE: None}}, unit="µs", rounds=rounds)


@contextmanager
def visited(*names: str) -> Iterator[dict[str, tuple[Running, Crowd]]]:
    """Contenders, each with a crowd of one connection that stays to ask questions."""
    with ExitStack() as stack:
        servers = stack.enter_context(all_running(*names))
        places = {
            name: (server, stack.enter_context(crowd(server.port, extensions=DEFLATE)))
            for name, server in servers.items()
        }
        for _, people in places.values():
            people.connect_plainly(1)
        yield places


def _memory(name: str) -> float:
    with running(PROGRAMS[name]) as server, crowd(server.port, extensions=DEFLATE) as people:
        people.connect(WARM_UP)
        before = server.resident()
        people.connect(IDLE)
        return (server.resident() - before) / IDLE / 1024


def _connects(server: Running, people: Crowd, tokens: AccessTokens) -> float:
    now = datetime.now(UTC)
    new = [tokens.issue(user_id=f"u{n}", session_id=f"s{n}", now=now).token for n in range(CONNECTS)]
    before = server.cpu()
    people.connect(CONNECTS, new, join=False)
    used = server.cpu() - before
    _leave(people)
    return used / CONNECTS * 1e6


def _disconnects(server: Running, people: Crowd, size: int) -> float:
    people.connect(size)
    before = server.cpu()
    _leave(people)
    return (server.cpu() - before) / size * 1e6


def _leave(people: Crowd) -> None:
    people.hang_up(keep=1)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (there := people.members()) > 1:
        if time.monotonic() > deadline:
            raise Lost(f"{there} connections are still there")
        time.sleep(0.02)
