"""What is done about calls though nobody asks: their deadlines, and the seats of connections and processes that end.

Every web process does it. A deadline is a field of the call and not a timer: whichever process looks next finds it.
"""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from functools import partial

import structlog

import background
from handlers import calls
from handlers.calls.access import call_of, peers
from handlers.calls.recorder import receive_helper
from handlers.errors import Conflict, Unavailable
from server.dispatch import Dispatcher
from signaling.rooms import Rooms, RoomsAway
from store.calls import Calls
from store.database import Duplicate, is_unavailable

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
AT_ONCE = 50


class CallKeeper:
    """Looks for calls and rooms whose time has come."""

    def __init__(
        self,
        dispatch: Dispatcher,
        rooms: Rooms,
        records: Calls,
        *,
        clock: Callable[[], datetime],
        helper_secret: str = "",
    ) -> None:
        self._dispatch = dispatch
        self._rooms = rooms
        self._records = records
        self._clock = clock
        # By connection and call: the seats that could not be given up, as Redis did not answer.
        self._unlost: set[tuple[str, str]] = set()
        # Until the server's own peer can sign in by it.
        self._helper_secret = helper_secret
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._rooms.start(self._look_after)
        self._task = asyncio.create_task(self._mind(), name="call deadlines")

    async def stop(self) -> None:
        """End; the rooms end with what all processes are made of."""
        await background.end(self._task)

    async def departed(self, connection_id: str, watched: Collection[str]) -> None:
        """A connection has ended: its seats are kept for a while."""
        for session_id in filter(None, map(call_of, watched)):
            try:
                await self._dispatch.tell(partial(calls.lose_connection, connection_id, session_id))
            except RoomsAway:
                # This process lives on, by which the seat would seem to.
                log.info("seat_not_lost", session_id=session_id)
                self._unlost.add((connection_id, session_id))

    async def vacated(self, connection_id: str, watched: Collection[str]) -> list[str]:
        """What a connection watches for seats that it has no more: of a call that is over nobody has to leave."""
        empty = []
        # If they cannot be looked at now, there is room for some more of them.
        with suppress(RoomsAway):
            for audience in watched:
                if (session_id := call_of(audience)) is not None:
                    room = await self._rooms.read(session_id)
                    own = [peer for peer in room.peers if peer.connection == connection_id] if room else []
                    if audience not in peers(session_id, *own):
                        empty.append(audience)
        return empty

    async def _look_after(self, session_id: str) -> None:
        try:
            if await self._dispatch.survey(partial(calls.needs_care, session_id)):
                await self._dispatch.work(partial(calls.look_after, session_id))
        except Exception as error:
            _pass_over(error)

    async def _mind(self) -> None:
        while True:
            for look in (self._receive_helper, self._mind_deadlines, self._lose_seats, self._find_rooms):
                try:
                    await look()
                except Exception as error:
                    _pass_over(error)
            await asyncio.sleep(LOOK_SECONDS)

    async def _receive_helper(self) -> None:
        if self._helper_secret:
            await self._dispatch.work(partial(receive_helper, self._helper_secret))
            self._helper_secret = ""

    async def _mind_deadlines(self) -> None:
        for session_id in await self._records.due(at=self._clock(), limit=AT_ONCE):
            await self._dispatch.work(partial(calls.time_out, session_id))

    async def _lose_seats(self) -> None:
        for seat in list(self._unlost):
            await self._dispatch.tell(partial(calls.lose_connection, *seat))
            self._unlost.discard(seat)

    async def _find_rooms(self) -> None:
        """Of calls whose rooms Redis has forgotten nobody's seat is ever given up: there is none."""
        if await self._rooms.begins_round():
            for session_id in await self._records.attended():
                await self._dispatch.survey(partial(calls.find_room, session_id))


def _pass_over(error: Exception) -> None:
    """What another process was faster with, or what does not answer now, comes again at the next look."""
    if not (isinstance(error, Conflict | Duplicate | Unavailable | RoomsAway) or is_unavailable(error)):
        log.error("call_not_minded", exc_info=error)
