"""Whom staff has warned or muted, as this process knows it: asked once, then told of every change.

What it never heard of is found by looking for what changed, in one question, every few seconds.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from handlers.ports import Restraint
from server.rounds import BELATED, Rounds
from server.together import Together
from store.statements import Measure, Statement, Statements

MOST_REMEMBERED = 50_000
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
        self._newcomers = Together(self._ask, name="restraints of newcomers")
        self._looked_at = clock()
        self._rounds = Rounds(self.recheck, RECHECK, name="restraints")

    def start(self) -> None:
        """Begin to look for changes again and again."""
        self._rounds.start()

    async def stop(self) -> None:
        """End the looking."""
        await self._rounds.stop()
        await self._newcomers.stop()

    async def of(self, user_id: str) -> Restraint:
        """What somebody is kept from doing."""
        known = self._known.get(user_id)
        return await self._newcomers.ask(user_id) if known is None else known

    async def recheck(self) -> None:
        """Look whose restraints changed since the last look, and know of these people nothing more."""
        now = self._clock()
        for user_id in await self._statements.changed_since(self._looked_at - BELATED):
            self._forget(user_id)
        self._looked_at = now

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

    def _forget(self, user_id: str) -> None:
        self._heard += 1
        self._known.pop(user_id, None)

    def hear(self, body: str) -> None:
        """Take in an event of the audience of processes: `restraint:changed`."""
        self._forget(json.loads(body)["data"]["user_id"])

    def doubt(self) -> None:
        """Some changes may have gone unheard: look for them at once."""
        self._heard += 1
        self._rounds.hurry()


def _restraint(found: Sequence[Statement]) -> Restraint:
    return Restraint(
        warned=any(one.measure is Measure.WARNING for one in found),
        muted_until=max((one.until for one in found if one.measure is Measure.MUTE and one.until), default=None),
    )
