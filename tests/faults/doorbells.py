"""A thief of doorbells: it swallows every n-th published message on the way from Redis to a process.

It cuts the stream only between whole RESP values, so that everything else arrives untouched.
"""

import itertools

MESSAGE_KINDS = (b"message", b"smessage")


class DoorbellThief:
    """A filter for one connection's replies; all of one run count together."""

    def __init__(self, every: int, counter: "itertools.count[int]", stolen: list[bytes]) -> None:
        self._every = every
        self._counter = counter
        self._stolen = stolen
        self._rest = b""

    def __call__(self, data: bytes) -> bytes:
        """What of the data goes on now; an unfinished value waits for its end."""
        self._rest += data
        kept = []
        while (end := value_end(self._rest, 0)) is not None:
            value, self._rest = self._rest[:end], self._rest[end:]
            if is_message(value) and next(self._counter) % self._every == self._every - 1:
                self._stolen.append(value)
            else:
                kept.append(value)
        return b"".join(kept)


def is_message(value: bytes) -> bool:
    """Whether a RESP value is something published on a channel."""
    head, _, rest = value.partition(b"\r\n")
    return head in {b"*3", b">3"} and rest.split(b"\r\n", 2)[1] in MESSAGE_KINDS


def value_end(data: bytes, start: int) -> int | None:
    """Where the RESP value that starts at `start` ends; None if it is not all there yet."""
    line_end = data.find(b"\r\n", start)
    if line_end < 0:
        return None
    kind, after = data[start : start + 1], line_end + 2
    if kind in b"+-:,#(_":
        return after
    size = int(data[start + 1 : line_end])
    if size < 0:
        return after
    if kind in b"$=!":
        end = after + size + 2
        return end if end <= len(data) else None
    values = size * 2 if kind in b"%|" else size
    for _ in range(values):
        found = value_end(data, after)
        if found is None:
            return None
        after = found
    return after
