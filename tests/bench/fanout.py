"""What one delivery to one member of a room costs the server, and how late it comes.

The speaker is not a member; every message is heard by all members before the figures count.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.bench.contenders import BARE, NODE, PLAIN, Running, all_running
from tests.bench.contest import OURS, Finding, Turn, contest
from tests.bench.crowd import Crowd, crowd
from tests.bench.events import SAY

MICROSECONDS = 1e6
# Enough deliveries that a sample takes tenths of a second.
DELIVERIES = 40_000
MEMBERS = (1, 100, 1000)
IN_FLIGHT = 64
LATE_MEMBERS = 100
DELIVERIES_PER_SECOND = 5000
# The quietest of some short stretches counts: whatever else the machine does spoils most of them, for everybody alike.
LATE_SECONDS = 0.5
LATE_STRETCHES = 6

TARGETS: dict[tuple[int, int], dict[str, float | None]] = {
    (1, 1): {NODE: None, BARE: None, PLAIN: None},
    (100, 1): {NODE: 0.80, BARE: 1.35, PLAIN: 0.25},
    (1000, 1): {NODE: 0.65, BARE: 1.35, PLAIN: 0.15},
    (100, IN_FLIGHT): {NODE: 0.2},
    (1000, IN_FLIGHT): {NODE: 0.2},
}
LATENCY = "p99 latency at 5,000 deliveries/s"


def cpu_per_delivery(server: Running, people: Crowd, members: int, in_flight: int) -> float:
    """Microseconds of the server for each delivery, with so many messages under way at once."""
    messages = max(DELIVERIES // max(members, 10), in_flight)
    before = server.cpu()
    sent = 0
    while sent < messages:
        said = min(in_flight - (sent - people.heard // members), messages - sent)
        if said > 0:
            people.send(0, SAY * said)
            sent += said
        people.until((sent - in_flight + 1) * members)
    people.until(messages * members)
    used = server.cpu() - before
    people.settle(messages, members)
    return used / (messages * members) * MICROSECONDS


def latency(people: Crowd) -> float:
    """The 99th percentile of the milliseconds from a message to its arrival, at 5,000 deliveries a second."""
    pause = LATE_MEMBERS / DELIVERIES_PER_SECOND
    messages = int(LATE_SECONDS / pause)
    said: list[float] = []
    next_of: defaultdict[int, int] = defaultdict(int)
    late: list[float] = []

    def arrived(fd: int, marks: int) -> None:
        now = time.perf_counter()
        late.extend(now - said[next_of[fd] + i] for i in range(marks))
        next_of[fd] += marks

    start = time.perf_counter()
    for number in range(messages):
        # A message that is late does not make the next one wait, nor count as less late.
        said.append(start + number * pause)
        while time.perf_counter() < said[-1]:
            people.read(arrived)
        people.send(0, SAY)
    people.until(messages * LATE_MEMBERS, arrived)
    people.settle(messages, LATE_MEMBERS)
    return sorted(late)[len(late) * 99 // 100] * 1e3


def run(rounds: int) -> list[Finding]:
    """CPU for each delivery with 1, 100 and 1,000 members, one message and 64 in flight."""
    findings: list[Finding] = []
    for members in MEMBERS:
        with gathered(members, OURS, NODE, BARE, PLAIN) as places:
            for (size, in_flight), targets in TARGETS.items():
                if size == members:
                    what = f"CPU of a delivery, {members} members, {in_flight} in flight"
                    turns = {name: _turn(what, *places[name], members, in_flight) for name in (OURS, *targets)}
                    findings += contest(turns, {what: targets}, unit="µs", rounds=rounds)
    return findings


def run_latency(rounds: int) -> list[Finding]:
    """The 99th percentile of latency at 5,000 deliveries a second."""
    with gathered(LATE_MEMBERS, OURS, NODE) as places:
        turns = {
            name: lambda people=people: {LATENCY: min(latency(people) for _ in range(LATE_STRETCHES))}
            for name, (_, people) in places.items()
        }
        return contest(turns, {LATENCY: {NODE: 1.0}}, unit="ms", rounds=rounds)


@contextmanager
def gathered(members: int, *names: str) -> Iterator[dict[str, tuple[Running, Crowd]]]:
    """Contenders, each with a speaker and the members of a room."""
    with ExitStack() as stack:
        servers = stack.enter_context(all_running(*names))
        places = {name: (server, stack.enter_context(crowd(server.port))) for name, server in servers.items()}
        for _, people in places.values():
            people.connect(1, join=False)
            people.connect(members)
        yield places


def _turn(what: str, server: Running, people: Crowd, members: int, in_flight: int) -> Turn:
    return lambda: {what: cpu_per_delivery(server, people, members, in_flight)}
