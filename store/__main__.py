"""`python -m store`: what is done to the database of MONGODB_URL from the command line."""

import argparse
import asyncio
import shlex
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

from pydantic_settings import BaseSettings, SettingsConfigDict

from store import Database, Store, Unusable
from store.demo import Asked, NotEmpty, seed


class Place(BaseSettings):
    """Which database: by the settings of the server, read where it reads them."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    mongodb_url: str | None = None
    mongodb_database: str = "skillnet"


def main() -> None:
    """Do one thing, or say what can be done."""
    parser = argparse.ArgumentParser(prog="python -m store", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("indexes", help="create what indexes are missing: the release step of a deployment")
    Asked.add_arguments(
        commands.add_parser("seed", help="write a community of people who do not exist, to try things with")
    )
    asked = parser.parse_args()
    match asked.command:
        case "indexes":
            asyncio.run(within(create_indexes, embedded="`python -m server`, which creates them as it starts"))
        case "seed":
            same = shlex.join(["python", "-m", "server.seed", *sys.argv[2:]])
            write = partial(write_demo, asked=Asked.of(asked))
            asyncio.run(within(write, embedded=f"`{same}`, while no server runs over it"))
        case _:
            parser.print_help()


async def within(do: Callable[[Store], Awaitable[None]], *, embedded: str) -> None:
    """Do something in the database that is set; one line, and a code of 1, if that cannot be."""
    place = Place()
    if place.mongodb_url is None:
        sys.exit(f"store: MONGODB_URL is not set. For the embedded database run {embedded}.")
    try:
        database = Database(place.mongodb_url, place.mongodb_database)
        try:
            await do(Store(database))
        finally:
            await database.close()
    except (NotEmpty, Unusable) as error:
        sys.exit(f"store: {error}")


async def create_indexes(store: Store) -> None:
    """Create the indexes of every collection."""
    await store.create_indexes()
    say("indexes are in place.")


async def write_demo(store: Store, *, asked: Asked) -> None:
    """Write the demo, over the indexes that it needs to be found by."""
    await store.create_indexes()
    await seed(store, asked, now=datetime.now(UTC), tell=say)


def say(line: str) -> None:
    sys.stdout.write(f"store: {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
