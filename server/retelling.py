"""What is told again to who missed it, as it may be told now: without what was taken back meanwhile."""

import json

from handlers.events.withdrawing import CARRYING, CHANGING, Changes, changes, retold
from server.fanout import Fanout, FeedEvent, Position, Replay


async def retell(fanout: Fanout, audience: str, position: Position | None, *, most: int | None = None) -> Replay:
    """What came after a position, or the first of it; raises FanoutUnavailable."""
    replay = await fanout.since(audience, position, most=most, beyond=CHANGING)
    said = [event for event in (*replay.events, *replay.beyond) if event.type in CHANGING]
    if not said:
        # Hardly ever is there any: all else is told as the very text that it was.
        return replay
    now = changes((event.seq, json.loads(event.body)["data"]) for event in said)
    return replay._replace(events=[_retold(event, now) for event in replay.events])


def _retold(event: FeedEvent, now: Changes) -> FeedEvent:
    if event.type not in CARRYING:
        return event
    body = json.loads(event.body)
    body["data"] = retold(body["data"], event.seq, now)
    return event._replace(body=json.dumps(body, ensure_ascii=False, separators=(",", ":")))
