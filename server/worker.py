"""The worker process: what must be done though nobody waits for it.

It publishes what dead processes left in the outbox; it serves no connection and may run in any number.
"""

import asyncio
import signal

import structlog

from server.config import Settings
from server.embedded import Endpoints
from server.fanout import Fanout
from server.publisher import Publisher
from store import Database, Store

log = structlog.get_logger(__name__)


async def work(settings: Settings, endpoints: Endpoints) -> None:
    """Work until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    store = Store(Database(endpoints.mongodb_url, settings.mongodb_database))
    fanout = Fanout(endpoints.redis_url, window=settings.feed_window)
    publisher = Publisher(fanout, store.outbox)
    # It has no connections, so nothing is delivered here.
    await fanout.start(lambda _audience, _event: None, lambda _audience, _position: None)
    publisher.start()
    log.info("worker_ready")
    try:
        await stopped.wait()
    finally:
        await publisher.stop()
        await fanout.stop()
        await store.database.close()
