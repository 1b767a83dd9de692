"""The same people a while later, at a server whose clock is ahead and that works off what has become due."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from server.config import Settings
from server.core import utc_now
from server.mail import DevelopmentOutbox
from tests.conftest import serving
from tests.people import Person
from tests.processes import Servers


@asynccontextmanager
async def later(settings: Settings, servers: Servers, *people: Person, days: float) -> AsyncIterator[None]:
    """So many days later; everybody signs in and connects there."""
    async with serving(settings, servers, ahead=timedelta(days=days), mailer=DevelopmentOutbox()) as url:
        for person in people:
            where = person.since
            await person.leave()
            person.url = url
            await person.log_in()
            await person.connect(since=where)
        yield
        for person in people:
            await person.leave()


def until(moment: datetime) -> float:
    """In how many days that is."""
    return (moment - utc_now()) / timedelta(days=1)
