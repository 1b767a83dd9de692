"""What people are notified of."""

from handlers import notifications
from server.api.rates import MARKING
from server.operation import Operation, get, post

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
)
