"""Reporting something; and what is done at once with what many report."""

from typing import Annotated

from pydantic import Field, StringConstraints

from handlers.cases import change, open_case, write_report
from handlers.context import Context
from handlers.errands import Errand, ask_later
from handlers.errors import Invalid
from handlers.models import Clean, Creating, Cursor, Id, Limit, Query
from handlers.statements import hide
from handlers.trust import grounds_of
from handlers.views.base import Page
from handlers.views.moderation import ReportView
from store.reports import Case, CaseState, Fault, Thing
from store.users import Ground

# In public, where it does harm while it waits; so many reporters are looked at.
HIDDEN_BY_MANY = frozenset({Thing.POST})
MOST_REPORTERS = 50
UNTIL_LOOKED_AT = "Several people reported it; it is hidden until staff has looked at it."


class CreateReport(Creating):
    """What is wrong with what."""

    kind: Thing
    thing_id: Id = Field(description="Its id; of a call its `session_id`.")
    reason: Fault
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), Clean] = Field(
        default="", description="What staff should know."
    )


class HideReported(Errand):
    """Many people report one thing: perhaps nobody should see it until staff has looked."""

    case_id: str


class ListReports(Query):
    """One's own."""

    cursor: Cursor | None = None
    limit: Limit = 30


async def create_report(command: CreateReport, ctx: Context) -> ReportView:
    """Report something that you see, to staff alone: whose it is does not learn of you.

    What it is now is kept as evidence. While staff has not looked, reporting it again answers what you said first.
    """
    evidence = await ctx.ports.reportables[command.kind].look(command.thing_id, ctx)
    if evidence.about == ctx.actor.user_id:
        raise Invalid.field("thing_id", "This is yours.")
    case = await ctx.store.cases.open_of(command.kind, command.thing_id)
    if case is not None and (said := await ctx.store.reports.of_case_by(case.id, ctx.actor.user_id)) is not None:
        return ReportView.of(said)
    if case is None:
        case = await open_case(command.kind, command.thing_id, evidence, ctx, by=command.reason)
    else:
        case = await _grown(case, command.reason, ctx)
    if case.kind in HIDDEN_BY_MANY and case.count >= ctx.ports.rules.reports_to_hide:
        # By an errand: whoever reports is not who hides it.
        await ask_later(HideReported(case_id=case.id), ctx, key=f"hide:{case.id}")
    said = await write_report(
        case, evidence, ctx, reporter=ctx.actor.user_id, fault=command.reason, words=command.words
    )  # fmt: skip
    return ReportView.of(said)


async def list_reports(query: ListReports, ctx: Context) -> Page[ReportView]:
    """What you reported, the last first, and what became of it."""
    found = await ctx.store.reports.of_person(ctx.actor.user_id, before=query.cursor, limit=query.limit + 1)
    return Page.of(found, ReportView.of, limit=query.limit)


async def hide_reported(errand: HideReported, ctx: Context) -> None:
    """Hide what enough people reported of whom one can tell that they were not made for it; staff decides for good."""
    case = await ctx.store.cases.get(errand.case_id)
    if case is None or case.state is not CaseState.OPEN:
        return
    reports = await ctx.store.reports.of_case(case.id, after=None, limit=MOST_REPORTERS)
    users = await ctx.store.users.among([report.reporter for report in reports if report.reporter])
    # A number can be had for it; time and a word that was kept cannot.
    trusted = [{*await grounds_of(user, ctx)} - {Ground.PHONE} for user in users]
    if sum(map(bool, trusted)) >= ctx.ports.rules.reports_to_hide:
        await hide(case.kind, case.thing_id, ctx, reason=UNTIL_LOOKED_AT, case_id=case.id)


async def _grown(case: Case, fault: Fault, ctx: Context) -> Case:
    faults = {**case.faults, fault: case.faults.get(fault, 0) + 1}
    return await change(case, ctx, count=case.count + 1, faults=faults, reported_at=ctx.now)
