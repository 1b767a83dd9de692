"""The composition root: every part of a web process, made by plain constructor calls and started in order."""

import gc
import secrets
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import web

from handlers.context import PROCESSES
from handlers.ports import Ports, Rules
from handlers.presence import tell_presence
from server import docs, views
from server.api import OPERATIONS
from server.config import Settings
from server.dispatch import Dispatcher
from server.embedded import Endpoints
from server.engine import EngineSettings, SocketServer
from server.fanout import Fanout, FeedEvent, Position
from server.gateway import Gateway
from server.limits import SharedLimiter
from server.middleware import outermost, secure_headers
from server.publisher import Publisher
from server.rest import RestShell
from server.security import AccessTokens, Argon2Passwords, Doorkeeper, LivingSessions
from signaling.registry import PresenceRegistry
from store import Database, Store

BODY_BYTES = 256 * 1024


def utc_now() -> datetime:
    """The time, to the millisecond that MongoDB keeps."""
    return datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, UTC)


@dataclass(slots=True)
class Parts:
    """What runs in a web process."""

    store: Store
    fanout: Fanout
    publisher: Publisher
    passwords: Argon2Passwords
    sessions: LivingSessions
    presence: PresenceRegistry
    dispatch: Dispatcher
    gateway: Gateway
    sockets: SocketServer


def create_app(settings: Settings, endpoints: Endpoints, *, clock: Callable[[], datetime] = utc_now) -> web.Application:
    """An application that starts its parts with it and stops them with it."""
    store = Store(Database(endpoints.mongodb_url, settings.mongodb_database))
    passwords = Argon2Passwords()
    keys = [one.get_secret_value().encode() for one in (settings.jwt_secret, settings.jwt_secret_also) if one]
    tokens = AccessTokens(*keys, lifetime=timedelta(minutes=settings.access_token_minutes))
    sessions = LivingSessions(store.sessions)
    doorkeeper = Doorkeeper(tokens, sessions, clock=clock)
    fanout = Fanout(endpoints.redis_url, window=settings.feed_window)
    publisher = Publisher(fanout, store.outbox)
    rules = Rules(
        edit_window=timedelta(minutes=settings.edit_window_minutes),
        refresh_absolute=timedelta(days=settings.refresh_token_days),
        refresh_idle=timedelta(days=settings.refresh_idle_days),
    )
    presence = PresenceRegistry(
        endpoints.redis_url, prefix=f"sn:{settings.mongodb_database}:", process=secrets.token_hex(4)
    )
    ports = Ports(passwords=passwords, tokens=tokens, presence=presence, rules=rules)
    limiter = SharedLimiter(endpoints.redis_url, prefix=f"sn:{settings.mongodb_database}:limit")
    dispatch = Dispatcher(store, ports, limiter, publisher, clock=clock)
    gateway = Gateway(
        dispatch,
        doorkeeper,
        presence,
        OPERATIONS,
        clock=clock,
        most_connections=settings.max_connections_per_user,
        limits={"message_bytes": 8192, "frame_bytes": 65_536, "page": 100},
    )
    sockets = SocketServer(engine_settings(settings), gateway)
    parts = Parts(store, fanout, publisher, passwords, sessions, presence, dispatch, gateway, sockets)

    app = web.Application(middlewares=[outermost(settings.allowed_origins)], client_max_size=BODY_BYTES)
    app[views.STORE], app[views.FANOUT] = store, fanout
    app.on_response_prepare.append(secure_headers)
    views.add_routes(app)
    docs.add_routes(app)
    RestShell(dispatch, doorkeeper, settings.trusted_proxies).add_routes(app, OPERATIONS)
    sockets.attach(app)
    app.cleanup_ctx.append(lambda _: _running(parts))
    return app


def engine_settings(settings: Settings) -> EngineSettings:
    """What the Socket.IO engine is told of the settings."""
    return EngineSettings(
        ping_interval=timedelta(seconds=settings.ping_interval_seconds),
        ping_timeout=timedelta(seconds=settings.ping_timeout_seconds),
        allowed_origins=tuple(settings.allowed_origins),
        trusted_proxies=tuple(settings.trusted_proxies),
        connections_per_address=settings.max_connections_per_ip,
    )


async def _running(parts: Parts) -> AsyncIterator[None]:
    def deliver(audience: str, event: FeedEvent) -> None:
        if audience == PROCESSES:
            parts.sessions.hear(event.body)
        else:
            parts.gateway.deliver(audience, event)

    def reset(audience: str, position: Position) -> None:
        if audience == PROCESSES:
            parts.sessions.doubt()
        else:
            parts.gateway.reset(audience, position)

    async def changed(user_id: str, online: bool) -> None:
        await parts.dispatch.tell(lambda ctx: tell_presence(user_id, ctx, online=online))

    parts.store.database.lifeline.start()
    await parts.fanout.start(deliver, reset)
    await parts.fanout.listen(PROCESSES)
    parts.publisher.start()
    parts.sessions.start(parts.gateway.end_session)
    parts.presence.start(changed)
    parts.gateway.start(parts.sockets, parts.fanout)
    # What is alive now stays so: the collector need not look at it again, nor so often at the rest.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    yield
    await parts.sockets.close()
    await parts.gateway.stop()
    await parts.presence.stop()
    await parts.sessions.stop()
    await parts.publisher.stop()
    await parts.fanout.stop()
    parts.passwords.close()
    await parts.store.database.lifeline.stop()
    await parts.store.database.close()
