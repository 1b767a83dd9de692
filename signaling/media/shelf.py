"""Where recordings lie until they are handed in, those of a process that is not there any more among them.

Who writes one holds a lock on it, which ends with the process, however that ends.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


class Film:
    """One recording on this disk, held by this process. Raises `BlockingIOError` if another one holds it."""

    def __init__(self, folder: Path, session_id: str) -> None:
        self.session_id = session_id
        self.folder = folder
        self._lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise

    @property
    def path(self) -> Path:
        """Where it is written."""
        return self.folder / "fragments.mp4"

    @property
    def upload_id(self) -> str:
        """As what the server has it; nothing before it does."""
        with suppress(FileNotFoundError):
            return (self.folder / "upload").read_text()
        return ""

    @upload_id.setter
    def upload_id(self, upload_id: str) -> None:
        (self.folder / "upload").write_text(upload_id)

    def let_go(self) -> None:
        """Leave it to whoever looks next."""
        os.close(self._lock)

    def drop(self) -> None:
        """Delete it; it is still to be let go."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Shelf:
    """A folder of one server's recordings, for this account of the machine alone."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder

    def begin(self, session_id: str) -> Film:
        """Room for a recording of a call."""
        # Under a name that nobody looks at before it is locked.
        film = Film(Path(tempfile.mkdtemp(prefix=".", dir=self._folder)), session_id)
        film.folder = film.folder.rename(self._folder / f"{session_id}{film.folder.name}")
        return film

    def left(self) -> Iterator[Film]:
        """What nobody holds, one after the other."""
        for folder in sorted(self._folder.glob("[!.]*")):
            # Somebody writes it, or has just handed it in.
            with suppress(BlockingIOError, FileNotFoundError):
                yield Film(folder, folder.name.partition(".")[0])
