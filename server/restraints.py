"""Whom staff has warned or muted, as this process knows it: asked once, then told of every change."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from handlers.ports import Restraint
from store.statements import Measure, Statements

MOST_REMEMBERED = 50_000
# The bound on a change that this process never heard of.
BELIEVED = timedelta(seconds=15)


class Known(NamedTuple):
    restraint: Restraint
    until: datetime


class LivingRestraints:
    """What is known of people, for a while."""

    def __init__(self, statements: Statements, *, clock: Callable[[], datetime]) -> None:
        self._statements = statements
        self._clock = clock
        self._known: dict[str, Known] = {}
        # How often something was heard: what was asked before may be wrong by now.
        self._heard = 0

    async def of(self, user_id: str) -> Restraint:
        """What somebody is kept from doing."""
        known, now = self._known.get(user_id), self._clock()
        if known is not None and now < known.until:
            return known.restraint
        heard = self._heard
        found = await self._statements.holding(user_id, now=now)
        restraint = Restraint(
            warned=any(one.measure is Measure.WARNING for one in found),
            muted_until=max((one.until for one in found if one.measure is Measure.MUTE and one.until), default=None),
        )
        if heard == self._heard:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[user_id] = Known(restraint, now + BELIEVED)
        return restraint

    def hear(self, body: str) -> None:
        """Take in an event of the audience of processes: `restraint:changed`."""
        self._heard += 1
        self._known.pop(json.loads(body)["data"]["user_id"], None)

    def doubt(self) -> None:
        """Some changes may have gone unheard: ask anew."""
        self._heard += 1
        self._known.clear()
