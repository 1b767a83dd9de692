"""How staff gets to see, and to hide, what people report: one row a kind, which the thing's own domain gives.

`server/reportables.py` is the table. What is looked at for a report is what the reporter may see, and no more.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from store.reports import Thing

if TYPE_CHECKING:
    from handlers.context import Context


class Evidence(NamedTuple):
    """What a thing is at this moment: whose, if it is one person's; what it says; and the files that it shows."""

    about: str | None
    content: Mapping[str, Any]
    uploads: tuple[str, ...] = ()


class Reportable(NamedTuple):
    """What can be done with a kind of thing. Looking raises `NotFound` for whoever may not see it."""

    look: "Callable[[str, Context], Awaitable[Evidence]]"
    # Keeps it from others, for a reason, and answers whose it is; and lets them see it again.
    hide: "Callable[[str, str, Context], Awaitable[str]] | None" = None
    show: "Callable[[str, Context], Awaitable[None]] | None" = None


Reportables = Mapping[Thing, Reportable]
