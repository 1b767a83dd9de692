"""Whom one blocked, told to one's own devices alone."""

from handlers.events.base import Event
from handlers.views.safety import BlockView


class BlockAdded(Event):
    """You blocked somebody, perhaps on another device: show nothing of them any more."""

    name = "block:added"
    block: BlockView


class BlockRemoved(Event):
    """You let somebody back in, perhaps on another device."""

    name = "block:removed"
    user_id: str


EVENTS: tuple[type[Event], ...] = (BlockAdded, BlockRemoved)
