"""Servers that outlived a supervisor that was killed.

A process is ended only if its command line names a path of our own folder: its number alone may be anybody's by now.
"""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

PATIENCE_SECONDS = 4.0
POLL_SECONDS = 0.02


def end_orphan(pid_file: Path, *, mark: str) -> None:
    """End the process that `pid_file` names, if it is one of ours; the caller holds the folder's lock."""
    try:
        pid = int(pid_file.read_text())
    except (OSError, ValueError):
        return
    deadline = time.monotonic() + PATIENCE_SECONDS
    # One that is dead but not collected by its new parent has no command line any more, and is as good as gone.
    while mark in _command_line(pid) and time.monotonic() < deadline:
        # At once, for every commit is on disk.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        time.sleep(POLL_SECONDS)
    pid_file.unlink(missing_ok=True)


def _command_line(pid: int) -> str:
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listing = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(listing, capture_output=True, text=True, check=False).stdout  # noqa: S603 - a number
