"""What staff sees of the server's jobs, and that what is asked for by a key is done once."""

import asyncio
from functools import partial

from handlers.attachments import DropUpload
from handlers.errands import ask_later
from server.config import Settings
from server.core import make_core, utc_now
from server.embedded import Endpoints
from server.mail import DevelopmentOutbox
from store.users import Role
from tests.conftest import serving
from tests.people import Person, refused
from tests.processes import Servers

NOTHING = "0" * 24


async def test_staff_sees_what_failed_and_has_it_done_after_all(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers
) -> None:
    ada, bob, _ = people
    assert ada.backstage is not None
    await ada.backstage.promote(ada.id, Role.ADMIN)
    failed = [await ada.backstage.failed_job() for _ in range(3)]
    with refused("forbidden"):
        await bob.rest("GET", "/staff/jobs/")

    page = await ada.rest("GET", "/staff/jobs/?limit=2")
    rest = await ada.rest("GET", f"/staff/jobs/?limit=2&kind=DropUpload&cursor={page['next_cursor']}")

    found = [*page["items"], *rest["items"]]
    assert ([one["id"] for one in found], rest["next_cursor"]) == (failed[::-1], None)
    assert {(one["kind"], one["state"], one["last_error"]) for one in found} == {("DropUpload", "failed", "OSError")}
    assert (await ada.rest("GET", "/staff/jobs/?kind=Notice"))["items"] == []

    assert (await ada.rest("POST", f"/staff/jobs/{failed[0]}/retry/"))["state"] == "waiting"
    with refused("invalid_transition"):
        await ada.rest("POST", f"/staff/jobs/{failed[0]}/retry/")
    with refused("not_found"):
        await ada.rest("POST", f"/staff/jobs/{NOTHING}/retry/")
    with refused("invalid_transition"):
        await ada.rest("DELETE", f"/staff/jobs/{failed[0]}/")
    for _ in range(2):
        await ada.rest("DELETE", f"/staff/jobs/{failed[1]}/")
    assert [one["id"] for one in (await ada.rest("GET", "/staff/jobs/"))["items"]] == [failed[2]]
    dropped = (await ada.rest("GET", "/staff/acts/"))["items"][0]
    assert (dropped["act"], dropped["target_id"], dropped["after"]) == ("job_dropped", failed[1], "DropUpload")
    async with serving(settings, servers, mailer=DevelopmentOutbox()):
        done: list[str] = []
        async with asyncio.timeout(20):
            while failed[0] not in done:
                # Of a minute there are sixty.
                await asyncio.sleep(0.5)
                done = [one["id"] for one in (await ada.rest("GET", "/staff/jobs/?state=done"))["items"]]
    retried = next(act for act in (await ada.rest("GET", "/staff/acts/"))["items"] if act["act"] == "job_retried")
    assert retried["target_id"] == failed[0]


async def test_what_is_asked_for_by_a_key_waits_once_until_it_is_begun(settings: Settings, servers: Servers) -> None:
    async with serving(settings, servers):
        core = make_core(settings, Endpoints(servers.mongodb_url, servers.redis_url))
        asks = partial(core.dispatch.work, lambda ctx: ask_later(DropUpload(upload_id=NOTHING), ctx, key="the same"))

        for _ in range(3):
            await asks()
        (waiting,) = await core.store.jobs.due(at=utc_now(), limit=10)
        assert waiting.asked == 3

        assert await core.store.jobs.take(waiting, until=utc_now())
        assert not await core.store.jobs.take(waiting, until=utc_now())
        # What it is doing may have been read before this was asked.
        await asks()
        assert len(await core.store.jobs.due(at=utc_now(), limit=10)) == 2
        await core.stop()
