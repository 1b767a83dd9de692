"""The table of a swap's life: every status, action, role and time, and what two people's words come to."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.errors import Forbidden, NotAllowedNow
from handlers.swaps.lifecycle import DISPUTABLE, EITHER, TRANSITIONS, Role, Rule, When, is_time, roles_of, settled
from handlers.swaps.moves import require_as
from store.ids import new_id
from store.swaps import OPEN, Action, Mode, Outcome, Status, Step, Swap

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
ADA, BOB, EVE = "ada", "bob", "eve"
# What no step leads out of.
ENDS = {Status.REJECTED, Status.CANCELLED, Status.EXPIRED}


def a_swap(status: Status, *, turn: str | None = None, begins: datetime = NOW) -> Swap:
    is_open = status in OPEN
    return Swap(
        requestor=ADA,
        responder=BOB,
        people=(ADA, BOB),
        pair="ada:bob",
        status=status,
        turn=(turn or BOB) if is_open else None,
        offered_skill="Guitar",
        desired_skill="French",
        scheduled_time=begins,
        proposals=(begins,) if is_open else (),
        duration_minutes=60,
        time_zone="UTC",
        mode=Mode.ONLINE,
        thread_id=new_id(),
        history=(Step(action=Action.REQUEST, by=ADA, at=NOW, status=Status.PENDING),),
        expires_at=begins if is_open else None,
        closed_at=NOW - timedelta(days=1) if status not in OPEN and status is not Status.ACCEPTED else None,
        created_at=NOW,
        updated_at=NOW,
        order="",
    )


@pytest.mark.parametrize("status", Status)
def test_every_status_action_and_role(status: Status) -> None:
    """One is let through where the table says so, else hears which of the three is in the way."""
    times = (NOW - timedelta(hours=1), NOW, NOW + timedelta(hours=1))
    for action, role, begins in product(Action, Role, times):
        rule = TRANSITIONS.get((status, action))
        swap = a_swap(status, begins=begins)
        may = rule is not None and role in rule.roles
        is_late = role is not Role.SERVER and swap.expires_at is not None and begins <= NOW
        if rule is not None and may and is_time(rule.when, swap, NOW) and not is_late:
            assert require_as(frozenset({role}), action, swap, NOW) == rule
        else:
            with pytest.raises(NotAllowedNow if rule is None or may else Forbidden):
                require_as(frozenset({role}), action, swap, NOW)


def test_who_is_what() -> None:
    assert roles_of(ADA, a_swap(Status.PENDING)) == {Role.REQUESTOR, Role.ASKING}
    assert roles_of(BOB, a_swap(Status.PENDING)) == {Role.RESPONDER, Role.ASKED}
    assert roles_of(ADA, a_swap(Status.COUNTERED, turn=ADA)) == {Role.REQUESTOR, Role.ASKED}
    assert roles_of(BOB, a_swap(Status.ACCEPTED)) == {Role.RESPONDER}
    assert {roles_of(EVE, a_swap(status)) for status in Status} == {frozenset()}


def test_no_status_is_a_dead_end_but_those_that_end_it() -> None:
    assert {status for status, _ in TRANSITIONS} == set(Status) - ENDS
    reached = {Status.PENDING} | {rule.to for rule in TRANSITIONS.values() if rule.to is not None}
    said = [dict(zip((ADA, BOB), outcomes, strict=False)) for n in range(3) for outcomes in product(Outcome, repeat=n)]
    reached |= {settled(one, is_time_up=True) for one in said}
    assert reached == set(Status)


def test_nobody_asked_can_leave_a_swap_unanswered_for_ever() -> None:
    for status in OPEN:
        assert TRANSITIONS[status, Action.EXPIRE].to is Status.EXPIRED
        for who in (ADA, BOB):
            roles = roles_of(who, a_swap(status, turn=BOB))
            ways = {action for (one, action), rule in TRANSITIONS.items() if one is status and rule.roles & roles}
            assert ways & {Action.REJECT, Action.CANCEL}, f"{who} cannot get out of a {status} one"


def test_what_is_over_may_be_disputed_for_two_weeks() -> None:
    swap = a_swap(Status.COMPLETED)
    assert is_time(When.LATELY, swap, NOW)
    assert not is_time(When.LATELY, swap, NOW + DISPUTABLE)


words = st.dictionaries(st.sampled_from([ADA, BOB]), st.sampled_from(Outcome))


@given(words, st.booleans())
def test_what_both_say_settles_it(said: dict[str, Outcome], is_time_up: bool) -> None:
    came_to = settled(said, is_time_up=is_time_up)
    outcomes = set(said.values())
    # It stays open only while somebody is silent and the time is not up.
    assert (came_to is Status.ACCEPTED) == (len(said) < 2 and not is_time_up)
    # Nobody's word beats the other's.
    if came_to is Status.COMPLETED:
        assert outcomes <= {Outcome.HAPPENED}
    if came_to is Status.NO_SHOW:
        assert Outcome.HAPPENED not in outcomes and list(said.values()).count(Outcome.NO_SHOW) == 1
    if len(said) == 2 and Outcome.HAPPENED in outcomes and len(outcomes) == 2:
        assert came_to is Status.DISPUTED
    # Whoever speaks first changes nothing.
    assert settled(dict(reversed(said.items())), is_time_up=is_time_up) is came_to


def test_the_readme_shows_the_table() -> None:
    text = (Path(__file__).parents[3] / "README.md").read_text()
    shown = text.partition("<!-- swaps -->\n")[2].partition("<!-- /swaps -->")[0]
    assert shown == table(), f"README.md should hold between <!-- swaps --> and <!-- /swaps -->:\n\n{table()}"


def table() -> str:
    """The rules in words, those of equal ones together."""
    equal: dict[tuple[Action, Rule], list[Status]] = defaultdict(list)
    for (status, action), rule in TRANSITIONS.items():
        equal[action, rule].append(status)
    rows = ["| from | action | who | leads to | when |", "| --- | --- | --- | --- | --- |"]
    for (action, rule), statuses in equal.items():
        words = " or ".join(sorted(rule.roles)) if rule.roles != EITHER else "either"
        rows.append(f"| {', '.join(statuses)} | `{action}` | {words} | {_leads(action, rule)} | {rule.when} |")
    return "\n".join(rows) + "\n"


def _leads(action: Action, rule: Rule) -> str:
    if rule.to is not None:
        return rule.to
    return "what staff decides" if action is Action.DECIDE else "what both have said"
