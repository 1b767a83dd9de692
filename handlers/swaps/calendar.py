"""What swaps keep free of their people's time: an accepted one books both, whatever ends it lets them go."""

from handlers.context import Context
from store.swaps import Swap


async def keep_time(before: Swap | None, after: Swap, ctx: Context) -> None:
    """Book or release what this version is about."""
