"""A telephone number is confirmed by a code that a text message brings there: three tries, ten minutes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import quote

import aiohttp
import pytest
from pydantic import SecretStr

from server.config import Settings
from server.mail import DevelopmentOutbox
from tests.conftest import serving
from tests.fake_texts import ACCOUNT, SENDER, TOKEN, FakeTexts, started_texts
from tests.people import Person, refused
from tests.processes import Servers
from tests.stories.test_leaving import rows

pytestmark = pytest.mark.usefixtures("unlimited")
NUMBER, DIALLED = "+49 (30) 1234-567", "+49301234567"


@pytest.fixture
async def texts(http: aiohttp.ClientSession) -> AsyncIterator[FakeTexts]:
    """A service that takes text messages, as a process."""
    origin, child = started_texts()
    with child:
        yield FakeTexts(origin, http)


@pytest.fixture
def texting(settings: Settings, texts: FakeTexts) -> Settings:
    """Settings of a server that sends by it."""
    address = texts.origin.replace("://", f"://{ACCOUNT}:{quote(TOKEN)}@")
    return settings.model_copy(update={"sms_url": SecretStr(f"{address}/Messages.json"), "sms_from": SENDER})


async def asks_for_code(person: Person) -> None:
    asked = await person.rest("POST", "/auth/phone/code", {})
    assert (asked["confirmed"], asked["tries_left"]) == (False, 3)


async def tries(person: Person, code: str) -> tuple[bool, int]:
    told = await person.rest("POST", "/auth/phone/confirm", {"code": code})
    return told["confirmed"], told["tries_left"]


async def badges(person: Person) -> list[str]:
    found: list[str] = (await person.rest("GET", f"/users/{person.id}/"))["verified"]
    return found


def another(code: str) -> str:
    """One that is wrong."""
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_a_number_is_confirmed_by_a_code_that_came_there(
    texting: Settings, servers: Servers, http: aiohttp.ClientSession, texts: FakeTexts
) -> None:
    async with serving(texting, servers, mailer=DevelopmentOutbox()) as url:
        assert (await Person("nobody", url, http).rest("GET", "/config/"))["confirms_phone"] is True
        ada = await (await Person("ada", url, http).join()).connect()
        for phone in (None, "030 1234567"):
            await ada.rest("PUT", "/auth/profile", {"phone": phone})
            with refused("invalid"):
                await ada.rest("POST", "/auth/phone/code", {})
        await ada.rest("PUT", "/auth/profile", {"phone": NUMBER})
        with refused("invalid_transition"):
            await tries(ada, "123456")

        # Three tries each, and then not even by the right one.
        await asks_for_code(ada)
        first = await texts.code(DIALLED, 1)
        assert (await texts.sent())[0]["From"] == SENDER
        assert [await tries(ada, another(first)) for _ in range(3)] == [(False, 2), (False, 1), (False, 0)]
        with refused("invalid_transition"):
            await tries(ada, first)
        # A new one ends the last.
        await asks_for_code(ada)
        second = await texts.code(DIALLED, 2)
        await asks_for_code(ada)
        third = await texts.code(DIALLED, 3)
        if second != third:
            assert await tries(ada, second) == (False, 2)
        assert await badges(ada) == ["email"]
        assert await tries(ada, third) == (True, 0)
        assert (await ada.hears("account:activity"))["activity"]["what"] == "phone_confirmed"
        assert await badges(ada) == ["email", "phone"]
        # It lets its owner turn to more strangers than a newcomer may.
        allowed = await ada.rest("GET", "/messages/first-contacts/")
        assert (allowed["allowed"], allowed["more"]) == (2 * texting.first_contacts, ["a_day", "swap"])
        assert (await ada.rest("GET", "/auth/profile"))["phone_confirmed"] is True
        with refused("invalid_transition"):
            await ada.rest("POST", "/auth/phone/code", {})
        # It is of that number: another one is not.
        await ada.rest("PUT", "/auth/profile", {"phone": "+49 30 7654321"})
        assert await badges(ada) == ["email"]
        await ada.leave()
    kept = str(await rows(servers, texting))
    assert not [code for code in (first, second, third) if code in kept]


async def test_a_code_is_good_for_ten_minutes_and_a_service_may_be_away(
    texting: Settings, servers: Servers, http: aiohttp.ClientSession, texts: FakeTexts
) -> None:
    await texts.answers(503)
    async with serving(texting, servers, mailer=DevelopmentOutbox()) as url:
        ada = await Person("ada", url, http).join()
        await ada.rest("PUT", "/auth/profile", {"phone": NUMBER})
        await asks_for_code(ada)
        await texts.answers(201)
        code = await texts.code(DIALLED, 1)
    late = timedelta(minutes=11)
    async with serving(texting, servers, ahead=late, mailer=DevelopmentOutbox()) as url:
        ada.url = url
        with refused("invalid_transition"):
            await tries(ada, code)
        # What the service refuses for good is not tried again.
        await texts.answers(400)
        await asks_for_code(ada)
        async with asyncio.timeout(20):
            while not (failed := [job for job in (await rows(servers, texting))["jobs"] if job["state"] == "failed"]):
                await asyncio.sleep(0.05)
        assert [(job["kind"], job["last_error"]) for job in failed] == [("TextPhoneCode", "The number was refused.")]


async def test_where_one_develops_messages_are_printed(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(settings, servers, mailer=DevelopmentOutbox()) as url:
        ada = await Person("ada", url, http).join()
        await ada.rest("PUT", "/auth/profile", {"phone": NUMBER})
        await asks_for_code(ada)
        said = ""
        async with asyncio.timeout(20):
            while f"text to {DIALLED}: " not in (said := said + capsys.readouterr().out):
                await asyncio.sleep(0.05)
        code = said.partition(f"text to {DIALLED}: ")[2][:6]
        assert await tries(ada, code) == (True, 0)
    # Over a database of one's own there has to be a service.
    alone = settings.model_copy(update={"mongodb_url": servers.mongodb_url})
    async with serving(alone, servers) as url:
        ada.url = url
        await ada.log_in()
        assert (await ada.rest("GET", "/config/"))["confirms_phone"] is False
        assert (await ada.rest("GET", "/messages/first-contacts/"))["more"] == ["a_day", "swap"]
        with refused("invalid_transition"):
            await ada.rest("POST", "/auth/phone/code", {})
