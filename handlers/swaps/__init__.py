"""Swaps: asked for, negotiated, agreed, held, and settled when they were not.

The package is one domain; `lifecycle` says what may be done, and `moves` is the only place that does it.
"""

from handlers.swaps.answering import counter_swap, update_swap
from handlers.swaps.asking import get_swap, list_swaps, request_swap
from handlers.swaps.due import complete_swap, expire_swap, remind_of_swap

__all__ = [
    "complete_swap",
    "counter_swap",
    "expire_swap",
    "get_swap",
    "list_swaps",
    "remind_of_swap",
    "request_swap",
    "update_swap",
]
