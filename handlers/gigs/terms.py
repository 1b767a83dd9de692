"""What a gig may say, field by field; what its fields have to say together is `require_whole`."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from handlers.errors import Invalid
from handlers.models import Asked, Clean, Id, Language, Line, Whole, within_bytes
from store.gigs import Gig, GigSkill, Kind
from store.profiles import Mode
from store.skill_directory import load_directory
from store.users import Place, Point

MOST_IMAGES = 8


def known_category(name: str) -> str:
    """Refuse what is no category of the directory."""
    if name not in load_directory().categories:
        raise ValueError(f"Must be one of {', '.join(load_directory().categories)}.")
    return name


class LocationGiven(Asked):
    """Where to meet. Of the point no more is kept than a tenth of a degree says."""

    label: Line
    point: Point

    def kept(self) -> Place:
        """As it is kept."""
        return Place(label=self.label, point=self.point)


Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), Clean]
Description = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), Clean, within_bytes(4096)]
Images = Annotated[tuple[Id, ...], Field(max_length=MOST_IMAGES, description="Ids of uploads of yours, pictures.")]
Skills = Annotated[tuple[Line, ...], Field(max_length=10, description="By any of their names.")]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=32), Clean]
Tags = Annotated[tuple[Tag, ...], Field(max_length=10)]
Languages = Annotated[tuple[Language, ...], Field(max_length=10)]
Category = Annotated[
    str,
    AfterValidator(known_category),
    WithJsonSchema({"type": "string", "enum": list(load_directory().categories)}),
]


NoticeHours = Annotated[
    Whole,
    Field(ge=0, le=720, description="Who calls it off later than so long before it has not kept their word."),
]


def known_skills(names: Iterable[str]) -> tuple[GigSkill, ...]:
    """As they are kept; what is the same by two names is there once."""
    found: dict[str, GigSkill] = {}
    for skill in map(GigSkill.called, names):
        found.setdefault(skill.key, skill)
    return tuple(found.values())


def require_whole(gig: Gig) -> None:
    """Refuse what lacks the half that makes it an offer or a request, or a place to meet."""
    if gig.kind is Kind.OFFER and not gig.offered_skills:
        raise Invalid.field("offered_skills", "An offer offers at least one skill.", code="missing")
    if gig.kind is Kind.REQUEST and not gig.desired_skills:
        raise Invalid.field("desired_skills", "A request asks for at least one skill.", code="missing")
    if gig.mode is Mode.OFFLINE and gig.location is None:
        raise Invalid.field("location", "Say where, if it is offline.", code="missing")
