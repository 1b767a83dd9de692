"""What is told again to who missed it, as it may be told now: without what was taken back meanwhile."""

import json
from collections.abc import Mapping

from handlers.events.withdrawing import CARRYING, WITHDRAWING, Data, withdrawn, without
from server.fanout import Fanout, FeedEvent, Position, Replay


async def retell(fanout: Fanout, audience: str, position: Position | None, *, most: int | None = None) -> Replay:
    """What came after a position, or the first of it; raises FanoutUnavailable."""
    replay = await fanout.since(audience, position, most=most, beyond=WITHDRAWING)
    said = [event for event in (*replay.events, *replay.beyond) if event.type in WITHDRAWING]
    # Hardly ever is there any: all else is told as the very text that it was.
    gone = withdrawn(json.loads(event.body)["data"] for event in said) if said else None
    return replay._replace(events=[_without(event, gone) for event in replay.events]) if gone else replay


def _without(event: FeedEvent, gone: Mapping[str, Data]) -> FeedEvent:
    if event.type not in CARRYING:
        return event
    body = json.loads(event.body)
    body["data"] = without(body["data"], gone)
    return event._replace(body=json.dumps(body, ensure_ascii=False, separators=(",", ":")))
