"""A town of people with accounts, sessions and conversations, written straight into the database.

It is what signing up and opening conversations would have written, without ten thousand passwords to hash.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from handlers.conversations import pair_key
from server.security import AccessTokens
from store import Database, Store
from store.demo.community import Community
from store.ids import new_id
from store.memberships import Membership
from store.repository import order_of
from store.sessions import Session
from store.threads import Kind, Thread
from store.users import User

T = TypeVar("T")

SEED = 11
# As much as the embedded database writes well within the time that it has for a request.
AT_ONCE = 200
PAIR, GROUP = 2, 5
# Everybody of one neighbourhood writes to nobody outside of it.
NEIGHBOURHOOD = PAIR * GROUP
LIFETIME = timedelta(hours=4)

Resident = dict[str, Any]


async def settle(
    people: int, *, mongodb_url: str, name: str, secret: str, now: datetime, tell: Callable[[str], object]
) -> list[Resident]:
    """Write so many people, each with a conversation of two and one of five: [{name, token, threads}]."""
    tokens = AccessTokens(secret.encode(), lifetime=LIFETIME)
    database = Database(mongodb_url, name)
    store = Store(database)
    community = Community(SEED, people, now=now)
    residents: list[Resident] = []
    try:
        await store.create_indexes()
        for numbers in _batches(range(people), AT_ONCE):
            users = [community.person(number) for number in numbers]
            sessions = [_session(user, now) for user in users]
            threads = [_thread(some, now) for size in (PAIR, GROUP) for some in _batches(users, size)]
            await store.users.insert_all(users)
            await store.sessions.insert_all(sessions)
            await store.threads.insert_all(threads)
            await store.memberships.insert_all([one for thread in threads for one in _members(thread)])
            theirs: dict[str, list[str]] = {user.id: [] for user in users}
            for thread in threads:
                for person in thread.participants:
                    theirs[person].append(thread.id)
            for user, session in zip(users, sessions, strict=True):
                token = tokens.issue(user_id=user.id, session_id=session.id, now=now).token
                residents.append({"name": f"p{len(residents)}", "token": token, "threads": theirs[user.id]})
            tell(f"{len(residents):,} of {people:,} people have an account, a session and two conversations")
    finally:
        await database.close()
    return residents


def _session(user: User, now: datetime) -> Session:
    return Session(
        user_id=user.id,
        device="load",
        address="127.0.0.1",
        nonce=new_id(),
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(days=7),
    )


def _thread(users: Sequence[User], now: datetime) -> Thread:
    everybody, thread_id = tuple(user.id for user in users), new_id()
    is_pair = len(everybody) == PAIR
    return Thread(
        id=thread_id,
        kind=Kind.PAIR if is_pair else Kind.GROUP,
        pair_key=pair_key(*everybody) if is_pair else None,
        title=None if is_pair else "Neighbours",
        participants=everybody,
        admins=() if is_pair else everybody[:1],
        shown_to=everybody,
        created_by=everybody[0],
        created_at=now,
        activity_at=now,
        order=order_of(now, thread_id),
    )


def _members(thread: Thread) -> list[Membership]:
    return [
        Membership(id=f"{thread.id}:{person}", thread_id=thread.id, user_id=person, joined_at=thread.created_at)
        for person in thread.participants
    ]


def _batches(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]
