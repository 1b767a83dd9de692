"""What is asked of one person's Google calendar, by Google's own client: a function for each question.

Of an event there is one for each swap and person, by an id of ours: to make it again finds that it is there. It says
which version of the swap it shows, so that a late writer changes nothing, and the time that we gave it, so that what
its person did to it is told apart from what we did.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from googleapiclient.errors import HttpError

from handlers.calendar_port import CalendarEntry, Changes, Seen
from handlers.errors import Unavailable
from handlers.times import Span
from store.calendar_watches import Channel, hash_of

PRIMARY = "primary"
GONE, CONFLICT, TOO_OLD = frozenset({404, 410}), 409, 410
# As many as Google gives at once; and of each no more than is looked at.
MOST_LISTED = 2500
LISTED = "id,etag,status,updated,start,end,extendedProperties/private"
CHANNEL_SECONDS = 7 * 86_400


def put(service: Any, entry: CalendarEntry) -> Seen | None:
    """Write it, unless it stands there so, or later; None if its person moved it and nobody has seen that yet."""
    events, body = service.events(), _body(entry)
    try:
        return read(events.insert(calendarId=PRIMARY, body={**body, "id": entry.id}).execute())
    except HttpError as error:
        if error.resp.status != CONFLICT:
            raise
    there = events.get(calendarId=PRIMARY, eventId=entry.id).execute()
    seen = read(there)
    if seen.version > entry.version:
        return seen
    if seen.version == entry.version and not seen.is_gone:
        if seen.is_moved and seen.etag != entry.known:
            return None
        if (seen.start, seen.end, there["status"]) == (entry.start, entry.end, body["status"]):
            return seen
    update = events.update(
        calendarId=PRIMARY, eventId=entry.id, body={**body, "sequence": int(there.get("sequence", 0)) + 1}
    )
    # Whoever writes at the same moment: one of us looks again.
    update.headers["If-Match"] = there["etag"]
    return read(update.execute())


def remove(service: Any, event_id: str) -> None:
    """Delete it; that it is not there is just as well."""
    try:
        service.events().delete(calendarId=PRIMARY, eventId=event_id).execute()
    except HttpError as error:
        if error.resp.status not in GONE:
            raise


def changes(service: Any, sync_token: str | None, since: datetime, ours: Collection[str]) -> Changes:
    """What became of these since the token; where it is too old, of all of them that are not over."""
    if sync_token is not None:
        try:
            found, token = _listed(service, syncToken=sync_token)
        except HttpError as error:
            if error.resp.status != TOO_OLD:
                raise
        else:
            seen = [read(one) for one in found if one["id"] in ours]
            # A list may say of what was deleted no more than that.
            return Changes([_look(service, one.id) if one.is_gone else one for one in seen], token)
    found, token = _listed(service, timeMin=since.astimezone(UTC).isoformat())
    there = {one["id"]: read(one) for one in found if one["id"] in ours}
    return Changes([there.get(id_) or _look(service, id_) for id_ in ours], token)


def busy(service: Any, within: Span) -> list[Span]:
    """When its person is busy: no more of the calendar than that."""
    body = {"timeMin": within.start.isoformat(), "timeMax": within.end.isoformat(), "items": [{"id": PRIMARY}]}
    found = service.freebusy().query(body=body).execute()["calendars"][PRIMARY]
    if found.get("errors"):
        raise Unavailable("Google does not say now when they are busy.")
    return [Span(_utc(one["start"]), _utc(one["end"])) for one in found.get("busy", [])]


def watch(service: Any, channel_id: str, token: str, address: str) -> Channel:
    """Have Google say there, with this token, that something has changed."""
    asked = {"id": channel_id, "type": "web_hook", "token": token, "address": address}
    body = {**asked, "params": {"ttl": str(CHANNEL_SECONDS)}}
    made = service.events().watch(calendarId=PRIMARY, body=body).execute()
    ends_at = datetime.fromtimestamp(int(made["expiration"]) // 1000, UTC)
    return Channel(id=channel_id, token_hash=hash_of(token), resource_id=made["resourceId"], ends_at=ends_at)


def unwatch(service: Any, channel: Channel) -> None:
    """End it; that it has ended is just as well."""
    try:
        service.channels().stop(body={"id": channel.id, "resourceId": channel.resource_id}).execute()
    except HttpError as error:
        if error.resp.status not in GONE:
            raise


def read(event: dict[str, Any]) -> Seen:
    """An event of ours as Google tells it."""
    ours = event.get("extendedProperties", {}).get("private", {})
    return Seen(
        id=event["id"],
        etag=event.get("etag", ""),
        at=_utc(event["updated"]) if "updated" in event else None,
        is_gone=event["status"] == "cancelled",
        version=int(ours.get("skillnet_version", 0)),
        start=_time_of(event.get("start", {})),
        end=_time_of(event.get("end", {})),
        written_start=_utc(ours["skillnet_start"]) if "skillnet_start" in ours else None,
    )


def _listed(service: Any, **which: str) -> tuple[list[dict[str, Any]], str]:
    fields = f"nextPageToken,nextSyncToken,items({LISTED})"
    asked = service.events().list(calendarId=PRIMARY, maxResults=MOST_LISTED, fields=fields, **which)
    found: list[dict[str, Any]] = []
    while True:
        page = asked.execute()
        found += page.get("items", [])
        if "nextPageToken" not in page:
            return found, page["nextSyncToken"]
        asked = service.events().list_next(asked, page)


def _look(service: Any, event_id: str) -> Seen:
    try:
        return read(service.events().get(calendarId=PRIMARY, eventId=event_id).execute())
    except HttpError as error:
        if error.resp.status not in GONE:
            raise
        return Seen(id=event_id, etag="", at=None, is_gone=True)


def _body(entry: CalendarEntry) -> dict[str, Any]:
    ours = {
        "skillnet_swap": entry.swap_id,
        "skillnet_version": str(entry.version),
        "skillnet_start": entry.start.astimezone(UTC).isoformat(),
    }
    return {
        "summary": entry.title,
        "description": entry.text,
        "start": {"dateTime": entry.start.astimezone(UTC).isoformat(), "timeZone": entry.time_zone},
        "end": {"dateTime": entry.end.astimezone(UTC).isoformat(), "timeZone": entry.time_zone},
        "status": "tentative" if entry.is_tentative else "confirmed",
        # What is not agreed on takes nobody's time, and so stands in the way of nothing.
        "transparency": "transparent" if entry.is_tentative else "opaque",
        "extendedProperties": {"private": ours},
    }


def _time_of(said: dict[str, str]) -> datetime | None:
    return _utc(said["dateTime"]) if "dateTime" in said else None


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
