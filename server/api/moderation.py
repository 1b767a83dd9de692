"""Reports, and the queue in which staff looks at them."""

from handlers import moderation
from handlers.models import Access
from server.api.rates import MARKING, REDEEMING, WRITING
from server.operation import DAY, MINUTE, Operation, delete, get, per_person, post, put

MODERATOR, ACCOUNT = Access.MODERATOR, Access.ACCOUNT

ROWS: tuple[Operation, ...] = (
    Operation(
        moderation.create_report,
        http=post("/reports/", 201),
        event="report:create",
        limits=(per_person(5, MINUTE), per_person(30, DAY)),
    ),
    Operation(moderation.list_reports, http=get("/reports/"), event="report:list"),
    Operation(moderation.list_cases, http=get("/staff/reports/"), access=MODERATOR, limits=WRITING),
    Operation(moderation.get_case, http=get("/staff/reports/{case_id}/"), access=MODERATOR, limits=WRITING),
    Operation(
        moderation.get_evidence_file,
        http=get("/staff/reports/{case_id}/files/{upload_id}/"),
        access=MODERATOR,
        limits=WRITING,
    ),
    Operation(moderation.add_note, http=post("/staff/reports/{case_id}/notes/", 201), access=MODERATOR, limits=WRITING),
    Operation(moderation.assign_case, http=put("/staff/reports/{case_id}/assignee/"), access=MODERATOR, limits=WRITING),
    Operation(
        moderation.decide_case, http=post("/staff/reports/{case_id}/decision/"), access=MODERATOR, limits=WRITING
    ),
    Operation(
        moderation.take_measure,
        http=post("/staff/people/{user_id}/measures/", 201),
        access=MODERATOR,
        limits=WRITING,
    ),
    Operation(
        moderation.list_statements_of,
        http=get("/staff/people/{user_id}/measures/"),
        access=MODERATOR,
        limits=WRITING,
    ),
    Operation(
        moderation.lift_measure, http=delete("/staff/measures/{statement_id}/"), access=MODERATOR, limits=WRITING
    ),
    Operation(moderation.list_appeals, http=get("/staff/appeals/"), access=MODERATOR, limits=WRITING),
    Operation(moderation.decide_appeal, http=post("/staff/appeals/{statement_id}/"), access=MODERATOR, limits=WRITING),
    Operation(moderation.list_statements, http=get("/auth/statements/"), event="statement:list", access=ACCOUNT),
    Operation(
        moderation.acknowledge_warning,
        http=post("/auth/statements/{statement_id}/acknowledge/"),
        event="statement:acknowledge",
        access=ACCOUNT,
        limits=WRITING,
    ),
    Operation(
        moderation.appeal,
        http=post("/auth/statements/{statement_id}/appeal/"),
        event="statement:appeal",
        access=ACCOUNT,
        limits=WRITING,
    ),
    Operation(moderation.open_statement, http=post("/auth/statements/open"), access=Access.PUBLIC, limits=REDEEMING),
    Operation(moderation.appeal_by_token, http=post("/auth/statements/appeal"), access=Access.PUBLIC, limits=REDEEMING),
    Operation(moderation.watch_cases, event="staff:watch", access=MODERATOR, limits=MARKING),
    Operation(moderation.unwatch_cases, event="staff:unwatch", access=MODERATOR, limits=MARKING),
)
