"""Ids of documents."""

import itertools
import os
import secrets
import time

_process = secrets.token_hex(5)
_numbers = itertools.count(secrets.randbits(24))


def _begin_anew() -> None:
    global _process  # noqa: PLW0603
    _process = secrets.token_hex(5)


os.register_at_fork(after_in_child=_begin_anew)


def new_id() -> str:
    """A new document id, made as an ObjectId is: the second, the process, a counter; so they sort by their making."""
    # bson's own asks the system for the process's number each time: a quarter of what publishing a message takes.
    return f"{int(time.time()):08x}{_process}{next(_numbers) & 0xFFFFFF:06x}"
