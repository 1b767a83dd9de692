"""Swaps: asked for, negotiated, agreed, held, and settled when they were not.

The package is one domain; `lifecycle` says what may be done, and `moves` is the only place that does it.
"""

from handlers.swaps.agenda import get_agenda, remove_item, write_item
from handlers.swaps.answering import counter_swap, update_swap
from handlers.swaps.asking import get_swap, list_swaps, request_swap
from handlers.swaps.attendance import get_attendance
from handlers.swaps.competing import close_competing
from handlers.swaps.disputes import decide_swap, list_disputes
from handlers.swaps.due import complete_swap, expire_swap
from handlers.swaps.evidence import swap_evidence
from handlers.swaps.parting import end_swaps
from handlers.swaps.promises import get_reliability
from handlers.swaps.reminding import plan_coming_lessons, remind_of_lesson, remind_of_swap
from handlers.swaps.series import (
    accept_series,
    cancel_lesson,
    end_series,
    get_series,
    move_lesson,
    propose_series,
)
from handlers.swaps.wishes import (
    refuse_lesson_wish,
    refuse_wish,
    wish_end,
    wish_lesson_end,
    wish_lesson_time,
    wish_time,
)

__all__ = [
    "accept_series",
    "cancel_lesson",
    "close_competing",
    "complete_swap",
    "counter_swap",
    "decide_swap",
    "end_series",
    "end_swaps",
    "expire_swap",
    "get_agenda",
    "get_attendance",
    "get_reliability",
    "get_series",
    "get_swap",
    "list_disputes",
    "list_swaps",
    "move_lesson",
    "plan_coming_lessons",
    "propose_series",
    "refuse_lesson_wish",
    "refuse_wish",
    "remind_of_lesson",
    "remind_of_swap",
    "remove_item",
    "request_swap",
    "swap_evidence",
    "update_swap",
    "wish_end",
    "wish_lesson_end",
    "wish_lesson_time",
    "wish_time",
    "write_item",
]
