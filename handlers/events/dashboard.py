"""That what somebody sees first is no longer as it was; most of that follows from other events of theirs."""

from handlers.events import chat, matches, notifications, reviews, swaps, times
from handlers.events.base import Event

LOOKED_AT = "dashboard:"


class DashboardChanged(Event):
    """Your dashboard, which you watch, is no longer as it was: ask for it again. Seldom, whatever comes together."""

    name = "dashboard:changed"
    durable = False


def onlookers(*user_ids: str) -> tuple[str, ...]:
    """The connections of these people that watch their dashboards."""
    return tuple(f"{LOOKED_AT}{user_id}" for user_id in dict.fromkeys(user_ids))


# After any of these a person's dashboard may be another one. What changes it without an event notes `DashboardChanged`.
CHANGING: frozenset[str] = frozenset(
    event.name
    for event in (
        *(swaps.SwapCreated, swaps.SwapUpdated, swaps.SwapExpired, times.SeriesUpdated),
        *(reviews.ReviewPublished, reviews.ReviewUpdated, matches.MatchFound),
        *(notifications.NotificationCreated, notifications.NotificationRead, notifications.NotificationExpired),
        *(chat.MessageCreated, chat.ThreadRead, chat.ThreadUpdated, chat.ThreadLeft),
    )
)

EVENTS: tuple[type[Event], ...] = (DashboardChanged,)
