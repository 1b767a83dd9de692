"""Badges, ranks, and what one sees first."""

from handlers import achievements, dashboard
from handlers.models import Access
from server.api.rates import MARKING, SEARCHING, WRITING
from server.operation import Operation, delete, get, post, put

BY_HAND = "/staff/people/{user_id}/achievements/{badge}/"

ROWS: tuple[Operation, ...] = (
    Operation(achievements.list_achievements, http=get("/achievements/"), event="achievement:list"),
    Operation(
        achievements.update_achievements, http=post("/achievements/"), event="achievement:update", limits=SEARCHING
    ),
    Operation(achievements.get_leaderboard, http=get("/leaderboard/"), event="leaderboard:get"),
    Operation(dashboard.get_dashboard, http=get("/dashboard/"), event="dashboard:get"),
    Operation(dashboard.watch_dashboard, event="dashboard:watch", limits=MARKING),
    Operation(dashboard.unwatch_dashboard, event="dashboard:unwatch", limits=MARKING),
    Operation(achievements.grant_badge, http=put(BY_HAND), access=Access.MODERATOR, limits=WRITING),
    Operation(achievements.revoke_badge, http=delete(BY_HAND), access=Access.MODERATOR, limits=WRITING),
)
