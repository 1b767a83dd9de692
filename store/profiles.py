"""What a profile is made of, beside skills and a place: when somebody is away, what they made, who sees what."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Mode(StrEnum):
    """How people meet."""

    ONLINE = "online"
    OFFLINE = "offline"
    BOTH = "both"


class Vacation(BaseModel):
    """When somebody is not to be asked; without an end until they say so."""

    model_config = ConfigDict(frozen=True)

    since: datetime
    until: datetime | None = None
    note: str | None = None

    def is_over(self, now: datetime) -> bool:
        return self.until is not None and self.until <= now

    def holds(self, now: datetime) -> bool:
        return self.since <= now and not self.is_over(now)


class Work(BaseModel):
    """Something that shows what somebody can do: a file of theirs, or a page elsewhere."""

    model_config = ConfigDict(frozen=True)

    title: str
    upload_id: str | None = None
    link: str | None = None


class Rate(StrEnum):
    """How many of those who turn to somebody get an answer."""

    NEARLY_ALWAYS = "nearly_always"
    MOSTLY = "mostly"
    SOMETIMES = "sometimes"
    RARELY = "rarely"


class Pace(StrEnum):
    """How soon somebody answers, if they do."""

    WITHIN_AN_HOUR = "within_an_hour"
    WITHIN_A_DAY = "within_a_day"
    WITHIN_DAYS = "within_days"


class Response(BaseModel):
    """How somebody answered those who turned to them, as of a moment."""

    model_config = ConfigDict(frozen=True)

    rate: Rate
    pace: Pace | None
    at: datetime


class ShownTo(StrEnum):
    """Who sees a part of a profile; partners are those with whom one has an accepted swap."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    PARTNERS = "partners"
    NOBODY = "nobody"


# Of whom somebody is asked: who is not signed in, who is, and who is a partner.
EVERYBODY = frozenset({ShownTo.PUBLIC})
MEMBERS = EVERYBODY | {ShownTo.SIGNED_IN}
PARTNERS = MEMBERS | {ShownTo.PARTNERS}


class Visibility(BaseModel):
    """Who sees which part of a profile. Name, pictures and skills are what people are found by: everybody does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bio: ShownTo = ShownTo.PUBLIC
    languages: ShownTo = ShownTo.PUBLIC
    place: ShownTo = ShownTo.SIGNED_IN
    time_zone: ShownTo = ShownTo.SIGNED_IN
    vacation: ShownTo = ShownTo.SIGNED_IN
    last_active: ShownTo = ShownTo.SIGNED_IN
    response: ShownTo = ShownTo.PUBLIC
    portfolio: ShownTo = ShownTo.PUBLIC
    # With whom one had swaps, as far as they are those of who looks, too: nobody else hears of it.
    mutual: ShownTo = ShownTo.SIGNED_IN
