"""The base of what happened."""

from typing import ClassVar

from handlers.models import View


class Event(View):
    """The base. The class docstring is what the AsyncAPI reader sees."""

    name: ClassVar[str]
    durable: ClassVar[bool] = True

    def order(self) -> tuple[str, int] | None:
        """A key and a dense number: events of one key reach every audience in the order of their number."""
        return None
