"""What one row of the public surface says: a use case, its doors, who may ask, how often.

A row has no behaviour of its own; what holds for one operation only belongs into its use case.
"""

import typing
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from handlers.context import Context
from handlers.models import Access, Asked, Command, Creating, Keyed, Outward, Signal, View
from handlers.ports import Incoming
from handlers.views.files import File

UseCase = Callable[[Any, Context], Awaitable[View | File | None]]

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class By(StrEnum):
    """Whose requests are counted together."""

    PERSON = "person"
    ADDRESS = "address"
    FIELD = "field"
    FIELD_FROM_ADDRESS = "field_from_address"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in a time."""

    times: int
    per: timedelta
    by: By
    field: str = ""


def per_person(times: int, per: timedelta) -> Limit:
    """Count the requests of one person, on all devices."""
    return Limit(times, per, By.PERSON)


def per_address(times: int, per: timedelta) -> Limit:
    """Count the requests from one network address."""
    return Limit(times, per, By.ADDRESS)


def per_field(field: str, times: int, per: timedelta) -> Limit:
    """Count the requests that name the same thing in a field: whom letters are written to."""
    return Limit(times, per, By.FIELD, field)


def per_field_from_address(field: str, times: int, per: timedelta) -> Limit:
    """Count those of them from one network address: who tries to enter an account keeps nobody else out of it."""
    return Limit(times, per, By.FIELD_FROM_ADDRESS, field)


@dataclass(frozen=True, slots=True)
class Http:
    """A REST address below /api/v1 and the status of success."""

    method: str
    path: str
    status: int = 200


def get(path: str) -> Http:
    return Http("GET", path)


def post(path: str, status: int = 200) -> Http:
    return Http("POST", path, status)


def put(path: str) -> Http:
    return Http("PUT", path)


def delete(path: str) -> Http:
    return Http("DELETE", path)


@dataclass(frozen=True)
class Operation:
    """One action and its doors."""

    run: UseCase
    http: Http | None = None
    event: str | None = None
    access: Access = Access.SIGNED_IN
    limits: tuple[Limit, ...] = ()
    # The event of the row whose action this is another address of: it is counted, and remembered, as that.
    same_as: str | None = None

    @cached_property
    def name(self) -> str:
        """How logs, limits and keys call it."""
        return self.event or self.same_as or self.run.__name__

    @cached_property
    def asked(self) -> type[Asked]:
        """The type of what is asked: the use case's first argument."""
        hints = typing.get_type_hints(self.run)
        first: type[Asked] = next(iter(hints.values()))
        return first

    @cached_property
    def bare(self) -> Asked | None:
        """What an empty payload asks, which is always the same; None if it asks too little."""
        try:
            return self.asked.model_validate({})
        except ValidationError:
            return None

    @cached_property
    def answer(self) -> Any:
        """The type of what is answered: the use case's return annotation."""
        return typing.get_type_hints(self.run)["return"]

    @cached_property
    def is_file(self) -> bool:
        return self.answer is File

    @cached_property
    def takes_file(self) -> bool:
        return any(field.annotation is Incoming for field in self.asked.model_fields.values())

    @cached_property
    def is_command(self) -> bool:
        return issubclass(self.asked, Command)

    @cached_property
    def is_outward(self) -> bool:
        return issubclass(self.asked, Outward)

    @cached_property
    def is_signal(self) -> bool:
        return issubclass(self.asked, Signal)

    @cached_property
    def is_creating(self) -> bool:
        return issubclass(self.asked, Creating)

    @cached_property
    def is_keyed(self) -> bool:
        return issubclass(self.asked, Keyed)

    @cached_property
    def speaks_partly(self) -> bool:
        """Whether it depends on what is asked that others read or hear of it."""
        return self.asked.speaks is not Asked.speaks

    @cached_property
    def summary(self) -> str:
        """The sentence that the reader of the API documents sees."""
        return (self.run.__doc__ or "").strip()
