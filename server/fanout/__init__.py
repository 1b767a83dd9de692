"""Events between processes, through Redis: feeds that remember, doorbells that wake.

The only way by which a process tells another something; nothing outside knows a key, a channel or a script.
"""

from server.fanout.fanout import Fanout
from server.fanout.feeds import Deliver, FanoutUnavailable, FeedEvent, Position, Published, Replay, Reset, Told

__all__ = [
    "Deliver",
    "Fanout",
    "FanoutUnavailable",
    "FeedEvent",
    "Position",
    "Published",
    "Replay",
    "Reset",
    "Told",
]
