"""The embedded MongoDB- and Redis-compatible servers, for running with nothing configured.

They are programs beside ours, spoken to over their real protocols: nothing in here knows what is stored in them.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from server.embedded.programs import EmbeddedError, require_installed

__all__ = ["EmbeddedError", "Endpoints", "embedded_servers", "supervisor_command", "supervisor_environment"]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the database and the Redis-compatible server answer."""

    mongodb_url: str
    redis_url: str


@asynccontextmanager
async def embedded_servers(
    folder: Path, *, on_log: Callable[[str], object], mongodb_url: str | None = None, redis_url: str | None = None
) -> AsyncIterator[Endpoints]:
    """Start what has no URL over `folder`, wait until it answers, and stop it at the end with its data kept.

    A server that dies is started again at the same address, and `on_log` hears one line about it. Raises
    EmbeddedError, whose text is one clear line, when they cannot start, and also inside the body if the supervisor
    itself is killed: nothing would bring the database back then, so the program had better end than limp.
    """
    missing = [name for name, url in (("mongodb", mongodb_url), ("redis", redis_url)) if not url]
    if not missing:
        yield Endpoints(mongodb_url or "", redis_url or "")
        return
    require_installed(missing)
    supervisor = await asyncio.create_subprocess_exec(
        *supervisor_command(folder, servers=missing),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=supervisor_environment(),
        # Ctrl-C in a terminal reaches a whole group: the database must outlive the requests being finished.
        start_new_session=True,
    )
    try:
        urls = await _first_report(supervisor)
        async with _watched(supervisor, on_log):
            yield Endpoints(mongodb_url or urls["mongodb_url"], redis_url or urls["redis_url"])
    finally:
        await _stop(supervisor)


def supervisor_command(folder: Path, *, servers: Sequence[str], options: Sequence[str] = ()) -> list[str]:
    """The program that keeps the servers; it prints JSON lines and ends when its standard input does."""
    return [sys.executable, "-m", "server.embedded", str(folder), "--servers", ",".join(servers), *options]


def supervisor_environment() -> dict[str, str]:
    """Ours, with this checkout importable: the project runs from its folder, uninstalled."""
    root = str(Path(__file__).parents[2])
    inherited = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, inherited] if inherited else [root])}


async def _first_report(supervisor: asyncio.subprocess.Process) -> dict[str, str]:
    assert supervisor.stdout is not None  # noqa: S101 - asked for by PIPE
    line = await supervisor.stdout.readline()
    if not line:
        raise EmbeddedError("The supervisor of the embedded servers ended before it could say why.")
    report: dict[str, str] = json.loads(line)
    if "error" in report:
        raise EmbeddedError(report["error"])
    return report


@asynccontextmanager
async def _watched(supervisor: asyncio.subprocess.Process, on_log: Callable[[str], object]) -> AsyncIterator[None]:
    body = asyncio.current_task()
    assert body is not None and supervisor.stdout is not None  # noqa: S101 - inside a coroutine; asked for by PIPE
    output = supervisor.stdout

    async def watch() -> None:
        async for line in output:
            on_log(json.loads(line)["log"])
        body.cancel()

    watching = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        # Like asyncio.timeout: our own cancellation becomes an error with a reason, anybody else's passes through.
        if watching.done() and body.uncancel() == 0:
            raise EmbeddedError(
                "The supervisor of the embedded servers was killed; the database went with it."
            ) from None
        raise
    finally:
        watching.cancel()


async def _stop(supervisor: asyncio.subprocess.Process) -> None:
    assert supervisor.stdin is not None  # noqa: S101 - asked for by PIPE
    # The word asks for an orderly end; the end of the stream alone, which our death would be, means at once.
    try:
        supervisor.stdin.write(b"stop\n")
        await supervisor.stdin.drain()
        await supervisor.wait()
    except ConnectionError:
        await supervisor.wait()
    finally:
        supervisor.stdin.close()
