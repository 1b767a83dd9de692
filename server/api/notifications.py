"""What people are notified of."""

from handlers import notifications, preferences, pushing, unsubscribing
from handlers.models import Access
from server.api.rates import MARKING, WRITING
from server.operation import HOUR, Operation, delete, get, per_address, per_person, post, put

# Those who offer one click ask for many readers from few addresses.
UNSUBSCRIBE = Operation(
    unsubscribing.unsubscribe,
    http=post("/unsubscribe/"),
    access=Access.PUBLIC,
    limits=(per_address(1000, HOUR),),
)

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
    Operation(pushing.subscribe_push, http=post("/push/subscriptions/", 201), event="push:subscribe", limits=WRITING),
    Operation(pushing.list_push_subscriptions, http=get("/push/subscriptions/"), event="push:list"),
    Operation(
        pushing.unsubscribe_push,
        http=delete("/push/subscriptions/{subscription_id}/"),
        event="push:unsubscribe",
        limits=WRITING,
    ),
    Operation(
        pushing.try_push,
        http=post("/push/subscriptions/{subscription_id}/test/"),
        event="push:test",
        limits=(per_person(20, HOUR),),
    ),
    UNSUBSCRIBE,
)
