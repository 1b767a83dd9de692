"""What happens to swaps: one event for each version, in their order."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from handlers.events.base import Event
from handlers.views.swaps import AgendaView, SwapView
from handlers.views.times import SlotView


class OfSwap(Event):
    """The base of what raised a swap's version."""

    swap: SwapView

    def order(self) -> tuple[str, int]:
        return self.swap.id, self.swap.version


class SwapCreated(OfSwap):
    """Somebody asked for a swap."""

    name = "swap:created"


class SwapUpdated(OfSwap):
    """Something was done to a swap: the last entry of its history says what, and by whom."""

    name = "swap:updated"


class SwapExpired(OfSwap):
    """Nobody answered in time."""

    name = "swap:expired"


class AgendaUpdated(Event):
    """Something was put into a swap's agenda, worded otherwise, ticked off or taken out. As it is now."""

    name = "agenda:updated"
    agenda: AgendaView
    by: str

    def order(self) -> tuple[str, int]:
        return f"agenda:{self.agenda.swap_id}", self.agenda.version


class SwapReminder(Event):
    """An accepted swap is near, or a lesson beside it; told each of both by their own clock."""

    name = "swap:reminder"
    swap_id: str
    scheduled_time: datetime
    before: Literal["24h", "1h"]
    lesson: int | None = Field(description="The number of the lesson; null if it is the swap itself.")
    time: SlotView = Field(description="When it is, by both clocks, as `swap:get` has it.")
    your_time_zone: str
    their_time_zone: str | None = Field(description="Null if they said none, or do not show it.")


EVENTS: tuple[type[Event], ...] = (SwapCreated, SwapUpdated, SwapExpired, AgendaUpdated, SwapReminder)
