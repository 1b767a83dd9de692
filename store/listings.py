"""What is found: one slim row for each published gig, with the keys of whatever it may be looked for by.

The embedded database reads all that a question matches before it sorts and limits, so every question here has two
ends; where they lie is told by samples: of each key every 16th, 256th, ... listing has another one, with its level.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar

from pymongo import ASCENDING, IndexModel

from store.areas import Position, squares
from store.repository import Document, Repository
from store.skill_directory import fold, load_directory
from store.terms import beginnings, stems, terms
from store.users import User

if TYPE_CHECKING:
    from store.gigs import Gig, GigSkill

# One of so many is a sample of the next level.
SAMPLED = 16
LEVELS = 3
EVERYTHING = "*"
MOST_WORDS = 100
# Words, and the stems of each.
Forms = Mapping[str, tuple[str, ...]]
SLIM = {"keys": 0, "broad": 0}
# After every order there is.
LAST = "~"
FIRST_TIME = datetime(1970, 1, 1, tzinfo=UTC)


class Listing(Document):
    """A gig as it is found; the id is the gig's.

    What was written is here as ` word/stem/stem/ word/stem/`, and a description, of which no beginnings are found, as
    its stems alone.
    """

    created_by: str
    kind: str
    mode: str
    category: str | None
    level: str | None
    languages: tuple[str, ...]
    at: Position | None
    head: str
    labels: str
    body: str
    # The keys of what is chosen from, each in a line: to be judged by.
    facts: str
    # What it is found by, and the few of them by which lists in another order than by time are read. They make most of
    # a listing, and nobody who reads many looks at them.
    keys: tuple[str, ...] = ()
    broad: tuple[str, ...] = ()
    rating: float | None
    next_free_at: datetime | None
    expires_at: datetime
    # Three strictly ordered fields to page by, the best first in descending order.
    order: str
    by_rating: str
    by_time: str

    def has(self, key: str) -> bool:
        """Whether this is so of it: a key of what is chosen from."""
        return f"\n{key}\n" in self.facts

    @classmethod
    def of(cls, gig: "Gig", author: User | None) -> "Listing":
        """A published gig, by an author of whom something is known that sorts it."""
        skills = (*gig.offered_skills, *gig.desired_skills)
        where = () if gig.location is None else (gig.location.label,)
        said = ((gig.title,), (*_names(skills), *gig.tags, *where), (gig.description,))
        head, labels, body = (_forms(texts, gig.languages) for texts in said)
        broad = [EVERYTHING, *_named("category", (gig.category,)), *_named("skill", (skill.key for skill in skills))]
        facts = [*broad, f"by:{gig.created_by}", f"kind:{gig.kind}", *_named("level", (gig.level,))]
        facts += [*_named("mode", ("online", "offline", "both") if gig.mode == "both" else (gig.mode,))]
        facts += _named("offers", (skill.key for skill in gig.offered_skills))
        facts += _named("wants", (skill.key for skill in gig.desired_skills))
        facts += [*_named("language", gig.languages), *_named("tag", map(fold, gig.tags))]
        facts += _named("place", terms(" ".join(where)))
        keys = [*facts, *(() if gig.at is None else squares(*gig.at))]
        # Each key is paid for by every write: words are asked for by their stems, and looked for as typed in the texts.
        keys += [stem for forms in (head, labels, body) for stem in chain(*forms.values())]
        keys += [key for word in (*head, *labels) for key in beginnings(word)]
        rating, free = (None, None) if author is None else (author.rating, author.next_free_at)
        return cls(
            id=gig.id, created_by=gig.created_by, kind=gig.kind, mode=gig.mode, category=gig.category, level=gig.level,
            languages=gig.languages, at=gig.at, head=_joined(head), labels=_joined(labels),
            body=f"/{'/'.join(dict.fromkeys(chain(*body.values())))}/",
            facts=_lines(facts), keys=sampled(gig.id, keys), broad=sampled(gig.id, broad), rating=rating,
            next_free_at=free, expires_at=gig.expires_at or FIRST_TIME, order=gig.order,
            by_rating=f"{rated(rating)}.{gig.order}", by_time=f"{soon(free)}.{gig.order}",
        )  # fmt: skip


class Listings(Repository[Listing]):
    collection = "listings"
    owner = "created_by"
    document = Listing
    # All ascending, though they are read from their end: of a descending one the embedded database finds nothing from
    # a bound on that is the beginning of what follows.
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("keys", ASCENDING), ("order", ASCENDING)]),  # between, orders
        IndexModel([("broad", ASCENDING), ("by_rating", ASCENDING)]),  # between, orders
        IndexModel([("broad", ASCENDING), ("by_time", ASCENDING)]),  # between, orders
        IndexModel([("created_by", ASCENDING), ("_id", ASCENDING)]),  # of_person, delete_owned
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
    )

    async def between(self, key: str, field: str, *, start: str, before: str, limit: int) -> list[Listing]:
        """The listings of a key from one place in an order to before another, the last first."""
        where = self._where(key, field, start, before)
        rows = self._rows.find(
            where, projection=SLIM, sort=[(field, -1)], limit=limit, session=await self._within()
        )  # fmt: skip
        return [self._read(row) async for row in rows]

    async def orders(self, key: str, field: str, *, level: int, start: str, before: str, limit: int) -> list[str]:
        """Where the samples of a key stand in an order between two places, the last first."""
        where = self._where(f"{level}~{key}", field, start, before)
        rows = self._rows.find(
            where, projection={field: 1}, sort=[(field, -1)], limit=limit, session=await self._within()
        )
        return [row[field] async for row in rows]

    async def among(self, ids: Collection[str]) -> frozenset[str]:
        """Those of these ids that are listed."""
        rows = self._rows.find({"_id": {"$in": list(ids)}}, projection={"_id": 1}, session=await self._within())
        return frozenset([row["_id"] async for row in rows])

    async def drop(self, ids: Collection[str]) -> None:
        """Let nobody find these."""
        if ids:
            await self._rows.delete_many({"_id": {"$in": list(ids)}}, session=await self._within())

    async def of_person(self, user_id: str, *, after: str, limit: int) -> list[str]:
        """The ids of what a person offers, from after one on."""
        where = {"created_by": user_id, "_id": {"$gt": after}}
        rows = self._rows.find(
            where, projection={"_id": 1}, sort=[("_id", ASCENDING)], limit=limit, session=await self._within()
        )
        return [row["_id"] async for row in rows]

    async def sort(self, ids: Collection[str], author: User) -> None:
        """Put these where they stand by what their author's reviews come to, and when they next have time."""
        rating, free = author.rating, author.next_free_at
        prefixes = {"by_rating": rated(rating), "by_time": soon(free)}
        texts = {name: {"$concat": [f"{prefix}.", "$order"]} for name, prefix in prefixes.items()}
        change = [{"$set": {"rating": rating, "next_free_at": free, **texts}}]
        await self._rows.update_many({"_id": {"$in": list(ids)}}, change, session=await self._within())

    @staticmethod
    def _where(key: str, field: str, start: str, before: str) -> dict[str, Any]:
        return {"keys" if field == "order" else "broad": key, field: {"$gte": start, "$lt": before}}


def rated(rating: float | None) -> str:
    """A rating as text that sorts as it does; none comes last."""
    return "" if rating is None else f"{min(max(rating, 0), 99):06.3f}"


def soon(at: datetime | None) -> str:
    """A moment as text of which the earlier is the greater; none comes last."""
    return "" if at is None else f"{10**13 - 1 - int((at - FIRST_TIME).total_seconds() * 1000):013d}"


def sampled(id_: str, keys: Iterable[str]) -> tuple[str, ...]:
    """Keys, and those by which this is a sample of each; by chance, but the same for an id at any time."""
    distinct = tuple(dict.fromkeys(keys))
    number = int.from_bytes(hashlib.blake2b(id_.encode(), digest_size=4).digest())
    levels = [level for level in range(1, LEVELS + 1) if number % SAMPLED**level == 0]
    return (*distinct, *(f"{level}~{key}" for level in levels for key in distinct))


def _forms(texts: Iterable[str], languages: Sequence[str]) -> Forms:
    return {word: stems(word, languages) for word in terms(" ".join(texts), most=MOST_WORDS)}


def _lines(facts: Iterable[str]) -> str:
    return "".join(f"\n{fact}" for fact in dict.fromkeys(facts)) + "\n"


def _joined(forms: Forms) -> str:
    return "".join(f" {word}/{'/'.join(found)}/" for word, found in forms.items())


def _names(skills: Iterable["GigSkill"]) -> Iterator[str]:
    for skill in skills:
        yield skill.name
        if (known := load_directory().get(skill.key)) is not None:
            yield known.name


def _named(name: str, values: Iterable[str | None]) -> Iterator[str]:
    return (f"{name}:{value}" for value in values if value is not None)
