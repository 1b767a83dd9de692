"""What the demo's people had with each other: swaps that were held as both say, and what they said of them.

Only those of one circle meet, so that however many people there are, the same ones have met.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from store.demo.chance import Chance
from store.demo.hours import is_day
from store.demo.said import BY_STARS
from store.memberships import Membership, membership_id
from store.messages import Message
from store.repository import order_of
from store.reviews import Criterion, Review, SkillRating
from store.swaps import Action, Mode, Outcome, Status, Step, Swap, pair_of
from store.threads import Excerpt, Kind, Thread
from store.users import KnownSkill, User

CIRCLE = 10
MOST_EACH = 6
# Within the time in which everybody was there already; and all is said and done about the last one.
HELD_WITHIN, HELD_BEFORE = timedelta(days=70), timedelta(days=3)
# How well somebody does it: one of these for each person, and one of its stars for each swap.
STARS = ((5, 5, 5, 4), (5, 4, 5, 5), (5, 4, 4), (4, 3, 4, 5), (5, 3, 2, 1))


class Meeting(NamedTuple):
    """A swap, its conversation, and what both said of it."""

    swap: Swap
    thread: Thread
    members: tuple[Membership, ...]
    messages: tuple[Message, ...]
    reviews: tuple[Review, ...]


def meetings(circle: int, people: Sequence[User], chance: Chance, *, there: int, now: datetime) -> Iterator[Meeting]:
    """What those of a circle had with each other; only so many of them are there, and the others' time passes too."""
    random, had, met = chance.of("circle", circle), Counter[int](), list[Meeting]()
    pairs = random.sample(list(combinations(range(CIRCLE), 2)), k=random.randint(8, 16))
    for number, pair in enumerate(pairs):
        if max(had[one] for one in pair) < MOST_EACH:
            had.update(pair)
            asking, asked = random.sample([people[one] for one in pair], k=2)
            met.append(_meeting(circle * CIRCLE**2 + number, asking, asked, chance, before=met, now=now))
            if max(pair) < there:
                yield met[-1]


def _meeting(
    number: int, asking: User, asked: User, chance: Chance, *, before: Sequence[Meeting], now: datetime
) -> Meeting:
    random = chance.of("swap", number)
    learns, teaches = random.choice(asked.teaches), random.choice(asking.teaches)
    id_, thread_id, people = chance.id("swap", number), chance.id("thread", number), (asking.id, asked.id)
    length = random.choice((45, 60, 60, 90))
    theirs = [one.swap for one in before if {*one.swap.people} & {*people}]
    held = _held(random, (asking, asked), timedelta(minutes=length), theirs, now)
    history = _history(random, people, held, timedelta(minutes=length))
    begun, done = history[0].at, history[-1].at
    swap = Swap(
        id=id_,
        requestor=asking.id,
        responder=asked.id,
        people=people,
        pair=pair_of(*people),
        status=Status.COMPLETED,
        turn=None,
        offered_skill=teaches.name,
        desired_skill=learns.name,
        scheduled_time=held,
        duration_minutes=length,
        time_zone=asking.time_zone or "UTC",
        mode=Mode.ONLINE,
        thread_id=thread_id,
        version=len(history),
        history=history,
        outcomes=dict.fromkeys(people, Outcome.HAPPENED),
        kept_by=people,
        expires_at=None,
        closed_at=done,
        created_at=begun,
        updated_at=done,
        order=order_of(begun, id_),
    )
    reviews = _reviews(random, swap, ((asking, teaches), (asked, learns)), chance, number)
    return Meeting(swap, *_conversation(swap, chance, number), tuple(reviews))


def _held(random: Random, people: Sequence[User], length: timedelta, taken: Sequence[Swap], now: datetime) -> datetime:
    """An hour in which it is day where either lives, and neither has anything else."""
    zones = [ZoneInfo(one.time_zone or "UTC") for one in people]
    while True:
        at = now - HELD_BEFORE - random.random() * (HELD_WITHIN - HELD_BEFORE)
        at = at.replace(minute=0, second=0, microsecond=0)
        is_taken = any(one.scheduled_time < at + length and at < one.ends_at for one in taken)
        if not is_taken and all(is_day(at, length, zone) for zone in zones):
            return at


def _history(random: Random, people: tuple[str, str], held: datetime, length: timedelta) -> tuple[Step, ...]:
    asked = held - _some(random, days=1, of=8)
    accepted = asked + _some(random, of=1)
    confirmed = sorted(held + length + _some(random, of=1) for _ in people)
    return (
        Step(action=Action.REQUEST, by=people[0], at=asked, status=Status.PENDING, new_time=held),
        Step(action=Action.ACCEPT, by=people[1], at=accepted, status=Status.ACCEPTED),
        *(
            Step(action=Action.CONFIRM, by=by, at=at, status=status)
            for by, at, status in zip(
                random.sample(people, k=2), confirmed, (Status.ACCEPTED, Status.COMPLETED), strict=True
            )
        ),
    )


def _some(random: Random, *, days: int = 0, of: int) -> timedelta:
    return timedelta(days=days, seconds=random.randrange(of * 86_400))


def _conversation(
    swap: Swap, chance: Chance, number: int
) -> tuple[Thread, tuple[Membership, ...], tuple[Message, ...]]:
    """What the swap itself says, which both have read; they are no strangers since the second answered."""
    id_, last = swap.thread_id, len(swap.history)
    messages = tuple(
        Message(
            id=chance.id(f"message {seq}", number),
            thread_id=id_,
            seq=seq,
            sender=step.by or "",
            text="" if step.new_time is None else f"{step.new_time:%Y-%m-%dT%H:%M:%SZ}",
            system=f"swap:{step.action}",
            created_at=step.at,
        )
        for seq, step in enumerate(swap.history, start=1)
    )
    end = messages[-1]
    thread = Thread(
        id=id_,
        kind=Kind.PAIR,
        pair_key=f"{swap.pair}::{swap.id}",
        participants=swap.people,
        swap=swap.id,
        last_seq=last,
        last_message=Excerpt(message_id=end.id, seq=last, sender=end.sender, text=end.text, timestamp=end.created_at),
        sent={message.sender: message.seq for message in messages},
        shown_to=swap.people,
        created_by=swap.requestor,
        created_at=swap.created_at,
        activity_at=end.created_at,
        order=order_of(end.created_at, id_),
        asked_order=order_of(swap.created_at, id_),
    )
    return thread, tuple(_member(thread, who) for who in swap.people), messages


def _member(thread: Thread, user_id: str) -> Membership:
    return Membership(
        id=membership_id(thread.id, user_id),
        thread_id=thread.id,
        user_id=user_id,
        read_up_to=thread.last_seq,
        shown_read_up_to=thread.last_seq,
        delivered_up_to=thread.last_seq,
        noticed_up_to=thread.last_seq,
        joined_at=thread.created_at,
    )


def _reviews(
    random: Random, swap: Swap, taught: Sequence[tuple[User, KnownSkill]], chance: Chance, number: int
) -> Iterator[Review]:
    """What each says of the other, and of what that one taught; published as the second of them wrote."""
    written = [swap.updated_at + _some(random, of=1) for _ in taught]
    shown = max(written)
    for n, ((writer, _), (other, skill)) in enumerate((taught, taught[::-1])):
        id_ = chance.id(f"review {n}", number)
        stars = random.choice(STARS[int(other.id, 16) % len(STARS)])
        near = (max(1, stars - 1), stars, min(5, stars + 1))
        yield Review(
            id=id_,
            reviewer=writer.id,
            reviewee=other.id,
            rating=stars,
            comments=random.choice(BY_STARS[stars][writer.languages[0]]),
            associated_swap_request=swap.id,
            criteria={one: random.choice(near) for one in random.sample(list(Criterion), k=random.randint(0, 4))},
            skills=(SkillRating(key=skill.key, name=skill.name, rating=random.choice(near)),),
            published_at=shown,
            version=2,
            created_at=written[n],
            updated_at=shown,
            order=order_of(shown, id_),
        )
