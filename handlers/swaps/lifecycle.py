"""Who may do what to a swap, when, and where it leads: one table, and nothing that asks or writes.

A person has several roles at once; a rule names those of which one is enough.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from store.swaps import OPEN, Action, Outcome, Status, Swap


class Role(StrEnum):
    REQUESTOR = "requestor"
    RESPONDER = "responder"
    # While something is proposed: who has to answer, and whose proposal it is.
    ASKED = "asked"
    ASKING = "asking"
    STAFF = "staff"
    SERVER = "server"


class When(StrEnum):
    ALWAYS = "always"
    BEFORE = "before it begins"
    AFTER = "once it has begun"
    LATELY = "until two weeks after it ended"


class Rule(NamedTuple):
    """Of these roles one is enough; without `to` it leads where what both have said leads."""

    roles: frozenset[Role]
    to: Status | None
    when: When = When.ALWAYS


DISPUTABLE = timedelta(days=14)

EITHER = frozenset({Role.REQUESTOR, Role.RESPONDER})
ASKED = frozenset({Role.ASKED})
ASKING_OR_REQUESTOR = frozenset({Role.ASKING, Role.REQUESTOR})
SERVER = frozenset({Role.SERVER})
STAFF = frozenset({Role.STAFF})

_NEGOTIATED = {
    Action.ACCEPT: Rule(ASKED, Status.ACCEPTED),
    Action.REJECT: Rule(ASKED, Status.REJECTED),
    Action.CANCEL: Rule(ASKING_OR_REQUESTOR, Status.CANCELLED),
    # Whoever waits may correct what they proposed; whoever is asked turns the table by it.
    Action.RESCHEDULE: Rule(EITHER, Status.PENDING),
    Action.COUNTER: Rule(ASKED, Status.COUNTERED),
    Action.EXPIRE: Rule(SERVER, Status.EXPIRED),
    Action.CLOSE: Rule(SERVER, Status.REJECTED),
    Action.LEAVE: Rule(SERVER, Status.CANCELLED),
}

TRANSITIONS: Mapping[tuple[Status, Action], Rule] = {
    **{(status, action): rule for status in (Status.PENDING, Status.COUNTERED) for action, rule in _NEGOTIATED.items()},
    (Status.ACCEPTED, Action.RESCHEDULE): Rule(EITHER, Status.PENDING, When.BEFORE),
    (Status.ACCEPTED, Action.COUNTER): Rule(EITHER, Status.COUNTERED, When.BEFORE),
    (Status.ACCEPTED, Action.CANCEL): Rule(EITHER, Status.CANCELLED, When.BEFORE),
    (Status.ACCEPTED, Action.CONFIRM): Rule(EITHER, None, When.AFTER),
    (Status.ACCEPTED, Action.DID_NOT_HAPPEN): Rule(EITHER, None, When.AFTER),
    (Status.ACCEPTED, Action.NO_SHOW): Rule(EITHER, None, When.AFTER),
    (Status.ACCEPTED, Action.DISPUTE): Rule(EITHER, Status.DISPUTED, When.AFTER),
    (Status.ACCEPTED, Action.COMPLETE): Rule(SERVER, None, When.AFTER),
    (Status.ACCEPTED, Action.LEAVE): Rule(SERVER, Status.CANCELLED),
    (Status.COMPLETED, Action.DISPUTE): Rule(EITHER, Status.DISPUTED, When.LATELY),
    (Status.NO_SHOW, Action.DISPUTE): Rule(EITHER, Status.DISPUTED, When.LATELY),
    (Status.DISPUTED, Action.DECIDE): Rule(STAFF, None),
}

OUTCOMES = {
    Action.CONFIRM: Outcome.HAPPENED,
    Action.DID_NOT_HAPPEN: Outcome.DID_NOT_HAPPEN,
    Action.NO_SHOW: Outcome.NO_SHOW,
}

# The word by which the blueprint's `status` asks for an action.
BY_STATUS = {
    Status.PENDING: Action.RESCHEDULE,
    Status.COUNTERED: Action.COUNTER,
    Status.ACCEPTED: Action.ACCEPT,
    Status.REJECTED: Action.REJECT,
    Status.CANCELLED: Action.CANCEL,
    Status.COMPLETED: Action.CONFIRM,
    Status.NO_SHOW: Action.NO_SHOW,
    Status.DISPUTED: Action.DISPUTE,
}


def roles_of(user_id: str, swap: Swap) -> frozenset[Role]:
    """What somebody is to a swap; a stranger is nothing."""
    if user_id not in swap.people:
        return frozenset()
    roles = {Role.REQUESTOR if user_id == swap.requestor else Role.RESPONDER}
    if swap.status in OPEN:
        roles.add(Role.ASKED if user_id == swap.turn else Role.ASKING)
    return frozenset(roles)


def is_time(when: When, swap: Swap, now: datetime) -> bool:
    """Whether it is time for what may be done then."""
    match when:
        case When.BEFORE:
            return now < swap.scheduled_time
        case When.AFTER:
            return now >= swap.scheduled_time
        case When.LATELY:
            return swap.closed_at is not None and now < swap.closed_at + DISPUTABLE
    return True


def settled(said: Mapping[str, Outcome], *, is_time_up: bool) -> Status:
    """Where it leads what the two have said became of it: silence agrees once the time is up."""
    outcomes = set(said.values())
    if not is_time_up and len(said) < 2:
        return Status.ACCEPTED
    if len(said) == 2 and (Outcome.HAPPENED in outcomes) != (outcomes == {Outcome.HAPPENED}):
        return Status.DISPUTED
    if not outcomes or Outcome.HAPPENED in outcomes:
        return Status.COMPLETED
    if Outcome.NO_SHOW not in outcomes:
        return Status.CANCELLED
    # Each says that the other did not come.
    return Status.DISPUTED if len(said) == 2 and outcomes == {Outcome.NO_SHOW} else Status.NO_SHOW
