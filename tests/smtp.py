"""A real SMTP server in a process of its own, which keeps every letter as a file and can be told to refuse.

`python -m tests.smtp FOLDER` prints its port. A file `answer` in the folder is what it says instead of taking a letter,
`answer-sender` what it says to whoever sends one; while there is a file `hang` it says nothing.
"""

import asyncio
import email
import email.policy
import sys
import time
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

from tests.processes import Child


class Keeper:
    """Keeps what is handed over, in the order it came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, _: Any, __: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if (refusal := self._refusal("answer-sender", address)) is not None:
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    def _refusal(self, name: str, what: str) -> str | None:
        if not (answer := self._folder / name).exists():
            return None
        with (self._folder / "refused").open("a") as log:
            log.write(f"{what}\n")
        return answer.read_text()

    async def handle_DATA(self, _: Any, __: Any, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        hang = self._folder / "hang"
        if hang.exists():
            (self._folder / "hangs").touch()
            while hang.exists():
                await asyncio.sleep(0.02)
        content = bytes(envelope.content or b"")
        subject = email.message_from_bytes(content, policy=email.policy.default)["Subject"]
        if (refusal := self._refusal("answer", subject)) is not None:
            return refusal
        self._number += 1
        part = self._folder / f"{self._number:04}.part"
        part.write_bytes(content)
        part.rename(part.with_suffix(".eml"))
        return "250 Kept"


@dataclass
class PostOffice:
    """What came in at a server."""

    url: str
    folder: Path

    def letters(self, to: str) -> list[EmailMessage]:
        """Every letter to an address, the first first."""
        parser = email.message_from_bytes
        files = sorted(self.folder.glob("*.eml"))
        found = [parser(file.read_bytes(), policy=email.policy.default) for file in files]
        return [letter for letter in found if letter["To"] == to]

    async def letter(self, to: str, subject: str, *, number: int = 1, within: float = 30.0) -> EmailMessage:
        """The so many-th letter to an address with a subject, once it is there."""
        deadline = time.monotonic() + within
        while True:
            found = [letter for letter in self.letters(to) if letter["Subject"] == subject]
            if len(found) >= number:
                return found[number - 1]
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"no {subject!r} to {to}; there are {[one['Subject'] for one in self.letters(to)]}"
                )
            await asyncio.sleep(0.02)

    async def refusals(self, number: int, *subjects: str, within: float = 30.0) -> None:
        """Wait until so many letters were refused, and one of each of these subjects among them."""
        log = self.folder / "refused"
        async with asyncio.timeout(within):
            while len(refused := log.read_text().splitlines() if log.exists() else []) < number or (
                not {*subjects} <= {*refused}
            ):
                await asyncio.sleep(0.02)

    def hangs(self, yes: bool) -> None:
        """Keep everybody waiting from now on, or no longer."""
        hang = self.folder / "hang"
        hang.touch() if yes else hang.unlink()

    async def kept_waiting(self, *, within: float = 30.0) -> None:
        """Wait until somebody hands over a letter and is kept waiting."""
        async with asyncio.timeout(within):
            while not (self.folder / "hangs").exists():
                await asyncio.sleep(0.02)

    def answers(self, text: str | None, name: str = "answer") -> None:
        """Say this to every letter from now on, or to its sender, or take them again."""
        answer = self.folder / name
        answer.unlink(missing_ok=True)
        if text is not None:
            answer.write_text(text)


def post_office(folder: Path) -> tuple[PostOffice, Child]:
    """Open one; the child is to be ended."""
    child = Child([sys.executable, "-m", "tests.smtp", str(folder)])
    return PostOffice(f"smtp://127.0.0.1:{int(child.line())}", folder), child


def part(letter: EmailMessage, kind: str = "plain") -> str:
    """What a letter says to who reads plain text, or HTML."""
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def link_of(letter: EmailMessage) -> str:
    """The address of the link in a letter."""
    (line,) = [line for line in part(letter).splitlines() if line.startswith("http")]
    return str(line)


def token_of(letter: EmailMessage) -> str:
    """What stands behind the # of the link in a letter."""
    return link_of(letter).partition("#")[2]


async def main(folder: Path) -> None:
    loop = asyncio.get_running_loop()
    keeper = Keeper(folder)
    server = await loop.create_server(lambda: SMTP(keeper, loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Ends with whoever started it.
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
