"""How many begin in one turn of the event loop: whoever is served already waits behind no crowd of newcomers."""

import asyncio
from collections import deque


class Pace:
    """Lets so many pass in each turn of the loop, and the others in the next ones, in their order."""

    def __init__(self, each_turn: int) -> None:
        self._each_turn = each_turn
        self._left = each_turn
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._is_next_planned = False

    async def turn(self) -> None:
        """Pass in this turn of the loop, if it has room; in order."""
        self._plan_next()
        if self._left and not self._waiting:
            self._left -= 1
            return
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        await mine

    def _plan_next(self) -> None:
        if not self._is_next_planned:
            self._is_next_planned = True
            asyncio.get_running_loop().call_soon(self._begin)

    def _begin(self) -> None:
        self._is_next_planned = False
        self._left = self._each_turn
        while self._waiting and self._left:
            first = self._waiting.popleft()
            # Whoever hung up takes nobody's place.
            if not first.done():
                first.set_result(None)
                self._left -= 1
        if self._waiting:
            self._plan_next()
