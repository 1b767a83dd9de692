"""A second factor: an authenticator app, codes that are good once, and recovery codes for when it is lost."""

import asyncio
import time
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pyotp import TOTP

from server.config import Settings
from tests.conftest import serving
from tests.people import PASSWORD, Person, refused
from tests.processes import Servers

pytestmark = pytest.mark.usefixtures("unlimited")

KNOWN = {"current_password": PASSWORD}


async def set_up(person: Person) -> tuple[TOTP, list[str], str]:
    """The app, the recovery codes, and the code that it was set up with."""
    begun = await person.rest("POST", "/auth/second-factor/begin", KNOWN)
    app = TOTP(begun["secret"])
    assert begun["uri"] == app.provisioning_uri(name=person.email, issuer_name="SkillNet")
    code = app.now()
    made = await person.rest("POST", "/auth/second-factor/confirm", {"code": code})
    return app, made["recovery_codes"], code


def next_code(app: TOTP, *, steps: int = 1) -> str:
    """What the app will show; a telephone's clock may be a step ahead."""
    return str(app.at(int(time.time()) + steps * 30))


async def log_in(person: Person, code: str | None) -> Any:
    body = {"email": person.email, "password": PASSWORD, "code": code}
    return await person.rest("POST", "/auth/login", {name: value for name, value in body.items() if value})


async def test_signing_in_asks_for_a_code_that_is_good_once(ada: Person) -> None:
    with refused("invalid_transition"):
        await ada.rest("POST", "/auth/second-factor/confirm", {"code": "000000"})
    with refused("invalid"):
        await ada.rest("POST", "/auth/second-factor/begin", {"current_password": "not this one"})
    app, _, used = await set_up(ada)
    assert (await ada.rest("GET", "/auth/profile"))["second_factor"] is True

    with refused("second_factor_required"):
        await log_in(ada, None)
    with refused("second_factor_required"):
        # It was used to set it up.
        await log_in(ada, used)
    for far in (-4, 4):
        with refused("second_factor_required"):
            await log_in(ada, next_code(app, steps=far))
    code = next_code(app)
    signed_in = await log_in(ada, code)
    phone = Person("ada", ada.url, ada.http, token=signed_in["access_token"])
    await (await phone.connect()).leave()
    with refused("second_factor_required"):
        await log_in(ada, code)
    with refused("unauthenticated"):
        await ada.rest("POST", "/auth/login", {"email": ada.email, "password": "wrong", "code": next_code(app)})


async def test_one_code_signs_in_one_of_those_who_send_it_at_once(ada: Person) -> None:
    app, *_ = await set_up(ada)
    code = next_code(app)
    tries = await asyncio.gather(*(log_in(ada, code) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(one, dict) for one in tries) == 1, tries


async def test_a_recovery_code_is_good_once_however_it_is_typed(ada: Person) -> None:
    _, codes, _ = await set_up(ada)
    assert len(set(codes)) == 10
    await log_in(ada, codes[0].replace("-", "").upper())
    with refused("second_factor_required"):
        await log_in(ada, codes[0])
    renewed = await ada.rest("POST", "/auth/second-factor/recovery", {**KNOWN, "code": codes[1]})
    with refused("second_factor_required"):
        await log_in(ada, codes[2])
    await log_in(ada, renewed["recovery_codes"][0])
    heard = [(await ada.hears("account:activity"))["activity"]["what"] for _ in range(3)]
    assert heard == ["second_factor_on", "recovery_code_used", "signed_in"]


async def test_it_ends_by_password_and_code(ada: Person) -> None:
    app, codes, _ = await set_up(ada)
    for wrong, code in (({"current_password": "not this one"}, "invalid"), (KNOWN, "second_factor_required")):
        with refused(code):
            await ada.rest("POST", "/auth/second-factor/end", {**wrong, "code": "000000"})
    await ada.rest("POST", "/auth/second-factor/end", {**KNOWN, "code": next_code(app)})
    await log_in(ada, None)
    with refused("invalid_transition"):
        await ada.rest("POST", "/auth/second-factor/recovery", {**KNOWN, "code": codes[0]})


async def test_the_database_knows_neither_secret_nor_codes_and_its_key_can_be_exchanged(
    ada: Person, settings: Settings, servers: Servers
) -> None:
    app, codes, _ = await set_up(ada)
    async with AsyncMongoClient[dict[str, Any]](servers.mongodb_url) as client:
        database = client[settings.mongodb_database]
        dump = ""
        for name in await database.list_collection_names():
            dump += "".join([str(row) async for row in database[name].find({})])
    assert ada.email in dump
    for secret in (app.secret, PASSWORD, ada.refresh_token, *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in dump

    new = type(settings.data_keys[0])("e" * 32)
    exchanged = settings.model_copy(update={"data_keys": (new, *settings.data_keys)})
    async with serving(exchanged, servers) as url:
        elsewhere = Person("ada", url, ada.http, email=ada.email)
        await log_in(elsewhere, next_code(app))
