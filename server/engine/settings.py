"""Times and bounds of the engine; the defaults are those of the wire contract."""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What one engine is told when it is made."""

    ping_interval: timedelta = timedelta(seconds=25)
    ping_timeout: timedelta = timedelta(seconds=20)
    # A transport that has not connected to the namespace by then is cut.
    connect_deadline: timedelta = timedelta(seconds=10)
    # One frame, or the body of one polling request, in bytes.
    max_frame: int = 65_536
    # While so many events of one connection wait for their turn, nothing more is read of it.
    inbox: int = 64
    # Bytes that wait for a reader, once the loop had its chance to write them, and how long any may wait at all.
    queue_bytes: int = 1 << 20
    stall: timedelta = timedelta(seconds=10)
    frames_per_second: float = 50
    frame_burst: float = 200
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    connections_per_address: int = 50
    # Of thousands who come back at once so many begin in one turn of the event loop, some tens of milliseconds of it.
    newcomers_each_turn: int = 8
