"""What a profile is made of, beside skills and a place: when somebody is away, what they made, who sees what."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


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
