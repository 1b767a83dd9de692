"""Makes people and gigs out of a seed: the same ones each time, however many are asked for."""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from store.availability import Availability
from store.demo import names, words
from store.demo.chance import Chance
from store.demo.hours import hours_of, next_free, usual_week
from store.demo.meetings import CIRCLE, Meeting, meetings
from store.demo.places import CITIES
from store.gigs import Gig, GigSkill, Kind, Status, category_of, same_as
from store.profiles import Mode
from store.ratings import rated
from store.repository import order_of
from store.skill_directory import fold, load_directory
from store.users import KnownSkill, Level, User, trades

PASSWORD = "swap what you know"  # noqa: S105 - nobody's: it is printed, and of the demo's people alone
# Of that, as `server.security` makes them; one for all, since each takes as long as a sign-in.
PASSWORD_HASH = "$argon2id$v=19$m=19456,t=2,p=1$C3KsQdixP/1zTPXmaJ5bVA$g/6idCUoicfRzsdl4dn7+YJhweixlwzWquEC0inNqV4"  # noqa: S105
DOMAIN = "people.example.org"

JOINED_WITHIN = timedelta(days=700)
# Younger than the week before it fades: nobody is warned of hundreds of gigs on the first day.
PUBLISHED_WITHIN = timedelta(days=80)
STATUSES = (Status.ACTIVE,) * 17 + (Status.PAUSED, Status.ARCHIVED, Status.DRAFT)
MOST_TRIES = 50


class Resident(NamedTuple):
    """Somebody, when they want to meet, and the meetings that they asked for."""

    user: User
    said: Availability | None
    meetings: tuple[Meeting, ...]


class Community:
    """People and their gigs. `now` is only where their past ends."""

    def __init__(self, seed: int, people: int, *, now: datetime) -> None:
        self.chance = Chance(seed)
        self._people = people
        self.now = now.replace(microsecond=0)
        self._directory = load_directory()
        # By person: what they have published already, since nobody says the same twice.
        self._said: set[str] = set()

    def person(self, number: int) -> User:
        """The person of a number; asked again the same one."""
        random = self.chance.of("person", number)
        city = random.choice(CITIES)
        first, last = random.choice(names.FIRST[city.language]), random.choice(names.LAST[city.language])
        email = f"{_plain(first)}.{_plain(last)}.{self.chance.seed}.{number}@{DOMAIN}"
        teaches, wants = self._skills(random)
        others = random.sample([one for one in words.LANGUAGES if one != city.language], k=random.randint(0, 2))
        joined = self.now - random.random() * (JOINED_WITHIN - PUBLISHED_WITHIN) - PUBLISHED_WITHIN
        joined = joined.replace(microsecond=0)
        bio = random.choice(words.BIOS[city.language])
        return User(
            id=self.chance.id("person", number),
            name=f"{first} {last}",
            email=email,
            email_key=email,
            owned_email=email,
            password_hash=PASSWORD_HASH,
            bio=bio.format(city=city.name, skill=self._called(teaches[0].key, city.language)),
            teaches=teaches,
            wants=wants,
            trades=trades((one.key for one in teaches), (one.key for one in wants)),
            languages=(city.language, *others),
            locale=f"{city.language}-{city.region}",
            time_zone=city.time_zone,
            place=city.place,
            created_at=joined,
            updated_at=joined,
        )

    def residents(self) -> Iterator[Resident]:
        """All of them, with their time and their past, each meeting with who asked for it."""
        for first in range(0, self._people, CIRCLE):
            circle = [self.person(number) for number in range(first, first + CIRCLE)]
            people = circle[: self._people - first]
            met = list(meetings(first // CIRCLE, circle, self.chance, there=len(people), now=self.now))
            for number, person in enumerate(people, start=first):
                of_them = [one for meeting in met for one in meeting.reviews if one.reviewee == person.id]
                ratings = rated(sorted(of_them, key=lambda one: one.order, reverse=True))
                said = hours_of(person.id, self.chance.of("hours", number), at=person.created_at)
                zone = ZoneInfo(person.time_zone or "UTC")
                known: dict[str, object] = {"ratings": ratings, "rating": ratings.score}
                if said is not None:
                    known |= {"next_free_at": next_free(said, zone, self.now), "week": usual_week(said, zone, self.now)}
                asked = tuple(one for one in met if one.swap.requestor == person.id)
                yield Resident(person.model_copy(update=known), said, asked)

    def gigs(self, count: int) -> Iterator[Gig]:
        """So many, spread over all people."""
        people = [self.person(number) for number in range(min(count, self._people))]
        for number in range(count):
            yield self._gig(number, people[number % self._people])

    def _gig(self, number: int, author: User) -> Gig:
        random = self.chance.of("gig", number)
        status = random.choice(STATUSES)
        made = (self.now - random.random() * PUBLISHED_WITHIN).replace(microsecond=0)
        id_ = self.chance.id("gig", number)
        title, description, kind, offered, desired = self._words(random, author, number)
        skills = tuple(GigSkill(key=skill.key, name=skill.name) for skill in offered)
        wanted = tuple(GigSkill(key=skill.key, name=skill.name) for skill in desired)
        gig = Gig(
            id=id_,
            created_by=author.id,
            kind=kind,
            title=title,
            description=description,
            offered_skills=skills,
            desired_skills=wanted,
            mode=random.choice((Mode.ONLINE, Mode.ONLINE, Mode.OFFLINE, Mode.BOTH)),
            category=category_of(kind, skills, wanted),
            tags=tuple(random.sample(words.TAGS[author.languages[0]], k=random.randint(0, 3))),
            level=random.choice((None, *Level)),
            languages=author.languages,
            location=author.place,
            status=Status.DRAFT,
            created_at=made,
            updated_at=made,
            order=order_of(made, id_),
        )
        # Whatever is no draft was published once.
        return gig if status is Status.DRAFT else gig.begun(made).model_copy(update={"status": status})

    def _words(
        self, random: Random, author: User, number: int
    ) -> tuple[str, str, Kind, Sequence[KnownSkill], Sequence[KnownSkill]]:
        """A title and a description that this person has not used yet, and what they are about."""
        language, city = author.languages[0], author.place.label if author.place else ""
        for attempt in range(MOST_TRIES):
            kind = random.choice((Kind.OFFER,) * 4 + (Kind.REQUEST,))
            is_offer = kind is Kind.OFFER
            offered = random.sample(author.teaches, k=1 if is_offer else random.randint(0, 1))
            desired = random.sample(author.wants, k=random.randint(0, 2) if is_offer else 1)
            about = self._called((offered if is_offer else desired)[0].key, language)
            said = {"skill": about, "city": city, "years": random.randint(2, 25)}
            title = random.choice((words.OFFER_TITLES if is_offer else words.REQUEST_TITLES)[language]).format(**said)
            rows = (words.OFFERS if is_offer else words.REQUESTS)[language]
            sentences = [random.choice(row).format(**said) for row in rows]
            if is_offer and desired:
                sentences.append(words.IN_EXCHANGE[language].format(skill=self._called(desired[0].key, language)))
            title, description = title[0].upper() + title[1:], " ".join(sentences)
            if attempt == MOST_TRIES - 1:
                title = f"{title} ({number})"
            key = same_as(author.id, title, description)
            if key not in self._said:
                break
        self._said.add(key)
        return title, description, kind, offered, desired

    def _skills(self, random: Random) -> tuple[tuple[KnownSkill, ...], tuple[KnownSkill, ...]]:
        """What somebody teaches, and what they want to learn; nothing of it is both."""
        keys = random.sample(list(words.SKILLS), k=random.randint(4, 7))
        split = random.randint(2, len(keys) - 2)
        skills = [
            KnownSkill(key=key, name=self._name(key), level=random.choice(list(Level)), years=random.randint(1, 20))
            for key in keys
        ]
        return tuple(skills[:split]), tuple(skill.model_copy(update={"years": None}) for skill in skills[split:])

    def _name(self, key: str) -> str:
        skill = self._directory.get(key)
        assert skill is not None, key  # noqa: S101 - the demo's own list
        return skill.name

    @staticmethod
    def _called(key: str, language: str) -> str:
        return words.SKILLS[key][words.LANGUAGES.index(language)]


def _plain(name: str) -> str:
    """A name as it stands in an address."""
    ascii_ = unicodedata.normalize("NFKD", fold(name).replace("ß", "ss")).encode("ascii", "ignore").decode()
    return "".join(c for c in ascii_ if c.isalnum())
