"""What a search costs when there are many times as many offers: asked by REST, over the embedded database.

The two markets are written by `python -m server.seed` and kept in `.skillnet/bench/`, since a large one takes an hour.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from server.embedded import supervisor_environment
from tests.bench.contest import OURS, Finding, contest
from tests.faults.workers import SECRET, free_port
from tests.processes import ROOT, Child, started_servers

FEW = 1000
MANY = int(os.environ.get("BENCH_GIGS", "100000"))
MARKETS = ROOT / ".skillnet" / "bench"
# Nobody offers a hundred things.
PEOPLE, EACH = 200, 20
ASKED = 10
READY_SECONDS = 60.0
PATIENCE_SECONDS = 60.0
OK, TOO_MANY_REQUESTS, BUSY = HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE
QUESTIONS: dict[str, tuple[str, dict[str, str | float]]] = {
    "a rare word": ("/gigs/", {"search": "Bogotá"}),
    "a frequent word": ("/gigs/", {"search": "learn"}),
    "two words": ("/gigs/", {"search": "learn guitar"}),
    "two frequent words": ("/gigs/", {"search": "learn weekend"}),
    "a frequent word, the newest first": ("/gigs/", {"search": "learn", "sort": "newest"}),
    "the beginning of a word": ("/gigs/", {"search": "pia"}),
    "what nobody offers": ("/gigs/", {"search": "guitar zymurgy"}),
    "near me, the nearest first": ("/gigs/", {"lat": 52.5, "lon": 13.4, "radius_km": 50, "sort": "distance"}),
    "in a part of the map, the newest first": ("/gigs/", {"box": "5.9,47.3,15.0,55.1"}),
    "online, in German, the best rated first": ("/gigs/", {"mode": "online", "language": "de", "sort": "rating"}),
    "online, who is free soonest first": ("/gigs/", {"mode": "online", "sort": "availability"}),
    "a category, counted by what may be chosen": ("/gigs/facets/", {"category": "music"}),
    "a frequent word, counted": ("/gigs/facets/", {"search": "learn"}),
    "the newest of all": ("/gigs/", {}),
}


def run_search(rounds: int) -> list[Finding]:
    """search among many gigs (BENCH_GIGS, else 100,000) as a multiple of the same among 1,000"""
    with ExitStack() as stack:
        few, many = (stack.enter_context(serving(count)) for count in (FEW, MANY))
        rival = f"{FEW:,} gigs"
        # Less than linear: at a hundred times the gigs less than ten times as long.
        promise = round((MANY / FEW) ** 0.5, 1)
        targets = {f"{what}, {part}": {rival: promise} for what in QUESTIONS for part in ("p50", "p95")}
        found = contest({OURS: _turn(many), rival: _turn(few)}, targets, unit="ms", rounds=rounds)
    return [
        Finding(f"Search among {MANY:,}: {one.what}", one.unit, one.rival, one.target, one.ours, one.theirs)
        for one in found
    ]


def _turn(port: int) -> Callable[[], dict[str, float]]:
    """Ask everything some times, and say how many milliseconds it took."""

    def turn() -> dict[str, float]:
        figures: dict[str, float] = {}
        for what, (path, asked) in QUESTIONS.items():
            took = quantiles([_ask(port, path, asked) for _ in range(ASKED)], n=20)
            figures |= {f"{what}, p50": took[9], f"{what}, p95": took[18]}
        return figures

    return turn


def _ask(port: int, path: str, asked: dict[str, str | float], *, begun: float | None = None) -> float:
    """How many milliseconds it took until there was an answer, also if it had to be asked for again."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    begun = time.perf_counter() if begun is None else begun
    connection.request("GET", f"/api/v1{path}?{urlencode(asked)}")
    response = connection.getresponse()
    body = response.read()
    took = (time.perf_counter() - begun) * 1000
    connection.close()
    if response.status == TOO_MANY_REQUESTS:
        # The limits are those of the product: whoever measures waits.
        time.sleep(float(response.headers["Retry-After"]))
        return _ask(port, path, asked)
    if response.status == BUSY and took < PATIENCE_SECONDS * 1000:
        # Whoever waits for an answer waits for this, too.
        sys.stderr.write(f"asked again after {took:.0f} ms: {path} {asked}\n")
        return _ask(port, path, asked, begun=begun)
    assert response.status == OK, body
    return took


@contextmanager
def serving(count: int) -> Iterator[int]:
    """The port of a real web process over a market of so many, which is written first if it is not there."""
    folder = MARKETS / str(count)
    environment = {**supervisor_environment(), "DATA_FOLDER": str(folder / "data"), "LOG_LEVEL": "ERROR"}
    if not (folder / "written").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        seed = (sys.executable, "-m", "server.seed", "--people", str(max(PEOPLE, count // EACH)), "--gigs", str(count))
        subprocess.run(seed, cwd=ROOT, env=environment, check=True, stdout=sys.stderr)
        Path(folder / "written").touch()
    port = free_port()
    # Without a worker: what a market asks to be done later is no part of what a search costs.
    with started_servers(folder / "data") as servers:
        environment |= {"MONGODB_URL": servers.mongodb_url, "REDIS_URL": servers.redis_url, "PORT": str(port)}
        environment |= {"JWT_SECRET": SECRET, "DATA_KEYS": SECRET}
        with Child((sys.executable, "-m", "server", "web"), env=environment) as server:
            try:
                _await(port)
                yield port
            finally:
                server.end(within=30)


def _await(port: int) -> None:
    begun = time.monotonic()
    while True:
        try:
            _ask(port, "/config/", {})
        except OSError:
            assert time.monotonic() - begun < READY_SECONDS, "it does not start"
            time.sleep(0.2)
        else:
            return
