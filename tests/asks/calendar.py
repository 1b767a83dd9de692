"""Calendars elsewhere: Ada's, and what stands in it of a swap that she asked of Bob."""

from server.operation import Operation
from store.ids import new_id
from tests.asks.base import EVERYBODY, TAKES_PART, Asker, Rights, backstage
from tests.asks.swaps import a_swap_request
from tests.calendars import agreed, connected
from tests.people import Person

PAGE = "https://app.example.org/google"
MAY: Rights = {
    "begin_calendar": EVERYBODY,
    # What somebody began is theirs: nobody else completes it.
    "complete_calendar": ("invalid", "invalid"),
    "calendar:get": EVERYBODY,
    "calendar:disconnect": EVERYBODY,
    # Bob takes part, and has not connected a calendar.
    "calendar:sync": ("not_found", "invalid_transition"),
    "calendar:unsync": TAKES_PART,
    "calendar:state": TAKES_PART,
    "rotate_feed": EVERYBODY,
    # Google's: by the token of the channel, whoever says it.
    "hear_change": EVERYBODY,
    # To whoever has the address; it is in no other way a secret of somebody who asks.
    "get_feed": EVERYBODY,
    "get_swap_ics": TAKES_PART,
}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of Ada, whose calendar is connected where she does not begin just now."""
    if row.name == "begin_calendar":
        return ada, {"redirect_uri": PAGE}
    if row.name == "complete_calendar":
        begun = await ada.rest("POST", "/calendar/google/begin", {"redirect_uri": PAGE})
        return ada, {"state": begun["state"], "authorization_code": await agreed(ada, begun["authorization_url"])}
    if row.name in {"get_feed", "rotate_feed"}:
        url = (await ada.rest("POST", "/calendar/feed/rotate"))["url"]
        return ada, {"token": url.rpartition("/")[2].removesuffix(".ics")} if row.name == "get_feed" else {}
    if row.name == "hear_change":
        # Of another one each time, so that each is the first that is heard.
        channel_id, token = await backstage(ada).watches(new_id())
        return ada, {"channel_id": channel_id, "token": token}
    await connected(ada, PAGE)
    if row.name in {"calendar:get", "calendar:disconnect"}:
        return ada, {}
    swap = await ada.asks("swap:request", a_swap_request(bob))
    return ada, {"swap_id": swap["id"]}
