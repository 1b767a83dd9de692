"""What staff does."""

from handlers import figures, jobs, maintenance, staff
from handlers.models import Access
from server.api.rates import MARKING, WRITING
from server.operation import Operation, delete, get, post, put

ROWS: tuple[Operation, ...] = (
    Operation(
        staff.list_activity_of, http=get("/staff/people/{user_id}/activity/"), access=Access.MODERATOR, limits=WRITING
    ),
    Operation(staff.set_role, http=put("/staff/people/{user_id}/role/"), access=Access.ADMIN, limits=WRITING),
    Operation(staff.ban_person, http=put("/staff/people/{user_id}/ban/"), access=Access.MODERATOR, limits=WRITING),
    Operation(staff.lift_ban, http=delete("/staff/people/{user_id}/ban/"), access=Access.MODERATOR, limits=WRITING),
    Operation(jobs.list_jobs, http=get("/staff/jobs/"), access=Access.ADMIN, limits=WRITING),
    Operation(jobs.retry_job, http=post("/staff/jobs/{job_id}/retry/"), access=Access.ADMIN, limits=WRITING),
    Operation(jobs.drop_job, http=delete("/staff/jobs/{job_id}/"), access=Access.ADMIN, limits=WRITING),
    Operation(
        figures.watch_figures,
        http=get("/staff/figures/"),
        event="figures:watch",
        access=Access.MODERATOR,
        limits=MARKING,
    ),
    Operation(figures.unwatch_figures, event="figures:unwatch", access=Access.MODERATOR, limits=MARKING),
    Operation(maintenance.get_maintenance, http=get("/staff/maintenance/"), access=Access.MODERATOR, limits=WRITING),
    Operation(maintenance.switch_maintenance, http=put("/staff/maintenance/"), access=Access.ADMIN, limits=WRITING),
    Operation(staff.list_staff_acts, http=get("/staff/acts/"), access=Access.ADMIN, limits=WRITING),
)
