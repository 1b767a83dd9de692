"""What people are notified of."""

from handlers import notifications, preferences
from server.api.rates import MARKING, WRITING
from server.operation import Operation, get, post, put

ROWS: tuple[Operation, ...] = (
    Operation(notifications.list_notifications, http=get("/notifications/"), event="notification:list"),
    Operation(notifications.get_badge, http=get("/notifications/badge/"), event="badge:get"),
    Operation(
        notifications.mark_notifications_read,
        http=post("/notifications/read/"),
        event="notification:mark_read",
        limits=MARKING,
    ),
    Operation(
        notifications.mark_all_notifications_read,
        http=post("/notifications/read/all/"),
        event="notification:mark_all_read",
        limits=MARKING,
    ),
    Operation(preferences.get_preferences, http=get("/notifications/preferences/"), event="preferences:get"),
    Operation(
        preferences.set_preferences,
        http=put("/notifications/preferences/"),
        event="preferences:set",
        limits=WRITING,
    ),
)
