"""The fan-out itself: one connection to Redis, kept alive, over which events are published, heard and replayed.

Nothing here waits for Redis longer than a second; while it is away the outbox keeps what was committed.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache, partial

import structlog
from hiredis import ReplyError

import background
from server.fanout.feeds import (
    APPEND,
    GAP,
    LEAD,
    PREFIX,
    READ,
    Deliver,
    FanoutUnavailable,
    Keys,
    Position,
    Replay,
    Reset,
)
from server.fanout.link import Link, Replies, open_link, pack
from server.fanout.listening import Listening, feed_event, new_epoch, number_of
from store.outbox import OutboxRow

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 1.0
# A Redis that is stopped, not dead, is found out within the sum of both.
HEARTBEAT_SECONDS = 0.5
SILENCE_SECONDS = 1.5
RETRY_SECONDS = (0.05, 0.4)
CHECK_SECONDS = 5.0
# Half a kilobyte each: the people who are being written to.
MOST_NAMES = 10_000


Feeds = dict[str, list[OutboxRow]]
Settle = Callable[[list[OutboxRow] | None], None]


def _word(text: str) -> str:
    """One argument of a command; its length is that of its bytes."""
    return f"${len(text) if text.isascii() else len(text.encode())}\r\n{text}\r\n"


EVALSHA_APPEND = _word("EVALSHA") + _word(APPEND.digest)


def _by_audience(rows: Sequence[OutboxRow]) -> Feeds:
    feeds: Feeds = {}
    for row in rows:
        for audience in row.audiences:
            feeds.setdefault(audience, []).append(row)
    return feeds


class Fanout:
    """Publishes to audiences and delivers to those that this process has listeners for.

    `counts` holds what was published, repeated and early, and how often the connection was made.
    """

    def __init__(
        self,
        url: str,
        *,
        prefix: str = PREFIX,
        window: int = 1000,
        check_every: float = CHECK_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._url = url
        # Of an installation: channels are one for all of a Redis, whatever the number of the database.
        self._prefix = prefix
        self._window = window
        self._clock = clock
        self._check_every = check_every
        self._names = lru_cache(MOST_NAMES)(self._named)
        self._link: Link | None = None
        self._task: asyncio.Task[None] | None = None
        self.counts: Counter[str] = Counter()

    async def start(self, deliver: Deliver, reset: Reset) -> None:
        """Connect, and stay connected; waits for Redis one second at most, and goes on without it."""
        self._listening = Listening(deliver, reset, prefix=self._prefix)
        connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._stay_connected(connected), name="fan-out")
        await asyncio.wait((connected,), timeout=PATIENCE_SECONDS)

    async def stop(self) -> None:
        """End the connection."""
        await background.end(self._task)

    @property
    def healthy(self) -> bool:
        """Whether Redis answered within the last two seconds."""
        return self._link is not None

    # Publishing

    def send(self, rows: Sequence[OutboxRow], settle: Settle) -> None:
        """Append rows to the feeds of their audiences, after all that was sent before; never waits.

        `settle` gets what `publish` answers, or None when Redis does not answer.
        """
        link = self._link
        if link is None:
            settle(None)
            return
        feeds = _by_audience(rows)
        if feeds:
            link.send(self._appends(link, feeds), len(feeds), partial(self._sent, link, feeds, settle))
        else:
            settle([])

    async def publish(self, rows: Sequence[OutboxRow], *, close_gaps: bool = False) -> list[OutboxRow]:
        """Append rows to the feeds of their audiences; those already there are recognised by their order.

        Answers the rows that came before their predecessors and were not (wholly) appended, unless gaps are to be
        closed. Raises FanoutUnavailable within a second.
        """
        link = self._connected()
        feeds = _by_audience(rows)
        if not feeds:
            return []
        asked = self._appends(link, feeds, close_gaps=close_gaps)
        return self._early(feeds, await link.ask(asked, len(feeds), within=PATIENCE_SECONDS))

    async def answered(self) -> None:
        """Wait until Redis has answered all that was sent before; raises FanoutUnavailable within a second."""
        await self._connected().ask(pack("PING"), 1, within=PATIENCE_SECONDS)

    def whisper(self, audience: str, type_: str, body: str) -> None:
        """Tell an audience something of the moment; nobody hears it while Redis is away or behind."""
        if self._link is not None and not self._link.full:
            self._link.send(pack("PUBLISH", Keys.of(audience, self._prefix).bell, f"0 - {type_} {body}"), 1)

    async def lead(self, what: str, holder: str, *, seconds: float) -> bool:
        """Become, or stay, the one process that does something; raises FanoutUnavailable."""
        asked = pack("EVALSHA", LEAD.digest, 1, f"{self._prefix}lead:{what}", holder, int(seconds * 1000))
        return await self._connected().ask(asked, 1, within=PATIENCE_SECONDS) == [1]

    def _sent(self, link: Link, feeds: Feeds, settle: Settle, replies: Replies | None) -> None:
        try:
            early = self._early(feeds, link.checked(replies))
        except FanoutUnavailable:
            early = None
        settle(early)

    def _early(self, feeds: Feeds, replies: Replies) -> list[OutboxRow]:
        answers = [answer for reply in replies for answer in reply]
        repeated, gaps = answers.count(0), answers.count(GAP)
        self.counts["published"] += len(answers) - repeated - gaps
        if not repeated and not gaps:
            return []
        self.counts["repeated"] += repeated
        self.counts["early"] += gaps
        rows = (row for feed in feeds.values() for row in feed)
        return list({row.id: row for row, answer in zip(rows, answers, strict=True) if answer == GAP}.values())

    def _appends(self, link: Link, feeds: Feeds, *, close_gaps: bool = False) -> bytes:
        # Packed by hand from parts that seldom change: a fifth of what the library's general way costs.
        epoch, how = _word(new_epoch(link)), _word(f"{close_gaps:d}") + _word(str(int(self._clock())))
        commands = []
        for audience, rows in feeds.items():
            keys, mark, bell = self._names(audience)
            marks: dict[str, int] = {}
            words = []
            for row in rows:
                which = 0 if row.order_key is None else marks.setdefault(row.order_key, len(marks) + 1)
                n, mark_n = str(row.order_n or 0), str(which)
                words.append(f"{_word(row.type)}{_word(row.body)}${len(n)}\r\n{n}\r\n${len(mark_n)}\r\n{mark_n}\r\n")
            named = "".join([_word(mark + key) for key in marks])
            head = f"*{10 + len(marks) + 4 * len(rows)}\r\n{EVALSHA_APPEND}{_word(str(2 + len(marks)))}"
            commands.append(f"{head}{keys}{named}{epoch}{bell}{how}{''.join(words)}")
        return "".join(commands).encode()

    def _named(self, audience: str) -> tuple[str, str, str]:
        """Of an audience: the words of its keys, what the names of its marks begin with, and the words of its bell."""
        keys = Keys.of(audience, self._prefix)
        return _word(keys.meta) + _word(keys.feed), keys.marks, _word(keys.bell) + _word(str(self._window))

    # Listening

    async def listen(self, audience: str) -> None:
        """Begin to deliver an audience's events. While Redis is away it begins, with a reset, when that is back."""
        await self._listening.listen(audience)

    async def unlisten(self, audience: str) -> None:
        """End one listener; with the last one the process hears the audience no more."""
        self._listening.unlisten(audience)

    async def since(
        self, audience: str, position: Position | None, *, most: int | None = None, beyond: Collection[str] = ()
    ) -> Replay:
        """What came after a position, or the first of it, and beyond that what is of these types.

        Raises FanoutUnavailable.
        """
        link = self._connected()
        keys = Keys.of(audience, self._prefix)
        epoch, seq = ("", 0) if position is None else (position.epoch, position.seq)
        count = min(most or self._window, self._window)
        asked = pack("EVALSHA", READ.digest, 2, keys.meta, keys.feed, new_epoch(link), epoch, seq, count, *beyond)
        ((epoch_now, seq_now, entries, others),) = await link.ask(asked, 1, within=PATIENCE_SECONDS)
        # Whatever was trimmed or lies too far back is missing at one end or the other.
        missed = seq_now - seq
        whole = len(entries) == min(missed, count) and (not entries or number_of(entries[0]) == seq + 1)
        recovered = epoch == epoch_now and missed <= self._window and whole
        if not recovered:
            entries, others = [], []
        events, rest = ([feed_event(epoch_now, entry) for entry in some] for some in (entries, others))
        return Replay(recovered, events, Position(epoch_now, seq_now), rest)

    # Staying connected

    def _connected(self) -> Link:
        if self._link is None:
            raise FanoutUnavailable("Redis does not answer.")
        return self._link

    async def _stay_connected(self, connected: asyncio.Future[None]) -> None:
        pause, longest = RETRY_SECONDS
        while True:
            try:
                link = await open_link(self._url, self._listening.heard, prefix=self._prefix)
            except (FanoutUnavailable, OSError, TimeoutError, ReplyError) as error:
                # Told once: whoever mistyped the address sees it, and an outage does not fill the log.
                tell = log.warning if pause == RETRY_SECONDS[0] else log.debug
                tell("redis_away", error=str(error) or type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, longest)
                continue
            pause = RETRY_SECONDS[0]
            self._link = link
            self.counts["connected"] += 1
            log.info("redis_ready", run=link.run)
            try:
                await self._listening.begin(link)
                if not connected.done():
                    connected.set_result(None)
                await self._watch(link)
            finally:
                self._link = None
                self._listening.end()
                link.abort()
            log.warning("redis_lost")
            await asyncio.sleep(pause)

    async def _watch(self, link: Link) -> None:
        """Return when the connection is of no more use."""
        time = asyncio.get_running_loop().time
        checked = time()
        while not link.lost.done():
            try:
                if await link.ask(pack("PING"), 1, within=SILENCE_SECONDS) != ["PONG"]:
                    return
            except FanoutUnavailable:
                return
            if time() - checked >= self._check_every:
                checked = time()
                await self._listening.check(link)
            await asyncio.wait((link.lost,), timeout=min(HEARTBEAT_SECONDS, self._check_every))
