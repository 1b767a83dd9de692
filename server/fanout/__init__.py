"""Events to audiences through Redis: appended to a feed with dense numbers, announced by a doorbell, replayed.

A doorbell may be lost: the feed is the truth, and each process knows how far its audiences have got.
"""

from server.fanout.fanout import Fanout
from server.fanout.feeds import Deliver, FanoutUnavailable, FeedEvent, Position, Replay, Reset

__all__ = ["Deliver", "Fanout", "FanoutUnavailable", "FeedEvent", "Position", "Replay", "Reset"]
