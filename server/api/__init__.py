"""The whole public surface as one table: what can be asked, by which doors, by whom, how often.

REST and Socket.IO shells, OpenAPI, AsyncAPI and the authorization matrix are made from these rows.
"""

from server.api import (
    accounts,
    achievements,
    calendar,
    calls,
    chat,
    files,
    forum,
    gigs,
    matches,
    moderation,
    notifications,
    people,
    reviews,
    safety,
    searches,
    staff,
    swaps,
    times,
)
from server.operation import Operation

# In the order of the documents. A module of the same name in tests/asks/ has a request for each of its rows.
DOMAINS = (
    accounts,
    people,
    safety,
    moderation,
    staff,
    chat,
    calls,
    files,
    gigs,
    searches,
    matches,
    forum,
    notifications,
    times,
    swaps,
    reviews,
    achievements,
    calendar,
)
OPERATIONS: tuple[Operation, ...] = tuple(row for domain in DOMAINS for row in domain.ROWS)
