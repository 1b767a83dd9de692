"""What is kept in Redis of an audience, and the scripts that alone change it.

Keys of one audience share a hash tag, so that a cluster keeps them together. An epoch begins with the run id of the
Redis process that numbers the feed: after a restart or a fail-over, numbers that a client has seen never come again.
"""

import hashlib
from typing import NamedTuple

PREFIX = "sn:"
RUN_CHARACTERS = 12

KEPT_SECONDS = 48 * 3600
# How long a published number of an ordered key is remembered: rows left behind are swept within seconds.
MARK_SECONDS = 3600


class Keys(NamedTuple):
    """The names of an audience's keys and of its doorbell."""

    feed: str
    meta: str
    bell: str
    marks: str

    @classmethod
    def of(cls, audience: str) -> "Keys":
        base = f"{PREFIX}{{{audience}}}:"
        return cls(base + "feed", base + "meta", base + "bell", base + "mark:")


class Script:
    """A Lua script and the digest it is called by."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.digest = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()


# What APPEND answers, besides the number that it gave: 0 for a repeat, and this for a row without its predecessor.
GAP = -1

# KEYS feed, meta, mark. ARGV run, random, bell, window, seconds, type, body, n or '', '1' to close a gap, mark seconds.
APPEND = Script("""
local n = ARGV[8]
if n ~= '' then
  -- Without a mark nothing is known of what came before: only the first number is then surely the next.
  local mark = tonumber(redis.call('GET', KEYS[3]) or 0)
  if tonumber(n) <= mark then return 0 end
  if tonumber(n) > mark + 1 and ARGV[9] ~= '1' then return -1 end
  redis.call('SET', KEYS[3], n, 'EX', ARGV[10])
end
local epoch = redis.call('HGET', KEYS[2], 'epoch')
if not epoch or string.sub(epoch, 1, #ARGV[1]) ~= ARGV[1] then
  epoch = ARGV[1] .. '-' .. ARGV[2]
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[2], 'epoch', epoch)
end
local seq = redis.call('HINCRBY', KEYS[2], 'seq', 1)
redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[4], seq .. '-0', 't', ARGV[6], 'b', ARGV[7])
redis.call('EXPIRE', KEYS[1], ARGV[5])
redis.call('EXPIRE', KEYS[2], ARGV[5])
redis.call('PUBLISH', ARGV[3], epoch .. ' ' .. seq .. ' ' .. ARGV[6] .. ' ' .. ARGV[7])
return seq
""")

# KEYS feed, meta. ARGV run, random, seconds, epoch and seq of the position. Answers epoch, seq, recovered, entries.
SINCE = Script("""
local epoch = redis.call('HGET', KEYS[2], 'epoch')
if not epoch or string.sub(epoch, 1, #ARGV[1]) ~= ARGV[1] then
  epoch = ARGV[1] .. '-' .. ARGV[2]
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'seq', 0)
end
redis.call('EXPIRE', KEYS[2], ARGV[3])
local seq = tonumber(redis.call('HGET', KEYS[2], 'seq') or 0)
local since = tonumber(ARGV[5])
if epoch ~= ARGV[4] or since > seq then return {epoch, seq, 0, {}} end
if since == seq then return {epoch, seq, 1, {}} end
local entries = redis.call('XRANGE', KEYS[1], (since + 1) .. '-0', '+')
if #entries ~= seq - since then return {epoch, seq, 0, {}} end
return {epoch, seq, 1, entries}
""")

# KEYS lock. ARGV holder, milliseconds. Answers 1 to the one who holds it now.
LEAD = Script("""
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return 1
end
return 0
""")
