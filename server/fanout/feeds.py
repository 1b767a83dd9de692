"""The words of the fan-out: positions in a feed, the events in it, the keys it lives under and the scripts on them.

Every key of an audience carries the same hash tag, so that in a cluster one script reaches all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from store.outbox import OutboxRow


class FanoutUnavailable(Exception):
    """Redis does not answer now. What was to be published may or may not have been."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in an audience's feed. `seq` is dense within an `epoch`; a new epoch means that Redis forgot."""

    epoch: str
    seq: int


class FeedEvent(NamedTuple):
    """One event as an audience hears it; `seq` 0 is one for the moment, in no feed.

    `body` is the JSON text of the envelope without `seq` and `epoch`.
    """

    seq: int
    epoch: str
    type: str
    body: str


class Replay(NamedTuple):
    """What a client missed: complete when `recovered`, else empty. `position` is that of the feed now."""

    recovered: bool
    events: list[FeedEvent]
    position: Position


class Published(NamedTuple):
    """What became of some rows: counts of feed entries made and of repeats, and the rows that came too early."""

    made: int
    repeated: int
    early: list[OutboxRow]


Deliver = Callable[[str, FeedEvent], None]
Reset = Callable[[str, Position], None]
Told = Callable[[str, str], None]

CONTROL = "sn:control"


def meta_key(audience: str) -> str:
    """The hash of an audience's epoch and last seq."""
    return f"sn:{{{audience}}}:meta"


def feed_key(audience: str) -> str:
    """The stream of an audience's last events."""
    return f"sn:{{{audience}}}:feed"


def bell_channel(audience: str) -> str:
    """The channel on which an audience's events are rung."""
    return f"sn:{{{audience}}}:bell"


def mark_key(audience: str, order_key: str) -> str:
    """The number of the last event of an order that an audience was given."""
    return f"sn:{{{audience}}}:mark:{order_key}"


# An epoch begins with the run id of the server that counts in it. A server that restarts, or another that takes over,
# may have forgotten the last events: with an epoch of its own it cannot give a number a second meaning.
RUN_CHARACTERS = 10

_CURRENT = """
local at = redis.call('HMGET', KEYS[1], 'epoch', 'seq')
local epoch, seq = at[1], tonumber(at[2])
if not epoch or string.sub(epoch, 1, 10) ~= string.sub(ARGV[1], 1, 10) then
  epoch, seq = ARGV[1], 0
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'seq', 0)
  redis.call('EXPIRE', KEYS[1], 1209600)
end
"""

# meta, feed, [mark]; fresh epoch, bell, type, body, window, [n], [1 when all before n is published]
# Answers the seq, 0 for a repeat, -1 when others come first. A missing mark says nothing about what came before: Redis
# may have forgotten it. The feed outlives 48 hours of silence, and its numbering two weeks, so that who has been told
# everything can say so.
APPEND = (
    """
if KEYS[3] then
  local n = tonumber(ARGV[6])
  local mark = tonumber(redis.call('GET', KEYS[3]) or 0)
  if n <= mark then return 0 end
  if n > mark + 1 and ARGV[7] ~= '1' then return -1 end
  redis.call('SET', KEYS[3], ARGV[6], 'EX', 3600)
end
"""
    + _CURRENT
    + """
seq = seq + 1
redis.call('HSET', KEYS[1], 'seq', seq)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], seq .. '-0', 't', ARGV[3], 'b', ARGV[4])
redis.call('EXPIRE', KEYS[1], 1209600)
redis.call('EXPIRE', KEYS[2], 172800)
redis.call('PUBLISH', ARGV[2], seq .. ' ' .. epoch .. ' ' .. ARGV[3] .. ' ' .. ARGV[4])
return seq
"""
)

# meta, feed; fresh epoch, epoch, seq, most
# Answers epoch, seq and, when the epoch is still that one, the entries after seq.
READ = (
    _CURRENT
    + """
local entries = {}
if epoch == ARGV[2] and tonumber(ARGV[3]) < seq then
  entries = redis.call('XRANGE', KEYS[2], (tonumber(ARGV[3]) + 1) .. '-0', '+', 'COUNT', ARGV[4])
end
return {epoch, seq, entries}
"""
)

# key; holder, milliseconds
CLAIM = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
