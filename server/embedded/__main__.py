"""`python -m server.embedded FOLDER`: the supervisor of the embedded servers.

It lives exactly as long as its standard input: `stop` on it ends the servers in order, its end kills them at once.
"""

import argparse
import asyncio
import fcntl
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from server.embedded.orphans import end_orphan
from server.embedded.programs import EmbeddedError, Mongodb, Program, Redis

# Recovery of a large folder after kill -9 is what takes long.
START_SECONDS = 60.0
STOP_SECONDS = 4.0
POLL_SECONDS = 0.02
FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 5.0


def say(report: dict[str, str]) -> None:
    """One JSON line to the parent."""
    sys.stdout.write(json.dumps(report) + "\n")
    sys.stdout.flush()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the folder's only supervisor; the lock goes with the process, however it ends."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / "lock").open("a")
    except OSError as error:
        raise EmbeddedError(
            f"The data folder {folder} cannot be written ({error.strerror}): set DATA_FOLDER to one that can."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise EmbeddedError(
                f"Another SkillNet uses the data folder {folder}: stop it, or set DATA_FOLDER to a folder of its own."
            ) from None
        yield


class Keeper:
    """Runs one program, and runs it again when it dies."""

    def __init__(self, program: Program, folder: Path) -> None:
        self._program = program
        self._pid_file = folder / f"{program.name}.pid"
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    async def start(self) -> None:
        """Start it and wait until it answers; raises EmbeddedError with the last line of its log."""
        program = self._program
        try:
            with program.log.open("wb") as log:
                self._process = process = await asyncio.create_subprocess_exec(
                    *program.command(), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
                )
            self._pid_file.write_text(str(process.pid))
            async with asyncio.timeout(START_SECONDS):
                while not await program.answers():
                    if process.returncode is not None:
                        raise EmbeddedError(f"The embedded {program.name} server does not start: {self._last_words()}")
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            raise EmbeddedError(
                f"The embedded {program.name} server does not answer after {START_SECONDS:.0f} s; see {program.log}."
            ) from None
        except OSError as error:
            # There is no room for a process, or for its log: there may be later.
            raise EmbeddedError(f"The embedded {program.name} server cannot be started: {error}.") from None

    async def keep(self) -> None:
        """Start it again for ever: at the same address, so that the drivers' own reconnecting heals everything."""
        wait = FIRST_RETRY_SECONDS
        while True:
            assert self._process is not None  # noqa: S101 - started before it is kept
            code = await self._process.wait()
            if self._stopping:
                return
            say({"log": f"The embedded {self._program.name} server ended (code {code}); it is started again."})
            try:
                await self.start()
                wait = FIRST_RETRY_SECONDS
            except EmbeddedError as error:
                say({"log": str(error)})
                self.kill()
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_RETRY_SECONDS)

    async def stop(self) -> None:
        """End it in order, or after a while anyhow; every commit is on disk already."""
        self._stopping = True
        process = self._process
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                while process.returncode is None:
                    # The database waits in accept() until somebody comes: a last visitor saves two seconds.
                    await self._program.answers()
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            self.kill()
            await process.wait()
        self._pid_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    def _last_words(self) -> str:
        lines = self._program.log.read_text(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it left no word in its log.")


async def supervise(folder: Path, *, servers: list[str], mongodb_options: list[str]) -> None:
    """Start the servers, report their addresses, and keep them until the parent says or ends."""
    known: list[Program] = [Mongodb(folder, options=mongodb_options), Redis(folder)]
    programs = [program for program in known if program.name in servers]
    for program in programs:
        end_orphan(folder / f"{program.name}.pid", mark=str(program.mark))
    keepers = [Keeper(program, folder) for program in programs]
    order = asyncio.create_task(_order())
    try:
        starting = asyncio.create_task(_start(keepers))
        await asyncio.wait({starting, order}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            return
        await starting
        say({f"{program.name}_url": program.url for program in programs})
        keeping = [asyncio.create_task(keeper.keep()) for keeper in keepers]
        if await order == "stop":
            await asyncio.gather(*(keeper.stop() for keeper in keepers))
        for task in keeping:
            task.cancel()
    finally:
        order.cancel()
        for keeper in keepers:
            keeper.kill()


async def _start(keepers: list[Keeper]) -> str:
    await asyncio.gather(*(keeper.start() for keeper in keepers))
    return "started"


async def _order() -> str:
    """The parent's word, or nothing if it is gone."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return (await reader.readline()).decode().strip()


def main() -> None:
    """Read the command line and supervise."""
    parser = argparse.ArgumentParser(prog="python -m server.embedded", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the data is kept")
    parser.add_argument("--servers", default="mongodb,redis", help="which of them to start (default: both)")
    parser.add_argument(
        "--enable-test-commands", action="store_true", help="let clients arm the database's failpoints: for tests"
    )
    arguments = parser.parse_args()
    folder: Path = arguments.folder.absolute()
    # Only the parent decides: a Ctrl-C or a terminal's end reaches us through it.
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    os.umask(0o077)
    try:
        with locked(folder):
            asyncio.run(
                supervise(
                    folder,
                    servers=arguments.servers.split(","),
                    mongodb_options=["--enable-test-commands"] if arguments.enable_test_commands else [],
                )
            )
    except EmbeddedError as error:
        say({"error": str(error)})
        sys.exit(1)


if __name__ == "__main__":
    main()
