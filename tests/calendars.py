"""Google's calendars as tests ask for them: what stands there, what somebody does with their hands, what goes wrong."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp

from tests.people import Person


@dataclass
class FakeCalendars:
    """Them, for a test."""

    url: str
    http: aiohttp.ClientSession

    async def fails(
        self, *faults: str, share: float = 1.0, hang: float = 0.0, seed: int = 1, once: bool = False, at: str = ""
    ) -> None:
        """So large a share of requests fails from now on, or each fault happens once; none, without faults."""
        await self._post("trouble", faults=faults, share=share, hang=hang, seed=seed, once=once, at=at)

    async def is_taken_back(self) -> None:
        """Everybody takes back what they allowed."""
        await self._post("take-back")

    async def reaches(self, host: str = "", url: str = "") -> None:
        """Google finds this host at that address; without one it rings nobody."""
        await self._post("reach", host=host, url=url)

    async def forgets(self) -> None:
        """Sync tokens of before are too old."""
        await self._post("forget")

    async def moved(self, id_: str, start: datetime, end: datetime) -> None:
        """Its person drags an event to another time."""
        await self._post("acts", do="move", id=id_, **_times(start, end))

    async def made_whole_day(self, id_: str) -> None:
        """Its person makes an event one of whole days."""
        await self._post("acts", do="move", id=id_, start={"date": "2027-02-03"}, end={"date": "2027-02-04"})

    async def deleted(self, id_: str) -> None:
        """Its person deletes an event."""
        await self._post("acts", do="delete", id=id_)

    async def restored(self, id_: str) -> None:
        """Its person takes an event out of the bin."""
        await self._post("acts", do="restore", id=id_)

    async def is_busy(self, start: datetime, end: datetime) -> None:
        """Whoever connected last has something to do."""
        await self._post("acts", do="make", **_times(start, end))

    async def _post(self, what: str, **said: Any) -> None:
        async with self.http.post(f"{self.url}/{what}", json=said) as response:
            assert response.ok, await response.text()

    async def written(self) -> dict[str, Any]:
        async with self.http.get(f"{self.url}/written") as response:
            found: dict[str, Any] = await response.json()
        return found

    async def events_of(self, swap_id: str) -> list[dict[str, Any]]:
        """What stands of a swap in all calendars."""
        return [
            one
            for one in (await self.written())["events"]
            if one.get("extendedProperties", {}).get("private", {}).get("skillnet_swap") == swap_id
            if one["status"] != "cancelled"
        ]


def _times(start: datetime, end: datetime) -> dict[str, Any]:
    return {"start": {"dateTime": start.isoformat()}, "end": {"dateTime": end.isoformat()}}


async def connected(person: Person, page: str) -> dict[str, Any]:
    """The whole way to Google and back: their calendar may be written."""
    begun = await person.rest("POST", "/calendar/google/begin", {"redirect_uri": page})
    ours = {"state": begun["state"], "authorization_code": await agreed(person, begun["authorization_url"])}
    calendar: dict[str, Any] = await person.rest("POST", "/calendar/google/complete", ours)
    return calendar


async def agreed(person: Person, address: str) -> str:
    """Go where Google asks, and agree; the code that it leads back with."""
    async with person.http.get(address, allow_redirects=False) as response:
        assert response.status == 302, await response.text()
        return parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]
