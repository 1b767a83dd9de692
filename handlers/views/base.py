"""What the views of all domains are made with: pages of lists."""

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from handlers.models import View


class Ordered(Protocol):
    """What a list by time is made of."""

    @property
    def order(self) -> str: ...


V = TypeVar("V", bound=View)


Found = TypeVar("Found", bound=Ordered)


class Page(View, Generic[V]):
    """A part of a list. `next_cursor` brings the next part; null at the end."""

    items: list[V]
    next_cursor: str | None = None

    @classmethod
    def of(cls, found: Sequence[Found], view: Callable[[Found], V], *, limit: int) -> "Page[V]":
        """The first so many of what was found; one more was asked for, to see whether there is a next part."""
        page = found[:limit]
        return cls(items=[view(one) for one in page], next_cursor=page[-1].order if len(found) > limit else None)
