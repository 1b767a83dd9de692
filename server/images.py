"""Pictures that people send, made anew in three sizes, by a child process that can be killed.

Only what this makes may be served: it holds the pixels and the colour profile, nothing that was hidden beside them.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal, get_args

import structlog
from pydantic import BaseModel, ValidationError

from handlers.errors import Unavailable

log = structlog.get_logger(__name__)

VariantName = Literal["original", "preview", "thumbnail"]
VARIANTS = frozenset(get_args(VariantName))
ImageType = Literal["image/png", "image/jpeg", "image/webp"]

# By its path and isolated: neither this process's environment nor its folder decides what the child imports.
COMMAND = (sys.executable, "-I", str(Path(__file__).with_name("pressing.py")))

AT_ONCE = 2
MOST_WAITING = 32
# A picture of the largest size takes two on a slow machine.
TIMEOUT = timedelta(seconds=15)
# Of what the child says; an honest report has a few hundred.
REPORT_BYTES = 16 * 1024
TOO_COSTLY = "The picture is too costly to read."


class UnreadableImage(Exception):
    """This picture cannot be taken; `reason` can be shown to the person who sent it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Variant:
    """One size of a picture, as a file."""

    path: Path
    media_type: ImageType
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True)
class Pressed:
    """A picture in all its sizes."""

    variants: Mapping[VariantName, Variant]


class _Made(BaseModel):
    media_type: ImageType
    width: int
    height: int
    size: int


class _Report(BaseModel):
    """What server/pressing.py says: one of both."""

    unreadable: str | None = None
    variants: dict[VariantName, _Made] = {}


class ImagePress:
    """Re-encodes pictures, two at a time, each in a process of its own with little memory and time."""

    def __init__(
        self,
        *,
        command: Sequence[str] = COMMAND,
        at_once: int = AT_ONCE,
        most_waiting: int = MOST_WAITING,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        self._command = command
        self._turns = asyncio.Semaphore(at_once)
        self._most = at_once + most_waiting
        self._timeout = timeout
        self._present = 0

    async def press(self, source: Path, into: Path) -> Pressed:
        """Make the variants of a picture in an empty folder of the caller's, who clears it away however this ends.

        Raises `UnreadableImage`, or `Unavailable` while too many wait or when the child fails by no fault of a picture.
        """
        if self._present >= self._most:
            raise Unavailable("Too many pictures are sent at this moment; try again.", retry_after=timedelta(seconds=5))
        self._present += 1
        try:
            async with self._turns:
                code, output = await self._run(str(source), str(into))
        finally:
            self._present -= 1
        report = _report(code, output)
        if report.unreadable:
            raise UnreadableImage(report.unreadable)
        return Pressed({name: Variant(into / name, **dict(made)) for name, made in report.variants.items()})

    async def _run(self, *arguments: str) -> tuple[int, bytes]:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            # Our environment holds secrets.
            env={},
            # Ctrl-C in a terminal reaches a whole group: requests under way are finished first.
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(self._timeout.total_seconds()):
                output = await _bounded(process)
                return await process.wait(), output
        except TimeoutError:
            raise UnreadableImage("The picture takes too long to read.") from None
        finally:
            await _ended(process)


async def _bounded(process: asyncio.subprocess.Process) -> bytes:
    """What it says until it is silent."""
    assert process.stdout is not None  # noqa: S101 - asked for by PIPE
    output = b""
    while chunk := await process.stdout.read(REPORT_BYTES):
        output += chunk
        if len(output) > REPORT_BYTES:
            raise UnreadableImage(TOO_COSTLY)
    return output


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Kill it if it still runs, and collect it. asyncio collects it as well if this is cancelled meanwhile."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    # Reads what is left as well: one that is full of words would not be seen to end.
    await process.communicate()


def _report(code: int, output: bytes) -> _Report:
    if code < 0:
        # It ran into a limit, or a decoder into a trap: either way the picture's doing.
        log.warning("a picture killed its process", signal=-code)
        raise UnreadableImage(TOO_COSTLY)
    with suppress(ValidationError):
        report = _Report.model_validate_json(output)
        if code == 0 and (report.unreadable or report.variants.keys() == VARIANTS):
            return report
    log.error("pictures cannot be pressed", code=code, output=output[-2000:].decode(errors="replace"))
    raise Unavailable("Pictures cannot be taken at this moment; try again.", retry_after=timedelta(seconds=30))
