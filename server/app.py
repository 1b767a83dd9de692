"""The composition root: every part of a web process, made by plain constructor calls and started in order."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from handlers.context import PROCESSES, Context
from handlers.events.moderation import RestraintChanged
from handlers.events.staff import MaintenanceSwitched, StaffFigures
from handlers.figures import FIGURES
from handlers.presence import tell_presence
from handlers.views.staff import ProcessView
from server import calendar_hook, docs, metrics, pages, unsubscribing, views
from server.api import OPERATIONS
from server.calls import CallKeeper
from server.config import Settings
from server.core import Core, make_core, utc_now
from server.draining import drain
from server.embedded import Endpoints
from server.engine import EngineSettings, SocketServer
from server.fanout import FeedEvent, Position
from server.gateway import Gateway
from server.jobs import Worker
from server.mail import DevelopmentOutbox, Mailer
from server.middleware import outermost, secure_headers
from server.rest import RestShell
from server.security import Doorkeeper, LivingSessions
from signaling.registry import News
from store.skill_directory import load_directory

BODY_BYTES = 256 * 1024
# What is done when the process is asked to stop, while the others are still served.
DRAIN: web.AppKey[Callable[[], Awaitable[None]]] = web.AppKey("drain")


@dataclass(slots=True)
class Parts:
    """What runs in a web process."""

    core: Core
    sessions: LivingSessions
    doorkeeper: Doorkeeper
    gateway: Gateway
    sockets: SocketServer
    worker: Worker | None
    keeper: CallKeeper

    def deliver(self, audience: str, event: FeedEvent) -> None:
        """Hand on what was heard: to people, or to what in this process it concerns."""
        if audience != PROCESSES:
            self.gateway.deliver(audience, event)
            return
        match event.type:
            case RestraintChanged.name:
                self.core.restraints.hear(event.body)
            case MaintenanceSwitched.name:
                self.core.standing.hear(event.body)
            case _:
                self.sessions.hear(event.body)

    def reset(self, audience: str, position: Position) -> None:
        """Something may have gone unheard."""
        if audience != PROCESSES:
            self.gateway.reset(audience, position)
            return
        self.sessions.doubt()
        self.core.restraints.doubt()

    async def drain(self) -> None:
        """Take in nobody and nothing new, and finish what is under way."""
        await asyncio.gather(drain(self.sockets), *([self.worker.stop()] if self.worker is not None else []))


def create_app(
    settings: Settings,
    endpoints: Endpoints,
    *,
    clock: Callable[[], datetime] = utc_now,
    mailer: Mailer | None = None,
) -> web.Application:
    """An application that starts its parts with it and stops them with it; with a mailer it is a worker too."""
    # Now, and not while the first who asks for a skill waits, and everybody else with them.
    load_directory()
    core = make_core(settings, endpoints, clock=clock)
    parts = make_parts(core, settings, mailer)
    app = web.Application(
        middlewares=[outermost(settings.allowed_origins, core.meter, core.trace)], client_max_size=BODY_BYTES
    )
    app[views.STORE], app[views.FANOUT], app[views.SOCKETS] = core.store, core.fanout, parts.sockets
    app[DRAIN] = parts.drain
    app.on_response_prepare.append(secure_headers)
    views.add_routes(app)
    docs.add_routes(app)
    pages.add_routes(app)
    unsubscribing.add_routes(app, core.dispatch, settings.trusted_proxies)
    calendar_hook.add_routes(app, core.dispatch, settings.trusted_proxies)
    if isinstance(mailer, DevelopmentOutbox):
        pages.add_outbox(app, mailer)
    RestShell(core.dispatch, parts.doorkeeper, settings.trusted_proxies).add_routes(app, OPERATIONS)
    metrics.add_routes(app, metrics.Metrics(core, parts.sockets), settings.metrics_token.get_secret_value())
    parts.sockets.attach(app)
    app.cleanup_ctx.append(lambda _: _running(parts))
    return app


def make_parts(core: Core, settings: Settings, mailer: Mailer | None) -> Parts:
    """What of a web process is not of a worker, too."""
    sessions = LivingSessions(core.store.sessions, clock=core.clock)
    doorkeeper = Doorkeeper(core.tokens, sessions, clock=core.clock)
    secret = settings.media_secret.get_secret_value()
    keeper = CallKeeper(core.dispatch, core.rooms, core.store.calls, clock=core.clock, helper_secret=secret)
    gateway = Gateway(
        core.dispatch,
        doorkeeper,
        core.presence,
        OPERATIONS,
        clock=core.clock,
        most_connections=settings.max_connections_per_user,
        limits={"message_bytes": 8192, "frame_bytes": 65_536, "page": 100},
        departed=keeper.departed,
        vacated=keeper.vacated,
        limiter=core.limiter,
        meter=core.meter,
        trace=core.trace,
    )
    sockets = SocketServer(engine_settings(settings), gateway)
    return Parts(core, sessions, doorkeeper, gateway, sockets, core.worker(mailer) if mailer else None, keeper)


def engine_settings(settings: Settings) -> EngineSettings:
    """What the Socket.IO engine is told of the settings."""
    return EngineSettings(
        ping_interval=timedelta(seconds=settings.ping_interval_seconds),
        ping_timeout=timedelta(seconds=settings.ping_timeout_seconds),
        allowed_origins=tuple(settings.allowed_origins),
        trusted_proxies=tuple(settings.trusted_proxies),
        connections_per_address=settings.max_connections_per_ip,
    )


def _figures(process: ProcessView) -> Callable[[Context], Awaitable[None]]:
    async def tell(ctx: Context) -> None:
        ctx.emit(StaffFigures(process=process), to=(FIGURES,))

    return tell


async def _running(parts: Parts) -> AsyncIterator[None]:
    core = parts.core

    async def changed(news: News) -> None:
        await core.dispatch.tell(lambda ctx: tell_presence(news, ctx))

    async def told(process: ProcessView) -> None:
        await core.dispatch.tell(_figures(process))

    await core.start(parts.deliver, parts.reset)
    await core.fanout.listen(PROCESSES)
    parts.sessions.start(parts.gateway.end_session)
    core.presence.start(changed)
    parts.gateway.start(parts.sockets, core.fanout)
    await core.standing.start(parts.gateway.stand)
    core.restraints.start()
    parts.keeper.start()
    core.meter.start()
    core.pulse.start(parts.sockets.connections, told)
    if parts.worker is not None:
        parts.worker.start()
    # What is alive now stays so: the collector need not look at it again, nor so often at the rest.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    yield
    await parts.sockets.close()
    await parts.gateway.stop()
    await parts.keeper.stop()
    await core.meter.stop()
    await core.pulse.stop()
    await core.standing.stop()
    await core.restraints.stop()
    await parts.sessions.stop()
    if parts.worker is not None:
        await parts.worker.stop()
    await core.stop()
