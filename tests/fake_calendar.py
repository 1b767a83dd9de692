"""Google's calendars, beside its sign-in in tests/fake_google.py: each permission has a calendar of its own.

It keeps events, etags and sequences as Google does, answers Google's errors, and can be told how to fail. What was
written is looked at by `GET /written`; `POST /trouble` says which share of requests fails, and how.
"""

import asyncio
import json
import random
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
from aiohttp import web

if TYPE_CHECKING:
    from tests.people import Person

FAULTS = ("500", "429", "403", "hang", "reset", "lost")
REASONS = {500: "backendError", 429: "rateLimitExceeded", 403: "userRateLimitExceeded", 412: "conditionNotMet"}
ACCESS = timedelta(hours=1)


@dataclass
class Calendar:
    """One person's, and what opens it."""

    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_allowed: bool = True


@dataclass
class Calendars:
    """All of them, and how they fail."""

    by_grant: dict[str, Calendar] = field(default_factory=dict)
    by_access: dict[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    share: float = 0.0
    hang: float = 0.0
    chance: random.Random = field(default_factory=random.Random)
    asked: int = 0
    refreshed: int = 0
    failed: int = 0

    def allow(self, scope: str) -> dict[str, Any]:
        """Somebody agreed: what a code is exchanged for."""
        grant = f"1//{secrets.token_urlsafe(32)}"
        self.by_grant[grant] = Calendar()
        return {**self._access(grant), "refresh_token": grant, "scope": scope}

    def refresh(self, grant: str) -> dict[str, Any] | None:
        """An access token, unless the grant was taken back."""
        self.refreshed += 1
        found = self.by_grant.get(grant)
        return self._access(grant) if found is not None and found.is_allowed else None

    def _access(self, grant: str) -> dict[str, Any]:
        access = secrets.token_urlsafe()
        self.by_access[access] = grant
        return {"access_token": access, "token_type": "Bearer", "expires_in": int(ACCESS.total_seconds())}


CALENDARS = web.AppKey("calendars", Calendars)


def problem(status: int, reason: str, **headers: str) -> web.Response:
    """As Google says it."""
    errors = [{"domain": "usageLimits", "reason": reason, "message": reason}]
    body = {"error": {"code": status, "message": reason, "errors": errors}}
    return web.json_response(body, status=status, headers=headers)


async def trouble(request: web.Request) -> web.Response:
    calendars, asked = request.app[CALENDARS], await request.json()
    calendars.faults, calendars.share = tuple(asked["faults"]), asked["share"]
    calendars.hang, calendars.chance = asked["hang"], random.Random(asked["seed"])
    calendars.asked = calendars.refreshed = calendars.failed = 0
    return web.json_response({})


async def written(request: web.Request) -> web.Response:
    calendars = request.app[CALENDARS]
    found = [event for one in calendars.by_grant.values() for event in one.events.values()]
    counts = {"asked": calendars.asked, "refreshed": calendars.refreshed, "failed": calendars.failed}
    allowed = sum(one.is_allowed for one in calendars.by_grant.values())
    return web.json_response({"events": found, "allowed": allowed, **counts})


async def take_back(request: web.Request) -> web.Response:
    """Somebody takes back, in Google's own settings, whatever they allowed."""
    calendars = request.app[CALENDARS]
    for one in calendars.by_grant.values():
        one.is_allowed = False
    calendars.by_access.clear()
    return web.json_response({})


async def revoke(request: web.Request) -> web.Response:
    calendars, form = request.app[CALENDARS], await request.post()
    grant = str(form["token"])
    found = calendars.by_grant.get(grant)
    if found is None or not found.is_allowed:
        return web.json_response({"error": "invalid_token"}, status=400)
    found.is_allowed = False
    calendars.by_access = {key: of for key, of in calendars.by_access.items() if of != grant}
    return web.json_response({})


async def _as_it_is(handler: Any, request: web.Request) -> web.StreamResponse:
    answer: web.StreamResponse = await handler(request)
    return answer


@web.middleware
async def troubled(request: web.Request, handler: Any) -> web.StreamResponse:
    """Fail before, instead of, or after what is asked."""
    calendars = request.app[CALENDARS]
    if not request.path.startswith("/calendar/v3/"):
        return await _as_it_is(handler, request)
    calendars.asked += 1
    if not calendars.faults or calendars.chance.random() >= calendars.share:
        return await _as_it_is(handler, request)
    calendars.failed += 1
    fault = calendars.chance.choice(calendars.faults)
    if fault == "lost":
        await handler(request)
    if fault == "hang":
        await asyncio.sleep(calendars.hang)
    if fault in {"lost", "reset", "hang"}:
        assert request.transport is not None
        request.transport.abort()
        return web.Response(status=500)
    return problem(int(fault), REASONS[int(fault)], **({"Retry-After": "1"} if fault == "429" else {}))


def calendar_of(request: web.Request) -> Calendar:
    calendars = request.app[CALENDARS]
    grant = calendars.by_access.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if grant is None:
        raise web.HTTPUnauthorized(text=json.dumps({"error": {"code": 401, "errors": [{"reason": "authError"}]}}))
    return calendars.by_grant[grant]


def kept(calendar: Calendar, event: dict[str, Any]) -> web.Response:
    event = {"status": "confirmed", **event, "etag": f'"{secrets.token_hex(8)}"'}
    assert datetime.fromisoformat(event["start"]["dateTime"]) < datetime.fromisoformat(event["end"]["dateTime"])
    calendar.events[event["id"]] = event
    return web.json_response(event)


async def insert(request: web.Request) -> web.Response:
    calendar, event = calendar_of(request), await request.json()
    assert set(event["id"]) <= set("0123456789abcdefghijklmnopqrstuv"), event["id"]
    if event["id"] in calendar.events:
        return problem(409, "duplicate")
    return kept(calendar, {"sequence": 0, **event})


async def one_event(request: web.Request) -> web.Response:
    calendar, id_ = calendar_of(request), request.match_info["id"]
    there = calendar.events.get(id_)
    if there is None:
        return problem(404, "notFound")
    if request.method == "GET":
        return web.json_response(there)
    if request.headers.get("If-Match", there["etag"]) != there["etag"]:
        return problem(412, "conditionNotMet")
    if request.method == "DELETE":
        if there["status"] == "cancelled":
            return problem(410, "deleted")
        kept(calendar, {**there, "status": "cancelled"})
        return web.Response(status=204)
    event = await request.json()
    if event["sequence"] < there["sequence"]:
        return problem(400, "invalid")
    return kept(calendar, {**event, "id": id_})


def add_calendars(app: web.Application) -> Calendars:
    """Add them to a Google."""
    calendars = app[CALENDARS] = Calendars()
    app.middlewares.append(troubled)
    app.router.add_post("/trouble", trouble)
    app.router.add_get("/written", written)
    app.router.add_post("/take-back", take_back)
    app.router.add_post("/revoke", revoke)
    app.router.add_post("/calendar/v3/calendars/primary/events", insert)
    app.router.add_route("*", "/calendar/v3/calendars/primary/events/{id}", one_event)
    return calendars


@dataclass
class FakeCalendars:
    """Them, for a test."""

    url: str
    http: aiohttp.ClientSession

    async def fails(self, *faults: str, share: float = 1.0, hang: float = 0.0, seed: int = 1) -> None:
        """So large a share of requests fails from now on; none, without faults."""
        asked = {"faults": faults, "share": share, "hang": hang, "seed": seed}
        async with self.http.post(f"{self.url}/trouble", json=asked) as response:
            assert response.ok

    async def is_taken_back(self) -> None:
        """Everybody takes back what they allowed."""
        async with self.http.post(f"{self.url}/take-back") as response:
            assert response.ok

    async def written(self) -> dict[str, Any]:
        async with self.http.get(f"{self.url}/written") as response:
            found: dict[str, Any] = await response.json()
        return found

    async def events_of(self, swap_id: str) -> list[dict[str, Any]]:
        """What stands of a swap in all calendars."""
        return [
            one
            for one in (await self.written())["events"]
            if one["extendedProperties"]["private"]["skillnet_swap"] == swap_id and one["status"] != "cancelled"
        ]


async def connected(person: "Person", page: str) -> dict[str, Any]:
    """The whole way to Google and back: their calendar may be written."""
    begun = await person.rest("POST", "/calendar/google/begin", {"redirect_uri": page})
    ours = {"state": begun["state"], "authorization_code": await agreed(person, begun["authorization_url"])}
    calendar: dict[str, Any] = await person.rest("POST", "/calendar/google/complete", ours)
    return calendar


async def agreed(person: "Person", address: str) -> str:
    """Go where Google asks, and agree; the code that it leads back with."""
    async with person.http.get(address, allow_redirects=False) as response:
        assert response.status == 302, await response.text()
        return parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]
