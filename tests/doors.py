"""Both doors of an operation, so that one story goes through either."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from server.api import OPERATIONS
from tests.asks import by_rest
from tests.people import Person

Door = Callable[[Person, str, dict[str, Any]], Awaitable[Any]]


async def by_event(person: Person, name: str, payload: dict[str, Any]) -> Any:
    """Ask by the socket."""
    return await person.asks(name, payload)


async def by_address(person: Person, name: str, payload: dict[str, Any]) -> Any:
    """Ask by REST."""
    return await by_rest(person, next(row for row in OPERATIONS if row.name == name), payload)


both_doors = pytest.mark.parametrize("door", [by_event, by_address], ids=["event", "rest"])
