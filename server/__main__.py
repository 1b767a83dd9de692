"""`python -m server`: everything on this machine; `python -m server web` and `worker`: one process of a deployment."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from aiohttp import web

from server import logs
from server.app import DRAIN, create_app
from server.config import Settings, SettingsError
from server.config.loading import load_settings
from server.embedded import EmbeddedError, Endpoints, embedded_servers
from server.http import Runner
from server.logs import refuse
from server.mail import DevelopmentOutbox, Mailer, mailer_of
from server.worker import work
from store import Database, Store, Unusable

log = structlog.get_logger(__name__)

# Requests under way get this long when the process is asked to stop.
DRAIN_SECONDS = 3.0
# So many may knock before they are let in: whom there is no room for, their system knocks again in ever longer pauses.
BACKLOG = 4096

PARTS = {
    "all": "everything, with embedded servers for what has no URL (the default)",
    "web": "REST and Socket.IO; needs MONGODB_URL and REDIS_URL",
    "worker": "what runs beside the web processes; needs the same",
}


def main() -> int:
    """Run one part; the exit code is 1 if it could not start, with one line for each reason on standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m server", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="parts:\n" + "\n".join(f"  {name:7} {says}" for name, says in PARTS.items()),
    )  # fmt: skip
    parser.add_argument("part", nargs="?", choices=tuple(PARTS), default="all", metavar="part")
    part = parser.parse_args().part
    try:
        settings = load_settings()
        require(settings, part)
    except SettingsError as error:
        return refuse(*error.lines)
    logs.configure(level=settings.log_level, form=settings.log_format)
    try:
        run({"all": everything, "web": web_only, "worker": worker_only}[part](settings))
    except (EmbeddedError, CannotStart, Unusable) as error:
        return refuse(str(error))
    except KeyboardInterrupt:
        return 130
    return 0


class CannotStart(Exception):
    """One line on why not."""


def require(settings: Settings, part: str) -> None:
    """Refuse a part of a deployment without the servers it shares with the others, all faults at once."""
    if part != "all":
        missing = [name for name in ("MONGODB_URL", "REDIS_URL") if not getattr(settings, name.lower())]
        if missing:
            raise SettingsError(
                [f"{name}: `python -m server {part}` needs it; plain `python -m server` does not" for name in missing]
            )


def run(program: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop where it is installed, else on asyncio's own loop."""
    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    try:
        import uvloop  # noqa: PLC0415 - an extra

        factory = uvloop.new_event_loop
    except ImportError:
        pass
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(program)


async def everything(settings: Settings) -> None:
    """Web and worker in one process, over the embedded servers or those that are set."""
    listener = bind(settings)
    async with embedded_servers(
        settings.data_folder, on_log=lambda line: log.warning("embedded", says=line),
        mongodb_url=settings.mongodb_url, redis_url=settings.redis_url,
    ) as endpoints:  # fmt: skip
        database = Database(endpoints.mongodb_url, settings.mongodb_database)
        try:
            await Store(database).create_indexes()
        finally:
            await database.close()
        await serve(settings, endpoints, listener, mailer=mailer_of(settings))


async def web_only(settings: Settings) -> None:
    """One web process of several; the release step has created the indexes."""
    await serve(settings, given(settings), bind(settings))


async def worker_only(settings: Settings) -> None:
    """One worker process."""
    await work(settings, given(settings))


def given(settings: Settings) -> Endpoints:
    return Endpoints(settings.mongodb_url or "", settings.redis_url or "")


def bind(settings: Settings) -> socket.socket:
    """Take the port before anything else is started, so that a second start disturbs nothing."""
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotStart(
            f"{settings.host}:{settings.port} cannot be listened on: {os.strerror(error.errno or 0)}."
            " Set HOST or PORT to another, or stop what uses it."
        ) from error


async def serve(
    settings: Settings, endpoints: Endpoints, listener: socket.socket, *, mailer: Mailer | None = None
) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is under way."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    runner = Runner(
        create_app(settings, endpoints, mailer=mailer),
        access_log=None,
        keepalive_timeout=15,
        shutdown_timeout=DRAIN_SECONDS,
    )
    await runner.setup()
    try:
        await web.SockSite(runner, listener, backlog=BACKLOG).start()
        announce(listener, outbox=isinstance(mailer, DevelopmentOutbox))
        await stopped.wait()
        log.info("stopping")
        await runner.app[DRAIN]()
    finally:
        await runner.cleanup()


def announce(listener: socket.socket, *, outbox: bool) -> None:
    """Print where things are."""
    host, port = listener.getsockname()[:2]
    base = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    places = {"API": "/api/v1", "Documentation": "/docs/", "Health": "/healthz"}
    if outbox:
        places["Letters"] = "/outbox/"
    lines = [f"  {name:15}{base}{path}\n" for name, path in places.items()]
    sys.stdout.write("".join(["SkillNet is ready; Ctrl-C stops it.\n", *lines]))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
