"""The words of the fan-out: places in a feed, the events in it, the keys it lives under and the scripts on them.

Keys of one audience share a hash tag, so that a cluster keeps them together. An epoch begins with the run id of the
Redis process that numbers the feed: after a restart or a fail-over, numbers that a client has seen never come again.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

PREFIX = "sn:"
RUN_CHARACTERS = 12
TURN_SECONDS = 5 * 24 * 3600


class FanoutUnavailable(Exception):
    """Redis does not answer; what was committed waits in the outbox."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far something has got in an audience's feed."""

    epoch: str
    seq: int


class FeedEvent(NamedTuple):
    """An event as it travels. `body` is the envelope's JSON without seq and epoch; seq 0 is of the moment."""

    seq: int
    epoch: str
    type: str
    body: str


class Replay(NamedTuple):
    """What came after a position. Without `recovered` that is not known, and the events are none.

    Where it is only the first of it, `beyond` holds what was asked for of the rest.
    """

    recovered: bool
    events: list[FeedEvent]
    position: Position
    beyond: list[FeedEvent]


Deliver = Callable[[str, FeedEvent], None]
Reset = Callable[[str, Position], None]


class Keys(NamedTuple):
    """The names of an audience's keys and of its doorbell."""

    meta: str
    feed: str
    bell: str
    marks: str

    @classmethod
    def of(cls, audience: str, prefix: str = PREFIX) -> "Keys":
        base = f"{prefix}{{{audience}}}:"
        return cls(base + "meta", base + "feed", base + "bell", base + "mark:")


class Script:
    """A Lua script and the digest it is called by."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.digest = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()


# What APPEND answers for a row, besides the number that it gave: 0 for a repeat, and this without its predecessor.
GAP = -1

# A feed is kept for 48 hours of silence. Its numbering is kept for two weeks: who has heard everything stays recovered.
_HERE = f"""
local here = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'turned')
local epoch, seq = here[1], tonumber(here[2] or 0)
if not epoch or string.sub(epoch, 1, {RUN_CHARACTERS}) ~= string.sub(ARGV[1], 1, {RUN_CHARACTERS}) then
  epoch, seq, here = ARGV[1], 0, {{}}
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'seq', 0)
  redis.call('EXPIRE', KEYS[1], 1209600)
end
"""

# KEYS meta, feed, marks. ARGV a new epoch, bell, window, '1' to close gaps, the time in seconds; then of each row its
# type, body, n and which of the marks is its own, or 0. Rings the bell once, with a line for each event.
APPEND = Script(f"""
{_HERE}
local answers, news, last = {{}}, {{}}, {{}}
for at = 6, #ARGV, 4 do
  local type, body, n, mark = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  -- Without a mark nothing is known of what came before: only the first number is then surely the next.
  if mark > 0 and not last[mark] then last[mark] = tonumber(redis.call('GET', KEYS[2 + mark]) or 0) end
  if mark > 0 and n <= last[mark] then
    answers[#answers + 1] = 0
  elseif mark > 0 and n > last[mark] + 1 and ARGV[4] ~= '1' then
    answers[#answers + 1] = {GAP}
  else
    -- Rows left behind are swept within seconds: an hour is long enough to know them again.
    if mark > 0 then
      redis.call('SET', KEYS[2 + mark], n, 'EX', 3600)
      last[mark] = n
    end
    seq = seq + 1
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], seq .. '-0', 't', type, 'b', body)
    news[#news + 1] = seq .. ' ' .. epoch .. ' ' .. type .. ' ' .. body
    answers[#answers + 1] = seq
  end
end
if #news > 0 then
  redis.call('HSET', KEYS[1], 'seq', seq)
  -- Every five days what was there five days before goes. A feed that is silent for two ends: so nothing that anybody
  -- said stays for more than fourteen.
  local turned, now = tonumber(here[3]), tonumber(ARGV[5])
  if not turned or now - turned > {TURN_SECONDS} then
    if turned then redis.call('XTRIM', KEYS[2], 'MINID', (redis.call('HGET', KEYS[1], 'turn') + 1) .. '-0') end
    redis.call('HSET', KEYS[1], 'turned', now, 'turn', seq - #news)
  end
  redis.call('EXPIRE', KEYS[1], 1209600)
  redis.call('EXPIRE', KEYS[2], 172800)
  redis.call('PUBLISH', ARGV[2], table.concat(news, '\\n'))
end
return answers
""")

# KEYS meta, feed. ARGV a new epoch, epoch and seq of the position, the most entries; then types of which those beyond
# these are answered, too. Answers epoch, seq, entries, and those beyond.
READ = Script(f"""
{_HERE}
local since = tonumber(ARGV[3])
if epoch ~= ARGV[2] or since >= seq then return {{epoch, seq, {{}}, {{}}}} end
local entries, beyond, wanted = redis.call('XRANGE', KEYS[2], (since + 1) .. '-0', '+', 'COUNT', ARGV[4]), {{}}, {{}}
if #ARGV > 4 and #entries > 0 and #entries < seq - since then
  for at = 5, #ARGV do wanted[ARGV[at]] = true end
  for _, entry in ipairs(redis.call('XRANGE', KEYS[2], (since + #entries + 1) .. '-0', '+')) do
    if wanted[entry[2][2]] then beyond[#beyond + 1] = entry end
  end
end
return {{epoch, seq, entries, beyond}}
""")

# KEYS lock. ARGV holder, milliseconds. Answers 1 to the one who holds it now.
LEAD = Script("""
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
""")
