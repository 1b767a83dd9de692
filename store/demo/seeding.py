"""Writes a community into a database, batch by batch, with what is to be done about it later."""

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple, TypeVar

import pymongo

from store import Store
from store.calls import HELPER
from store.demo.community import PASSWORD, Community, Resident
from store.gigs import ASKED_BEFORE, Gig
from store.jobs import Job
from store.users import User

T = TypeVar("T")

# As much as one request carries.
AT_ONCE = 200
# Nobody waits for an answer: a database that others keep busy has time.
PATIENCE_SECONDS = 120.0
WORKED_WITHIN = timedelta(hours=6)

Progress = Callable[[str], object]


class NotEmpty(Exception):
    """Why nothing was written, in one line."""


class Asked(NamedTuple):
    """How large a community, and which."""

    people: int
    gigs: int
    seed: int
    into_existing: bool

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser) -> None:
        """What can be asked for at a command line."""
        parser.add_argument("--people", type=int, default=200, help="how many people (200)")
        parser.add_argument("--gigs", type=int, default=2000, help="how many offers and requests of theirs (2000)")
        parser.add_argument("--seed", type=int, default=7, help="another number is another community (7)")
        parser.add_argument("--into-existing", action="store_true", help="also where people are already")

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> "Asked":
        """What was asked for."""
        return cls(max(1, arguments.people), max(0, arguments.gigs), arguments.seed, arguments.into_existing)


async def seed(store: Store, asked: Asked, *, now: datetime, tell: Progress) -> None:
    """Write it. Raises `NotEmpty` where somebody is already, unless that was asked for."""
    community = Community(asked.seed, asked.people, now=now)
    # The server's own peer is no such person: it has an account as soon as a server ran.
    if not asked.into_existing and await store.users.has_others(HELPER):
        raise NotEmpty("Somebody is in this database already; --into-existing adds the demo to them.")
    first = community.person(0)
    if await store.users.get(first.id) is not None:
        raise NotEmpty(f"The community of seed {asked.seed} is in this database already; take another --seed.")
    for people in _told(community.residents(), "people", asked.people, tell):
        with pymongo.timeout(PATIENCE_SECONDS):
            await _settle(store, people, now=community.now)
    for gigs in _told(community.gigs(asked.gigs), "gigs", asked.gigs, tell):
        with pymongo.timeout(PATIENCE_SECONDS):
            await store.gigs.insert_all(gigs)
            await store.jobs.insert_all([job for gig in gigs if (job := _job(gig)) is not None])
    tell(f"Sign in as {first.email}, or anybody else of them, with the password: {PASSWORD}")


async def _settle(store: Store, people: Sequence[Resident], *, now: datetime) -> None:
    """Write some people, all that they had with each other, and what is to be done about it."""
    met = [meeting for person in people for meeting in person.meetings]
    reviews = [review for one in met for review in one.reviews]
    await store.users.insert_all([person.user for person in people])
    await store.availability.insert_all([person.said for person in people if person.said is not None])
    await store.threads.insert_all([one.thread for one in met])
    await store.memberships.insert_all([member for one in met for member in one.members])
    await store.messages.insert_all([message for one in met for message in one.messages])
    await store.swaps.insert_all([one.swap for one in met])
    await store.reviews.insert_all(reviews)
    # Points, boards, badges and matches come of these, little by little: each is some work.
    scores = [
        *(("ScoreSwap", {"swap_id": one.swap.id}, one.swap.updated_at) for one in met),
        *(("ScoreReview", {"review_id": one.id}, one.updated_at) for one in reviews),
    ]
    matches = [("FindMatches", {"user_id": person.user.id}, now) for person in people]
    later = [*_spread(scores, now), *_spread(matches, now)]
    await store.jobs.insert_all([*later, *filter(None, (_look(person.user, now) for person in people))])


def _spread(asked: Sequence[tuple[str, dict[str, str], datetime]], now: datetime) -> Iterator[Job]:
    for n, (kind, errand, at) in enumerate(asked):
        yield Job(kind=kind, errand=errand, due_at=now + WORKED_WITHIN * n / len(asked), created_at=at)


def _look(user: User, now: datetime) -> Job | None:
    """What saying when one wants to meet asks for: that it is looked again when others can meet them next."""
    if user.next_free_at is None:
        return None
    due_at = min(max(user.next_free_at, now + timedelta(hours=1)), now + timedelta(days=1))
    key, errand = f"next_free:{user.id}", {"user_id": user.id}
    return Job(kind="RefreshNextFree", errand=errand, due_at=due_at, created_at=now, key=key)


def _job(gig: Gig) -> Job | None:
    """What publishing it asks for: that its owner is asked before it fades."""
    if gig.expires_at is None:
        return None
    errand = {"gig_id": gig.id, "expires_at": f"{gig.expires_at:%Y-%m-%dT%H:%M:%SZ}"}
    return Job(kind="AgeGig", errand=errand, due_at=gig.expires_at - ASKED_BEFORE, created_at=gig.created_at)


def _told(things: Iterable[T], what: str, of: int, tell: Progress) -> Iterator[list[T]]:
    """In batches; how far it has got is told at every tenth of it, once a batch is written."""
    iterator, done, tenths = iter(things), 0, 0
    while batch := list(islice(iterator, AT_ONCE)):
        yield batch
        done += len(batch)
        if done * 10 // of > tenths:
            tenths = done * 10 // of
            tell(f"{what}: {done} of {of}")
