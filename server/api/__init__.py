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

OPERATIONS: tuple[Operation, ...] = (
    *accounts.ROWS,
    *people.ROWS,
    *safety.ROWS,
    *moderation.ROWS,
    *staff.ROWS,
    *chat.ROWS,
    *calls.ROWS,
    *files.ROWS,
    *gigs.ROWS,
    *searches.ROWS,
    *matches.ROWS,
    *forum.ROWS,
    *notifications.ROWS,
    *times.ROWS,
    *swaps.ROWS,
    *reviews.ROWS,
    *achievements.ROWS,
    *calendar.ROWS,
)
