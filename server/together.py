"""One question to the database for all who want to know the same kind of thing at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import Context
from typing import Generic, TypeVar

import background

T = TypeVar("T")


class Together(Generic[T]):
    """Those who come while one question is under way are asked for together by the next."""

    def __init__(self, question: Callable[[Sequence[str]], Awaitable[Mapping[str, T]]], *, name: str) -> None:
        self._question = question
        self._name = name
        # Whom the next question is about.
        self._wanted: dict[str, asyncio.Future[T]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, about: str) -> T:
        """The answer about one; raises what the question raised."""
        wanted = self._wanted.get(about)
        if wanted is None:
            wanted = self._wanted[about] = asyncio.get_running_loop().create_future()
        if self._asking is None or self._asking.done():
            # In a context of its own: whoever happens to be first may have little time left.
            self._asking = asyncio.create_task(self._ask(), name=self._name, context=Context())
        return await asyncio.shield(wanted)

    async def stop(self) -> None:
        """End what is asked."""
        await background.end(self._asking)

    async def _ask(self) -> None:
        while self._wanted:
            wanted, self._wanted = self._wanted, {}
            try:
                answers = await self._question(list(wanted))
            except Exception as error:
                for answer in wanted.values():
                    answer.set_exception(error)
                    # Whoever wanted to know may be gone.
                    answer.exception()
            else:
                for about, answer in wanted.items():
                    answer.set_result(answers[about])
