"""The queue: one case for each thing that was reported, which staff looks at, talks about and takes on."""

from typing import Annotated

from pydantic import Field, StringConstraints

from handlers.account import STAFF
from handlers.cases import QUEUE, change
from handlers.context import Context
from handlers.errors import Invalid, NotAllowedNow, NotFound
from handlers.judging import write_down
from handlers.models import Access, Clean, Command, Creating, Cursor, Id, Limit, Query, Signal, UserId, Whole
from handlers.moderation.cases import access_case, require_seen
from handlers.views.base import Page
from handlers.views.files import File
from handlers.views.moderation import CasePage, CaseView, EvidenceView
from store.reports import StaffNote, Thing, case_list
from store.staff_log import Act
from store.uploads import Size

CaseId = Annotated[Id, Field(description="The id of a case.")]
MOST_NOTES = 200


class ListCases(Query):
    """Which of them."""

    closed: bool = False
    mine: bool = Field(default=False, description="Only those that are assigned to you.")
    kind: Thing | None = None
    cursor: Cursor | None = None
    limit: Limit = 30


class GetCase(Query):
    """Which case, and which part of what was reported in it."""

    case_id: CaseId
    cursor: Cursor | None = None
    limit: Limit = 30


class GetEvidenceFile(Query):
    """Which file that was reported, or shown by what was."""

    case_id: CaseId
    upload_id: Id


class AddNote(Creating):
    """What the others on the staff should know."""

    turn_by = "case_id"

    case_id: CaseId
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), Clean]


class AssignCase(Command):
    """Whose it is from now on."""

    turn_by = "case_id"

    case_id: CaseId
    assignee: UserId | None = Field(description="Somebody of the staff; null for nobody.")
    version: Whole = Field(ge=1, description="The one that you saw: whoever was not first is refused.")


class WatchCases(Signal):
    """The whole queue."""


class UnwatchCases(Signal):
    """The whole queue."""


async def list_cases(query: ListCases, ctx: Context) -> Page[CaseView]:
    """What people reported, one case a thing, the one that waits longest first; none about yourself."""
    me = ctx.actor.user_id
    name = case_list("closed" if query.closed else "open", kind=query.kind, assignee=me if query.mine else None)
    found = await ctx.store.cases.listed(name, after=query.cursor, limit=query.limit + 1)
    page = Page.of(found, CaseView.of, limit=query.limit)
    return page.model_copy(update={"items": [case for case in page.items if case.about != me]})


async def get_case(query: GetCase, ctx: Context) -> CasePage:
    """A case, with what was reported in it and the evidence, as it was when it was reported."""
    case = await access_case(query.case_id, ctx)
    found = await ctx.store.reports.of_case(case.id, after=query.cursor, limit=query.limit + 1)
    return CasePage.of_case(case, Page.of(found, EvidenceView.of, limit=query.limit))


async def get_evidence_file(query: GetEvidenceFile, ctx: Context) -> File:
    """Fetch a file that is evidence, also when whoever sent it has deleted it since."""
    case = await access_case(query.case_id, ctx)
    after: str | None = None
    while found := await ctx.store.reports.of_case(case.id, after=after, limit=100):
        after = found[-1].order
        files = [file for report in found if report.held for file in report.files]
        for held in (file for file in files if file.upload_id == query.upload_id):
            return File(
                held.name,
                held.media_type,
                held.size,
                lambda start, stop: ctx.ports.media.read(query.upload_id, Size.ORIGINAL, start, stop),
                etag=f"{query.upload_id}-{Size.ORIGINAL}",
                is_picture=held.media_type.startswith("image/"),
            )
    raise NotFound("There is no such file in this case, or it is kept no more.")


async def add_note(command: AddNote, ctx: Context) -> CaseView:
    """Write something for the others on the staff, which nobody else reads."""
    case = await access_case(command.case_id, ctx)
    if len(case.notes) >= MOST_NOTES:
        raise NotAllowedNow(f"A case has {MOST_NOTES} notes at most.")
    note = StaffNote(by=ctx.actor.user_id, text=command.text, at=ctx.now)
    # Not its words: the log is open to admins of whom a case may be, and who do not learn what others say in it.
    number = len(case.notes)
    await write_down(Act.CASE_NOTED, case.id, ctx, before=str(number), after=str(number + 1))
    return CaseView.of(await change(case, ctx, notes=(*case.notes, note)))


async def assign_case(command: AssignCase, ctx: Context) -> CaseView:
    """Take a case on, give it to somebody, or give it back; whoever was not first hears who was."""
    case = await access_case(command.case_id, ctx)
    require_seen(case, command.version)
    if command.assignee is not None:
        user = await ctx.store.users.get(command.assignee)
        if user is None or user.role not in STAFF[Access.MODERATOR] or user.id == case.about:
            raise Invalid.field("assignee", "Must be somebody of the staff, and not whom it is about.")
    await write_down(Act.CASE_ASSIGNED, case.id, ctx, before=case.assignee or "", after=command.assignee or "")
    return CaseView.of(await change(case, ctx, assignee=command.assignee))


async def watch_cases(_: WatchCases, ctx: Context) -> None:
    """Hear by this connection at once what is reported, and what becomes of it, until you unwatch or leave."""
    ctx.watch(QUEUE)


async def unwatch_cases(_: UnwatchCases, ctx: Context) -> None:
    """Hear no more of it."""
    ctx.unwatch(QUEUE)
