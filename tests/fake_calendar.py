"""Google's calendars, beside its sign-in in tests/fake_google.py: each permission has a calendar of its own.

It keeps events, etags, sequences and sync tokens as Google does, rings channels, answers Google's errors, and can be
told how to fail. What was written is looked at by `GET /written`; `POST /trouble` says which share of requests fails,
and how; `POST /acts` is what somebody does with their own hands.
"""

import asyncio
import json
import random
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

FAULTS = ("500", "429", "403", "hang", "reset", "lost")
REASONS = {500: "backendError", 429: "rateLimitExceeded", 403: "userRateLimitExceeded", 412: "conditionNotMet"}
ACCESS = timedelta(hours=1)
# So that whoever reads one page alone misses something.
FIRST_PAGE = 2


@dataclass
class Calendar:
    """One person's, and what opens it."""

    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_allowed: bool = True
    # Which change of the calendar was an event's last; sync tokens are such numbers, and older ones are taken no more.
    changed: dict[str, int] = field(default_factory=dict)
    changes: int = 0
    oldest: int = 0
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Calendars:
    """All of them, and how they fail."""

    by_grant: dict[str, Calendar] = field(default_factory=dict)
    by_access: dict[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    share: float = 0.0
    # Each fault once, in their order, and then none.
    once: bool = False
    # Only where an address ends so.
    at: str = ""
    hang: float = 0.0
    chance: random.Random = field(default_factory=random.Random)
    asked: int = 0
    refreshed: int = 0
    failed: int = 0
    # Where a channel's address is in truth, and whose certificate is good there.
    host: str = ""
    reached_at: str = ""
    listed: list[str] = field(default_factory=list)
    bells: set[asyncio.Task[None]] = field(default_factory=set)

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
    calendars.at = asked["at"]
    calendars.hang, calendars.once, calendars.chance = asked["hang"], asked["once"], random.Random(asked["seed"])
    calendars.asked = calendars.refreshed = calendars.failed = 0
    return web.json_response({})


async def written(request: web.Request) -> web.Response:
    calendars = request.app[CALENDARS]
    found = [event for one in calendars.by_grant.values() for event in one.events.values()]
    counts = {"asked": calendars.asked, "refreshed": calendars.refreshed, "failed": calendars.failed}
    allowed = sum(one.is_allowed for one in calendars.by_grant.values())
    # Of the last that was connected: the others are of other tests, or people.
    channels = [*[*calendars.by_grant.values()][-1].channels.values()] if calendars.by_grant else []
    listed = {"channels": channels, "listed": calendars.listed}
    return web.json_response({"events": found, "allowed": allowed, **counts, **listed})


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
    if not request.path.endswith(calendars.at):
        return await _as_it_is(handler, request)
    if not calendars.faults or calendars.chance.random() >= calendars.share:
        return await _as_it_is(handler, request)
    calendars.failed += 1
    fault = calendars.faults[0] if calendars.once else calendars.chance.choice(calendars.faults)
    if calendars.once:
        calendars.faults = calendars.faults[1:]
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


def kept(request: web.Request, calendar: Calendar, event: dict[str, Any]) -> web.Response:
    updated = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event = {"status": "confirmed", **event, "etag": f'"{secrets.token_hex(8)}"', "updated": updated}
    assert event["start"] != event["end"]
    calendar.events[event["id"]] = event
    calendar.changes += 1
    calendar.changed[event["id"]] = calendar.changes
    for channel in calendar.channels.values():
        ring(request.app[CALENDARS], channel, "exists")
    return web.json_response(event)


def ring(calendars: Calendars, channel: dict[str, Any], state: str) -> None:
    """Say by a channel that something has changed; nobody waits for it, nor says it again."""

    async def say() -> None:
        url = channel["address"].replace(f"https://{calendars.host}", calendars.reached_at)
        headers = {
            "X-Goog-Channel-ID": channel["id"],
            "X-Goog-Channel-Token": channel["token"],
            "X-Goog-Resource-ID": channel["resourceId"],
            "X-Goog-Resource-State": state,
            "X-Goog-Message-Number": "1",
        }
        with suppress(aiohttp.ClientError):
            async with aiohttp.ClientSession() as http, http.post(url, headers=headers):
                pass

    if calendars.host and int(channel["expiration"]) > datetime.now(UTC).timestamp() * 1000:
        task = asyncio.create_task(say())
        calendars.bells.add(task)
        task.add_done_callback(calendars.bells.discard)


async def listing(request: web.Request) -> web.Response:
    calendar, query = calendar_of(request), request.query
    request.app[CALENDARS].listed.append("since" if "syncToken" in query else "all")
    since = int(query.get("syncToken", -1))
    if 0 <= since < calendar.oldest:
        return problem(410, "fullSyncRequired")
    if since >= 0:
        assert not {*query} & {"timeMin", "timeMax", "q", "privateExtendedProperty", "orderBy"}
        found = [one for id_, one in calendar.events.items() if calendar.changed[id_] > since]
        found = [{"id": one["id"], "status": "cancelled"} if one["status"] == "cancelled" else one for one in found]
    else:
        found = [one for one in calendar.events.values() if one["status"] != "cancelled"]
        found = [one for one in found if ends(one) > datetime.fromisoformat(query["timeMin"])]
    start = int(query.get("pageToken", 0))
    more = {"nextSyncToken": str(calendar.changes)}
    end = None
    if start == 0 and len(found) > FIRST_PAGE:
        end, more = FIRST_PAGE, {"nextPageToken": str(FIRST_PAGE)}
    return web.json_response({"items": found[start:end], **more})


def ends(event: dict[str, Any]) -> datetime:
    end: dict[str, str] = event["end"]
    return datetime.fromisoformat(end.get("dateTime") or f"{end['date']}T00:00:00+00:00")


async def free_busy(request: web.Request) -> web.Response:
    calendar, asked = calendar_of(request), await request.json()
    start, end = (datetime.fromisoformat(asked[name]) for name in ("timeMin", "timeMax"))
    assert end - start < timedelta(days=62)
    busy = [
        {"start": one["start"]["dateTime"], "end": one["end"]["dateTime"]}
        for one in calendar.events.values()
        if one["status"] != "cancelled" and one.get("transparency") != "transparent" and "dateTime" in one["start"]
        if start < ends(one) and datetime.fromisoformat(one["start"]["dateTime"]) < end
    ]
    return web.json_response({"calendars": {"primary": {"busy": busy}}})


async def watch(request: web.Request) -> web.Response:
    calendars, calendar, asked = request.app[CALENDARS], calendar_of(request), await request.json()
    if not asked["address"].startswith("https://"):
        return problem(400, "push.webhookUrlNotHttps")
    expiration = int(datetime.now(UTC).timestamp() + int(asked["params"]["ttl"])) * 1000
    channel = {**asked, "resourceId": secrets.token_hex(8), "expiration": str(expiration)}
    calendar.channels[asked["id"]] = channel
    ring(calendars, channel, "sync")
    return web.json_response({name: channel[name] for name in ("id", "resourceId", "expiration")})


async def unwatch(request: web.Request) -> web.Response:
    calendar, asked = calendar_of(request), await request.json()
    if calendar.channels.get(asked["id"], {}).get("resourceId") != asked["resourceId"]:
        return problem(404, "notFound")
    del calendar.channels[asked["id"]]
    return web.Response(status=204)


async def act(request: web.Request) -> web.Response:
    """Somebody moves, deletes or restores an event of theirs, or has something else to do; the last who connected."""
    calendars, asked = request.app[CALENDARS], await request.json()
    id_, what = asked.get("id", secrets.token_hex(8)), asked["do"]
    calendar = next((one for one in calendars.by_grant.values() if id_ in one.events), None)
    calendar = calendar or [*calendars.by_grant.values()][-1]
    event = calendar.events.get(id_, {"id": id_, "sequence": 0})
    if what == "delete":
        event = {**event, "status": "cancelled"}
    elif what == "restore":
        event = {**event, "status": "confirmed"}
    else:
        times = {name: asked[name] for name in ("start", "end")}
        event = {**event, **times, "sequence": event["sequence"] + 1}
    return kept(request, calendar, event)


async def forget(request: web.Request) -> web.Response:
    """Take no sync token of before any more."""
    for one in request.app[CALENDARS].by_grant.values():
        one.oldest = one.changes = one.changes + 1
    return web.json_response({})


async def reach(request: web.Request) -> web.Response:
    """Where the host of channels is; nowhere, without an address."""
    calendars, asked = request.app[CALENDARS], await request.json()
    calendars.host, calendars.reached_at = asked["host"], asked["url"]
    return web.json_response({})


async def insert(request: web.Request) -> web.Response:
    calendar, event = calendar_of(request), await request.json()
    assert set(event["id"]) <= set("0123456789abcdefghijklmnopqrstuv"), event["id"]
    if event["id"] in calendar.events:
        return problem(409, "duplicate")
    return kept(request, calendar, {"sequence": 0, **event})


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
        kept(request, calendar, {**there, "status": "cancelled"})
        return web.Response(status=204)
    event = await request.json()
    if event["sequence"] < there["sequence"]:
        return problem(400, "invalid")
    return kept(request, calendar, {**event, "id": id_})


def add_calendars(app: web.Application) -> Calendars:
    """Add them to a Google."""
    calendars = app[CALENDARS] = Calendars()
    app.middlewares.append(troubled)
    app.router.add_post("/trouble", trouble)
    app.router.add_get("/written", written)
    app.router.add_post("/take-back", take_back)
    app.router.add_post("/revoke", revoke)
    app.router.add_post("/acts", act)
    app.router.add_post("/forget", forget)
    app.router.add_post("/reach", reach)
    app.router.add_post("/calendar/v3/freeBusy", free_busy)
    app.router.add_post("/calendar/v3/channels/stop", unwatch)
    app.router.add_post("/calendar/v3/calendars/primary/events", insert)
    app.router.add_get("/calendar/v3/calendars/primary/events", listing)
    app.router.add_post("/calendar/v3/calendars/primary/events/watch", watch)
    app.router.add_route("*", "/calendar/v3/calendars/primary/events/{id}", one_event)
    return calendars
