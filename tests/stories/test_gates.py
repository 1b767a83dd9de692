"""What stands between signing up and taking part: a captcha, terms of use to agree to, and staff that keeps one out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from server.config import Settings
from store.users import Role
from tests.asks.accounts import consents
from tests.backstage import Backstage
from tests.conftest import serving
from tests.people import PASSWORD, Person, refused
from tests.processes import Servers

TERMS = "2026-11"


@dataclass
class CaptchaService:
    """Checks answers as the three known services do: each is good once, and for the site's own secret."""

    url: str = ""
    secret: str = "captcha-secret"
    solved: set[str] = field(default_factory=set)
    asked_from: list[str] = field(default_factory=list)
    answers: bool = True
    works: bool = True

    def solve(self) -> str:
        self.solved.add(answer := uuid4().hex)
        return answer

    async def verify(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.asked_from.append(str(form["remoteip"]))
        if not self.answers:
            await asyncio.sleep(60)
        if not self.works:
            raise web.HTTPBadGateway
        good = form["secret"] == self.secret and form["response"] in self.solved
        self.solved.discard(str(form["response"]))
        return web.json_response({"success": good, "error-codes": [] if good else ["timeout-or-duplicate"]})


@pytest.fixture
async def captchas() -> AsyncIterator[CaptchaService]:
    service = CaptchaService()
    app = web.Application()
    app.router.add_post("/siteverify", service.verify)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}/siteverify"
    yield service
    await runner.cleanup()


@asynccontextmanager
async def with_terms(settings: Settings, servers: Servers, version: str = TERMS) -> AsyncIterator[str]:
    """The address of a server where there are terms to agree to."""
    changed = {"terms_version": version, "terms_url": "https://example.org/terms"}
    async with serving(settings.model_copy(update=changed), servers) as url:
        yield url


async def test_who_has_not_agreed_has_no_more_than_their_account(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession
) -> None:
    async with with_terms(settings, servers) as url:
        ada = await (await Person("ada", url, http).join()).connect()
        terms = (await ada.rest("GET", "/config/"))["terms"]
        assert terms == {"version": TERMS, "url": "https://example.org/terms"}
        bob = await Person("bob", url, http).join()
        for ask in (
            ada.rest("POST", "/messages/", {"participants": [bob.id]}),
            ada.asks("thread:open", {"participants": [bob.id]}),
            ada.asks("typing:start", {"thread_id": "0" * 24}),
            ada.rest("GET", "/messages/"),
            ada.rest("PUT", "/auth/profile", {"bio": "I play."}),
        ):
            with refused("terms_not_accepted"):
                await ask
        assert (await ada.rest("GET", "/auth/profile"))["id"] == ada.id

        with refused("conflict"):
            await ada.rest("POST", "/auth/terms", {"terms": "2019"})
        agreed = await ada.rest("POST", "/auth/terms", {"terms": TERMS})
        assert agreed["session_id"] == ada.session_id
        assert (await ada.hears("account:activity"))["activity"]["what"] == "terms_accepted"
        ada.token = agreed["access_token"]
        await ada.rest("GET", "/messages/")
        # The socket takes the new token as it takes any.
        await ada.asks("auth:refresh", {"token": ada.token})
        assert (await ada.asks("thread:list"))["items"] == []
        # Again is no news.
        await ada.rest("POST", "/auth/terms", {"terms": TERMS})
        kept = await Backstage(settings, servers).user(ada.id)
        assert [one.version for one in kept.terms] == [TERMS]
        await ada.leave()

    async with with_terms(settings, servers, "2027-01") as url:
        ada.url = url
        await ada.log_in()
        with refused("terms_not_accepted"):
            await ada.rest("GET", "/messages/")
        ada.token = (await ada.rest("POST", "/auth/terms", {"terms": "2027-01"}))["access_token"]
        await ada.refresh()
        await ada.rest("GET", "/messages/")
        kept = await Backstage(settings, servers).user(ada.id)
        assert [one.version for one in kept.terms] == [TERMS, "2027-01"]

        await ada.rest("PUT", f"/contacts/{bob.id}/", {"shares": ["phone"]})
        thread = await ada.rest("POST", "/messages/", {"participants": [bob.id], "title": "Guitar"})
        call = await ada.rest("POST", "/video-calls/", {"thread_id": thread["id"], "ring": False})
        await ada.rest("POST", f"/video-calls/{call['session_id']}/end/")
        await ada.rest("POST", f"/video-calls/{call['session_id']}/consent/", {"granted": False})
        # All of it is in one log, the last first, and by which sign-in.
        agreed = await (await ada.connect()).asks("consent:list", {"limit": 3})
        assert agreed == await ada.rest("GET", "/auth/consents/?limit=3")
        rest = await ada.asks("consent:list", {"cursor": agreed["next_cursor"]})
        assert consents([*agreed["items"], *rest["items"]]) == [
            ("recording", False, [], None, call["session_id"]),
            ("contact", True, ["phone"], bob.id, None),
            ("terms", True, ["2027-01"], None, None),
            ("terms", True, [TERMS], None, None),
        ]
        assert agreed["items"][0]["session_id"] == ada.session_id != rest["items"][0]["session_id"]
        assert rest["next_cursor"] is None
        # Of somebody else nothing of it.
        bob.url = url
        assert (await bob.rest("GET", "/auth/consents/"))["items"] == []
        await ada.leave()


async def test_agreeing_when_signing_up(settings: Settings, servers: Servers, http: aiohttp.ClientSession) -> None:
    async with with_terms(settings, servers) as url:
        body = {"name": "Ada", "email": f"{uuid4().hex}@example.org", "password": PASSWORD}
        with refused("conflict"):
            await Person("ada", url, http).rest("POST", "/auth/signup", {**body, "terms": "2019"})
        ada = Person("ada", url, http)
        ada._take(await ada.rest("POST", "/auth/signup", {**body, "terms": TERMS}))
        await ada.rest("GET", "/messages/")
        (said,) = (await ada.rest("GET", "/auth/consents/"))["items"]
        assert (said["what"], said["session_id"]) == ([TERMS], ada.session_id)


async def test_a_captcha(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession, captchas: CaptchaService
) -> None:
    changed = {
        "captcha_site_key": "site",
        "captcha_secret": SecretStr(captchas.secret),
        "captcha_verify_url": captchas.url,
    }
    async with serving(settings.model_copy(update=changed), servers) as url:
        nobody = Person("nobody", url, http)
        assert (await nobody.rest("GET", "/config/"))["captcha_site_key"] == "site"
        body = {"name": "Ada", "email": f"{uuid4().hex}@example.org", "password": PASSWORD}
        spent = captchas.solve()
        signed_up = await nobody.rest("POST", "/auth/signup", {**body, "captcha": spent})
        assert signed_up["user"]["name"] == "Ada"
        assert captchas.asked_from == ["127.0.0.1"]
        for again in ({}, {"captcha": ""}, {"captcha": "a guess"}, {"captcha": spent}):
            with refused("invalid"):
                await nobody.rest("POST", "/auth/signup", {**body, "email": "b@example.org", **again})
        with refused("invalid"):
            await nobody.rest("POST", "/auth/password/forgotten", {"email": body["email"]})
        await nobody.rest("POST", "/auth/password/forgotten", {"email": body["email"], "captcha": captchas.solve()})
        # Who has an account signs in without.
        await nobody.rest("POST", "/auth/login", {"email": body["email"], "password": PASSWORD})

        captchas.works = False
        with refused("unavailable"):
            await nobody.rest("POST", "/auth/signup", {**body, "email": "b@example.org", "captcha": captchas.solve()})
        captchas.answers = False
        async with asyncio.timeout(15):
            with refused("unavailable"):
                await nobody.rest("POST", "/auth/signup", {**body, "email": "b@example.org", "captcha": "slow"})


async def test_whom_staff_keeps_out(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers
) -> None:
    admin, bob, moderator = people
    await Backstage(settings, servers).promote(admin.id, Role.ADMIN)
    await Backstage(settings, servers).promote(moderator.id, Role.MODERATOR)
    path = f"/staff/people/{bob.id}/ban/"
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    with refused("forbidden"):
        await bob.rest("PUT", f"/staff/people/{moderator.id}/ban/", {"reason": "Envy"})
    with refused("invalid"):
        await moderator.rest("PUT", path, {"reason": "Spam", "until": "2020-01-01T00:00:00Z"})
    for staff in (admin, moderator):
        with refused("forbidden"):
            await moderator.rest("PUT", f"/staff/people/{staff.id}/ban/", {"reason": "A coup"})
    with refused("forbidden"):
        await admin.rest("PUT", f"/staff/people/{admin.id}/ban/", {"reason": "Tired"})

    await moderator.rest("PUT", path, {"reason": "You wrote to a hundred people.", "until": until})
    ended = await bob.hears("session:ended")
    assert (ended["code"], ended["reconnect"]) == ("banned", False)
    with refused("unauthenticated"):
        await bob.rest("GET", "/auth/profile")
    with refused("unauthenticated"):
        await bob.refresh()
    with refused("account_banned"):
        await bob.log_in()

    acts = (await admin.rest("GET", "/staff/acts/"))["items"]
    assert (acts[0]["act"], acts[0]["actor_id"], acts[0]["target_id"]) == ("banned", moderator.id, bob.id)
    assert acts[0]["after"].endswith("You wrote to a hundred people.")
    found = (await moderator.rest("GET", f"/staff/people/{bob.id}/activity/"))["items"]
    # The person it concerns is not told who it was, nor from where.
    assert (found[0]["what"], found[0]["device"], found[0]["ip_address"]) == ("banned", "staff", "")

    await admin.rest("DELETE", path)
    await bob.log_in()
    await bob.rest("GET", "/auth/profile")
    assert (await admin.rest("GET", "/staff/acts/"))["items"][0]["act"] == "ban_lifted"


async def test_a_ban_ends_by_itself(
    ada: Person, bob: Person, settings: Settings, servers: Servers, http: aiohttp.ClientSession
) -> None:
    await Backstage(settings, servers).promote(ada.id, Role.MODERATOR)
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    await ada.rest("PUT", f"/staff/people/{bob.id}/ban/", {"reason": "Spam", "until": until})
    async with serving(settings, servers, ahead=timedelta(days=4)) as url:
        await Person("bob", url, http, email=bob.email).log_in()
