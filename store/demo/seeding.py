"""Writes a community into a database, batch by batch, with what is to be done about it later."""

import argparse
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple, TypeVar

import pymongo

from store import Store
from store.demo.community import PASSWORD, Community
from store.gigs import ASKED_BEFORE, Gig
from store.jobs import Job

T = TypeVar("T")

# As much as one request carries.
AT_ONCE = 200
# Nobody waits for an answer: a database that others keep busy has time.
PATIENCE_SECONDS = 120.0

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
    if not asked.into_existing and not await store.users.is_empty():
        raise NotEmpty("Somebody is in this database already; --into-existing adds the demo to them.")
    first = community.person(0)
    if await store.users.get(first.id) is not None:
        raise NotEmpty(f"The community of seed {asked.seed} is in this database already; take another --seed.")
    for part in _told(map(community.person, range(asked.people)), "people", asked.people, tell):
        with pymongo.timeout(PATIENCE_SECONDS):
            await store.users.insert_all(part)
    for gigs in _told(community.gigs(asked.gigs), "gigs", asked.gigs, tell):
        with pymongo.timeout(PATIENCE_SECONDS):
            await store.gigs.insert_all(gigs)
            await store.jobs.insert_all([job for gig in gigs if (job := _job(gig)) is not None])
    tell(f"Sign in as {first.email}, or anybody else of them, with the password: {PASSWORD}")


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
