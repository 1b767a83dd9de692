"""Swaps for calendar programs: a file for each, and a private address that can be exchanged."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from icalendar import Calendar

from handlers.calendar.ics import ics
from store.swaps import Action, Mode, Status, Step, Swap
from tests.asks.swaps import a_swap_request, at
from tests.asks.times import an_agreed_swap, some_lessons
from tests.people import Person, refused

BERLIN = ZoneInfo("Europe/Berlin")


async def fetched(http: aiohttp.ClientSession, url: str, **headers: str) -> Calendar:
    """What a calendar program reads."""
    async with http.get(url, headers=headers) as response:
        assert (response.status, response.content_type) == (200, "text/calendar"), await response.text()
        return Calendar.from_ical(await response.read())


async def test_a_swap_is_a_file_that_takes_itself_out_once_it_is_called_off(ada: Person, bob: Person) -> None:
    swap = await ada.asks("swap:request", a_swap_request(bob, note="Bring\nstrings; and, a \\ pick"))
    url = f"{ada.url}/api/v1/swaps/{swap['id']}/ics/"
    mine = {"Authorization": f"Bearer {ada.token}"}

    first = await fetched(ada.http, url, **mine)

    (event,) = first.events
    assert (first["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("PUBLISH", "TENTATIVE", 0)
    assert event["SUMMARY"] == "SkillNet: Guitar for French, with bob"
    assert event["DESCRIPTION"] == swap["note"]
    assert event.start == datetime.fromisoformat(swap["scheduled_time"])
    assert event.end - event.start == timedelta(minutes=swap["duration_minutes"])
    await bob.asks("swap:update", {"swap_id": swap["id"], "action": "reschedule", "scheduled_time": at(4)})
    await ada.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})
    (second,) = (await fetched(ada.http, url, **mine)).events
    assert (second["UID"], second["STATUS"], second["SEQUENCE"]) == (event["UID"], "CONFIRMED", 2)
    assert second.start > event.start
    await ada.asks("swap:update", {"swap_id": swap["id"], "action": "cancel"})
    last = await fetched(ada.http, url, **mine)
    assert (last["METHOD"], last.events[0]["STATUS"], last.events[0]["SEQUENCE"]) == ("CANCEL", "CANCELLED", 3)


async def test_a_feed_is_opened_by_its_address_alone_until_it_is_exchanged(
    ada: Person, bob: Person, eve: Person
) -> None:
    swaps = [await ada.asks("swap:request", a_swap_request(bob, days=3 + day)) for day in range(3)]
    await ada.asks("swap:request", a_swap_request(eve, days=9))
    await bob.asks("swap:update", {"swap_id": swaps[0]["id"], "action": "reject"})
    address = (await bob.rest("POST", "/calendar/feed/rotate"))["url"].partition("/api/v1")[2]
    url = f"{bob.url}/api/v1{address}"

    feed = await fetched(bob.http, url)

    assert feed["METHOD"] == "PUBLISH"
    assert {event["UID"].partition("@")[0]: event["STATUS"] for event in feed.events} == {
        swaps[0]["id"]: "CANCELLED",
        swaps[1]["id"]: "TENTATIVE",
        swaps[2]["id"]: "TENTATIVE",
    }
    assert feed.events[0]["SUMMARY"] == "SkillNet: French for Guitar, with ada"
    other = (await bob.rest("POST", "/calendar/feed/rotate"))["url"].partition("/api/v1")[2]
    with refused("not_found"):
        await Person("program", bob.url, bob.http).rest("GET", address)
    assert len((await fetched(bob.http, f"{bob.url}/api/v1{other}")).events) == 3
    # It opens nothing else.
    token = other.rpartition("/")[2].removesuffix(".ics")
    with refused("unauthenticated"):
        await Person("program", bob.url, bob.http, token=token).rest("GET", "/swaps/")


async def test_lessons_are_in_the_feed_each_by_itself(
    ada: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap = await an_agreed_swap(ada, bob)
    await ada.asks("series:propose", some_lessons(swap))
    address = (await bob.rest("POST", "/calendar/feed/rotate"))["url"].partition("/api/v1")[2]

    async def lessons() -> dict[str, tuple[str, int]]:
        feed = await fetched(bob.http, f"{bob.url}/api/v1{address}")
        return {
            str(event["SUMMARY"]): (str(event["STATUS"]), event["SEQUENCE"])
            for event in feed.events
            if event["UID"].startswith(f"{swap['id']}-")
        }

    names = [f"SkillNet: lesson {number}, with ada" for number in (1, 2, 3)]
    assert await lessons() == dict.fromkeys(names, ("TENTATIVE", 0))
    await bob.asks("series:accept", {"swap_id": swap["id"], "version": 1})
    await ada.asks("series:cancel", {"swap_id": swap["id"], "number": 1})
    assert await lessons() == dict.fromkeys(names, ("CONFIRMED", 2)) | {names[1]: ("CANCELLED", 2)}
    await bob.asks("series:end", {"swap_id": swap["id"]})
    assert await lessons() == dict.fromkeys(names, ("CANCELLED", 3))
    # Where there are more than anybody looks at, the last ones are there.
    monkeypatch.setattr("handlers.calendar.feeding.MOST_SERIES", 1)
    earlier, swap = swap, await an_agreed_swap(ada, bob)
    await ada.asks("series:propose", some_lessons(swap))
    assert earlier["id"] < swap["id"] and await lessons() == dict.fromkeys(names, ("TENTATIVE", 0))


@pytest.mark.parametrize(
    ("local", "fold"),
    [("2027-03-28T01:30", 0), ("2027-03-28T03:30", 0), ("2027-10-31T02:30", 0), ("2027-10-31T02:30", 1)],
)
def test_a_moment_is_the_same_one_whatever_clocks_are_changed_to(local: str, fold: int) -> None:
    moment = datetime.fromisoformat(local).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)
    (event,) = Calendar.from_ical(
        ics([a_swap(moment)], "a" * 24, {}, organizer="https://x.example", is_one=True)
    ).events
    assert event.start == moment
    assert event.end.astimezone(UTC) - moment == timedelta(minutes=90)


def a_swap(moment: datetime) -> Swap:
    step = Step(action=Action.REQUEST, by="a" * 24, at=moment, status=Status.ACCEPTED)
    return Swap(
        requestor="a" * 24,
        responder="b" * 24,
        people=("a" * 24, "b" * 24),
        pair="",
        status=Status.ACCEPTED,
        turn=None,
        offered_skill="Guitar",
        desired_skill="French",
        scheduled_time=moment,
        duration_minutes=90,
        time_zone="Europe/Berlin",
        mode=Mode.ONLINE,
        thread_id="c" * 24,
        history=(step,),
        expires_at=None,
        created_at=moment,
        updated_at=moment,
        order="",
    )
