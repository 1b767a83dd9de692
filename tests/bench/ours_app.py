"""SkillNet's whole path without a database: shells, dispatcher, limits and middlewares as `server/app.py` has them.

Its use cases answer what they are given, or a profile that is at hand; no session ever ends.
"""

import gc
import ipaddress
import os
from datetime import timedelta
from typing import Any, cast

from aiohttp import web

from handlers.context import Context
from handlers.models import Query, View
from handlers.ports import Ports
from handlers.views import ProfileView
from server.app import utc_now
from server.dispatch import Announcer, Dispatcher
from server.engine import SocketServer
from server.fanout import Fanout
from server.gateway import Gateway
from server.limits import SharedLimiter
from server.middleware import TRUSTED_PROXIES, cors, problems, secure_headers
from server.operation import Operation, get
from server.rest import RestShell
from server.security import AccessTokens, Doorkeeper, LivingSessions
from store import Store
from store.sessions import Sessions
from tests.bench.ours import MANY, settings
from tests.bench.serving import run, serve

PROFILE = ProfileView.model_validate_json(os.environ["BENCH_PROFILE"])


class Said(Query):
    """A message as the benchmarks send it."""

    id: str
    type: str
    ts: str
    actor_id: str
    data: dict[str, Any]


class Heard(View):
    """The same message."""

    id: str
    type: str
    ts: str
    actor_id: str
    data: dict[str, Any]


class GetProfile(Query):
    """One's own."""


async def answer(said: Said, _: Context) -> Heard:
    """What was said."""
    return Heard(id=said.id, type=said.type, ts=said.ts, actor_id=said.actor_id, data=said.data)


async def get_profile(_: GetProfile, ctx: Context) -> ProfileView:
    """Your own profile, which is at hand."""
    return PROFILE.model_copy(update={"id": ctx.actor.user_id})


class NoSessions:
    """Sessions without a database; none ever ends."""

    async def ended(self, ids: list[str]) -> list[str]:  # noqa: ARG002
        return []


OPERATIONS = (Operation(answer, event="ask"), Operation(get_profile, http=get("/auth/profile")))


async def main() -> None:
    url = os.environ["BENCH_REDIS_URL"]
    tokens = AccessTokens(os.environ["BENCH_SECRET"].encode(), lifetime=timedelta(hours=1))
    sessions = LivingSessions(cast("Sessions", NoSessions()))
    doorkeeper = Doorkeeper(tokens, sessions, clock=utc_now)
    limiter = SharedLimiter(url, prefix="bench")
    nothing = cast("Any", None)
    dispatch = Dispatcher(
        cast("Store", nothing), cast("Ports", nothing), limiter, cast("Announcer", nothing), clock=utc_now
    )
    fanout = Fanout(url)
    gateway = Gateway(dispatch, doorkeeper, OPERATIONS, clock=utc_now, most_connections=MANY, limits={})
    sockets = SocketServer(settings(), gateway)
    await fanout.start(gateway.deliver, gateway.reset)
    gateway.start(sockets, fanout)

    app = web.Application(middlewares=[cors(["http://127.0.0.1"]), problems])
    app[TRUSTED_PROXIES] = [ipaddress.ip_network("10.0.0.0/8")]
    app.on_response_prepare.append(secure_headers)
    RestShell(dispatch, doorkeeper).add_routes(app, OPERATIONS)
    sockets.attach(app)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    await serve(app)


if __name__ == "__main__":
    run(main)
