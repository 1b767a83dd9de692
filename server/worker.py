"""The worker process: what must be done though nobody waits for it.

It publishes what dead processes left in the outbox and does jobs; it serves no connection and may run in any number.
"""

import asyncio
import signal

import structlog

from server.config import Settings
from server.core import make_core
from server.embedded import Endpoints
from server.mail import mailer_of

log = structlog.get_logger(__name__)


async def work(settings: Settings, endpoints: Endpoints) -> None:
    """Work until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    core = make_core(settings, endpoints)
    worker = core.worker(mailer_of(settings))
    # It has no connections, so nothing is delivered here.
    await core.start(lambda _audience, _event: None, lambda _audience, _position: None)
    worker.start()
    log.info("worker_ready")
    try:
        await stopped.wait()
    finally:
        await worker.stop()
        await core.stop()
