"""The whole of SkillNet over its embedded servers, with two use cases more that ask no database.

Limits that would stop the load are raised or, that of logging in, removed.
"""

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr

from handlers import auth
from handlers.context import Context
from handlers.models import Query, View
from server import app as composition
from server.api import OPERATIONS
from server.config import Settings
from server.embedded import Endpoints
from server.operation import Operation, get
from store import Database, Store
from tests.bench.ours import MANY, settings
from tests.bench.serving import run, serve
from tests.processes import started_servers


class Ask(Query):
    """A message as the benchmarks send it."""

    id: str
    type: str
    ts: str
    actor_id: str
    data: dict[str, Any]


class Answer(View):
    """The same message."""

    id: str
    type: str
    ts: str
    actor_id: str
    data: dict[str, Any]


class GetProfile(Query):
    """One's own."""


class Profile(View):
    """What all contenders answer, however much a profile of ours says by now."""

    id: str
    name: str
    email: str
    email_confirmed: bool
    second_factor: bool
    phone: str | None
    address: str | None
    profile_picture: str | None
    bio: str
    skills: tuple[str, ...]
    bannerImage: str | None  # noqa: N815
    privacy: dict[str, str]
    createdAt: datetime  # noqa: N815
    updatedAt: datetime  # noqa: N815


PROFILE = Profile.model_validate_json(os.environ["BENCH_PROFILE"])


async def ask(asked: Ask, _: Context) -> Answer:
    """What was said."""
    return Answer(id=asked.id, type=asked.type, ts=asked.ts, actor_id=asked.actor_id, data=asked.data)


async def get_profile(_: GetProfile, __: Context) -> Profile:
    """Your own profile, which is at hand."""
    return PROFILE


async def main() -> None:
    with TemporaryDirectory(prefix="bench-") as folder, started_servers(Path(folder)) as servers:
        config = Settings(
            mongodb_database="bench",
            jwt_secret=SecretStr(os.environ["BENCH_SECRET"]),
            data_keys=(SecretStr(os.environ["BENCH_SECRET"]),),
            confirm_email=False,
            max_connections_per_user=MANY,
            max_connections_per_ip=MANY,
        )
        database = Database(servers.mongodb_url, config.mongodb_database)
        await Store(database).create_indexes()
        await database.close()
        mine = (Operation(ask, event="ask"), Operation(get_profile, http=get("/bench/profile")))
        theirs = (replace(row, limits=()) if row.run is auth.log_in else row for row in OPERATIONS)
        # The table and the engine's bounds are the only things that differ from a server in use.
        vars(composition).update(OPERATIONS=(*theirs, *mine), engine_settings=lambda _: settings())
        await serve(composition.create_app(config, Endpoints(servers.mongodb_url, servers.redis_url)))


if __name__ == "__main__":
    run(main)
