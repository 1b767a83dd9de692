"""`python -m signaling.media`: answers the calls of the server's own peer, until it is asked to stop."""

import asyncio
import logging
import signal
import sys
from pathlib import Path
from typing import Annotated

import aiohttp
import structlog
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

import background
from signaling.media.answering import Answering
from signaling.media.line import Line
from signaling.media.shelf import Shelf


class Settings(BaseSettings):
    """What can be set, by the environment and by `.env`; the README says what for."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    media_url: str = "http://127.0.0.1:8080"
    media_secret: SecretStr = SecretStr("")
    data_folder: Path = Path(".skillnet")
    # Where a recording lies until it is handed in; else beside what the server of this machine keeps.
    media_folder: Path | None = None
    # Echoes cost a quarter of a processor each, recordings more.
    media_calls: Annotated[int, Field(ge=1, le=100)] = 4

    def recordings(self) -> Path:
        """The folder of recordings."""
        return self.media_folder or self.data_folder / "recordings"

    def secret(self) -> str:
        """That of the server: as it is set, or as the server of this machine keeps it."""
        return self.media_secret.get_secret_value() or (self.data_folder / "media-secret").read_text()


async def serve(url: str, secret: str, shelf: Shelf, *, most_calls: int) -> None:
    """Answer until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with aiohttp.ClientSession() as http:
        line = Line(url, secret, http)
        answering = Answering(line, shelf, most_calls=most_calls)
        tasks = [asyncio.create_task(one) for one in (line.hold(), answering.run(), stop.wait())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
            await answering.leave()
        finally:
            await background.end(*tasks)
            await line.close()


def main() -> int:
    """Serve as it is set; 1 if it cannot know the server's secret."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            # Without what its functions hold, among which are tokens.
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
    )
    settings = Settings()
    try:
        secret = settings.secret()
    except OSError as error:
        where = settings.data_folder / "media-secret"
        sys.stderr.write(
            f"MEDIA_SECRET: not set, and {where} cannot be read ({error.strerror}): start the server first.\n"
        )
        return 1
    try:
        shelf = Shelf(settings.recordings())
    except OSError as error:
        sys.stderr.write(
            f"MEDIA_FOLDER: {settings.recordings()} cannot be made ({error.strerror}): name one that can be written.\n"
        )
        return 1
    asyncio.run(serve(settings.media_url.rstrip("/"), secret, shelf, most_calls=settings.media_calls))
    return 0


if __name__ == "__main__":
    sys.exit(main())
