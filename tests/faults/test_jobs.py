"""Workers beside each other, killed in the middle of their work: what was asked for is done by another, once."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import aiohttp
import pytest

from server.config import Settings
from server.embedded import supervisor_environment
from tests.backstage import Backstage
from tests.conftest import serving
from tests.people import PASSWORD, Person
from tests.processes import Child, Servers
from tests.smtp import PostOffice, part, post_office

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

CONFIRM = "Confirm your e-mail address"
CHANGE = "A change to your account"
# The real program, except that nobody has to wait a minute until the lease of who was killed is over.
WORKER = """
import os, sys, datetime, server.jobs, server.work
server.work.LEASE = datetime.timedelta(seconds=int(os.environ.get("LEASE_SECONDS", "3")))
from server.__main__ import main
sys.argv = ["server", "worker"]
sys.exit(main())
"""


class Workers:
    """Worker processes of one installation."""

    def __init__(self, environment: dict[str, str], stack: ExitStack, program: str = WORKER) -> None:
        self._environment = environment
        self._stack = stack
        self._program = program

    def start(self, **settings: str) -> Child:
        """One more, once it works."""
        child = Child([sys.executable, "-c", self._program], env={**self._environment, **settings})
        self._stack.enter_context(child)
        while json.loads(child.line())["event"] != "worker_ready":
            pass
        return child


def environment_of(settings: Settings, servers: Servers, folder: Path) -> dict[str, str]:
    """What a worker process of an installation is told."""
    return {
        **supervisor_environment(),
        "MONGODB_URL": servers.mongodb_url,
        "REDIS_URL": servers.redis_url,
        "MONGODB_DATABASE": settings.mongodb_database,
        "DATA_FOLDER": str(folder),
        "JWT_SECRET": "s" * 32,
        "DATA_KEYS": "d" * 32,
        "LOG_FORMAT": "json",
    }


@pytest.fixture
def workers(settings: Settings, servers: Servers, tmp_path: Path) -> Iterator[Workers]:
    with ExitStack() as stack:
        yield Workers(environment_of(settings, servers, tmp_path), stack)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[PostOffice]:
    """A mail server of this test's own."""
    folder = tmp_path / "letters"
    folder.mkdir()
    office, child = post_office(folder)
    with child:
        yield office


async def joined(name: str, settings: Settings, servers: Servers, http: aiohttp.ClientSession) -> Person:
    """Somebody who has to confirm their address: a letter is to be written."""
    async with serving(settings.model_copy(update={"confirm_email": True}), servers) as url:
        return await Person(name, url, http).join()


async def test_two_workers_write_one_letter_to_each(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession, workers: Workers, post: PostOffice
) -> None:
    # Nobody is killed, and so nobody is to take what another one is slow at.
    for _ in range(2):
        workers.start(SMTP_URL=post.url, LEASE_SECONDS="60")

    people = [await joined(f"ada{number}", settings, servers, http) for number in range(5)]

    for person in people:
        await post.letter(person.email, CONFIRM)
    await asyncio.sleep(1)  # A second one would be on its way.
    assert len(list(post.folder.glob("*.eml"))) == len(people)


async def test_what_a_killed_worker_was_doing_is_done_by_another_once(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession, workers: Workers, post: PostOffice
) -> None:
    post.hangs(True)
    first = workers.start(SMTP_URL=post.url)
    person = await joined("ada", settings, servers, http)
    await post.kept_waiting()
    workers.start(SMTP_URL=post.url, LEASE_SECONDS="60")
    first.kill()
    post.hangs(False)

    await post.letter(person.email, CONFIRM)

    # Once that is said nobody does it again, whatever becomes of a lease.
    async with asyncio.timeout(30):
        while not await Backstage(settings, servers).has_done("ConfirmAddress"):
            await asyncio.sleep(0.1)
    assert len(post.letters(person.email)) == 1


async def test_letters_wait_for_a_mail_server_and_nothing_else_does(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession, workers: Workers, post: PostOffice
) -> None:
    without = workers.start()
    async with serving(settings, servers) as url:
        person = await Person("ada", url, http).join()
        await person.rest("POST", "/auth/exports/", {"current_password": PASSWORD})
        async with asyncio.timeout(20):
            while not (await person.rest("GET", "/auth/exports/"))["items"][0]["ready"]:
                await asyncio.sleep(0.1)
    assert not [line for line in without.said if "job_put_back" in line]
    assert post.letters(person.email) == []

    workers.start(SMTP_URL=post.url)

    assert "Somebody asked for a copy" in part(await post.letter(person.email, CHANGE))
    assert "can be fetched" in part(await post.letter(person.email, "Your copy is ready"))
