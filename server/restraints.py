"""Whom staff has warned or muted, as this process knows it: asked once, then told of every change.

What it never heard of is found by asking for everybody anew, in one question, every few seconds.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from handlers.ports import Restraint
from server.rounds import Rounds
from store.statements import Measure, Statement, Statements

# Each of them is asked for again and again, some at a time.
MOST_REMEMBERED = 10_000
# The bound on a change that this process never heard of.
RECHECK = timedelta(seconds=15)


class LivingRestraints:
    """What is known of people."""

    def __init__(self, statements: Statements, *, clock: Callable[[], datetime]) -> None:
        self._statements = statements
        self._clock = clock
        self._known: dict[str, Restraint] = {}
        # How often something was heard: what was asked before may be wrong by now.
        self._heard = 0
        self.rounds = Rounds(self.recheck, RECHECK, name="restraints")

    async def of(self, user_id: str) -> Restraint:
        """What somebody is kept from doing."""
        known = self._known.get(user_id)
        if known is None:
            known = (await self._ask([user_id]))[user_id]
        return known

    async def recheck(self) -> None:
        """Ask for everybody anew who is known."""
        await self._ask(list(self._known))

    async def _ask(self, user_ids: Sequence[str]) -> dict[str, Restraint]:
        heard = self._heard
        by_person: dict[str, list[Statement]] = defaultdict(list)
        for one in await self._statements.holding_any(user_ids, now=self._clock()):
            by_person[one.user_id].append(one)
        found = {user_id: _restraint(by_person[user_id]) for user_id in user_ids}
        if heard == self._heard:
            self._known |= found
            while len(self._known) > MOST_REMEMBERED:
                self._known.pop(next(iter(self._known)))
        return found

    def hear(self, body: str) -> None:
        """Take in an event of the audience of processes: `restraint:changed`."""
        self._heard += 1
        self._known.pop(json.loads(body)["data"]["user_id"], None)

    def doubt(self) -> None:
        """Some changes may have gone unheard: ask anew."""
        self._heard += 1
        self.rounds.hurry()


def _restraint(found: Sequence[Statement]) -> Restraint:
    return Restraint(
        warned=any(one.measure is Measure.WARNING for one in found),
        muted_until=max((one.until for one in found if one.measure is Measure.MUTE and one.until), default=None),
    )
