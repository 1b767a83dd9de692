"""Deciding a case: whoever reported hears what became of it, and the evidence is let go once no appeal needs it."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from handlers.attachments import let_go
from handlers.cases import change
from handlers.context import Context, people
from handlers.errands import CloseReports, Errand, ask_later
from handlers.errors import NotAllowedNow
from handlers.events.moderation import ReportUpdated
from handlers.judging import write_down
from handlers.models import Command, Whole
from handlers.moderation.cases import access_case, require_seen
from handlers.moderation.measures import MeasureAsked, act
from handlers.moderation.queue import CaseId
from handlers.notifying import notify
from handlers.statements import Because, Rule, end, show
from handlers.views.moderation import CaseView, ReportView
from handlers.views.statements import APPEALED_WITHIN
from store.notifications import Topic
from store.reports import Case, CaseState, Decision, Report, thing_key
from store.staff_log import Act
from store.statements import Measure

# Reports of one case that are closed in one transaction.
AT_ONCE = 50
# How often it is looked whether evidence is needed still; and for how long at most, before the reports themselves go.
LOOKED_AT = timedelta(days=7)
HELD_AT_MOST = timedelta(days=350)
# Of one person, the last: nobody has so much done to them meanwhile.
MOST_STATEMENTS = 100
TOLD = {
    CaseState.DISMISSED: "Staff looked at what you reported, and found nothing against the rules.",
    CaseState.ACTED: "Staff looked at what you reported, and did something about it.",
}


class Outcome(StrEnum):
    DISMISS = "dismiss"
    ACT = "act"


class DecideCase(Command):
    """What becomes of it, and why."""

    turn_by = "case_id"

    case_id: CaseId
    outcome: Outcome
    reason: Because = Field(description="For the staff; with measures also for whom they concern.")
    rule: Rule = ""
    measures: Annotated[tuple[MeasureAsked, ...], Field(max_length=4)] = ()
    version: Whole | None = Field(
        default=None, ge=1, description="The one that you saw: refused if it, or what waits in it, has changed since."
    )

    @model_validator(mode="after")
    def acts_or_not(self) -> "DecideCase":
        """Nothing is done about what is dismissed."""
        if self.measures and self.outcome is Outcome.DISMISS:
            raise ValueError("A case that is dismissed has no measures.")
        return self


class LetEvidenceGo(Errand):
    """A case is decided: what is held for it can go once no appeal needs it."""

    case_id: str
    after: str | None = None


async def decide_case(command: DecideCase, ctx: Context) -> CaseView:
    """Close a case, perhaps by measures, each of which is a statement to whom it concerns.

    Whoever reported hears whether something was done, not what, nor by whom. What waited is seen by everybody from now
    on, unless `hidden` is among the measures."""
    case = await access_case(command.case_id, ctx)
    if case.state is not CaseState.OPEN:
        raise NotAllowedNow("This case is closed.", current=CaseView.of(case))
    if command.version is not None:
        require_seen(case, command.version)
    state = CaseState.ACTED if command.outcome is Outcome.ACT else CaseState.DISMISSED
    decision = Decision(by=ctx.actor.user_id, reason=command.reason, at=ctx.now)
    after = await change(case, ctx, state=state, decision=decision)
    if not any(one.measure is Measure.HIDDEN for one in command.measures):
        await _show_again(after, ctx)
    await act(after, command.measures, ctx, reason=command.reason, rule=command.rule)
    await write_down(Act.CASE_DECIDED, case.id, ctx, before="", after=f"{state}: {command.reason}")
    await ask_later(CloseReports(case_id=case.id), ctx)
    return CaseView.of(after)


async def _show_again(case: Case, ctx: Context) -> None:
    """Undo what the server did by itself, until staff had looked; and let see what waited for that."""
    statement = await ctx.store.statements.hiding(thing_key(case.kind, case.thing_id))
    if statement is None:
        if case.waits:
            await show(case.kind, case.thing_id, ctx)
    elif statement.by is None and statement.case_id == case.id:
        await end(statement, ctx)


async def close_reports(errand: CloseReports, ctx: Context) -> None:
    """Tell those who reported, some at a time; then what is held for the case may go."""
    case = await ctx.store.cases.get(errand.case_id)
    if case is None:
        return
    found = await ctx.store.reports.of_case(case.id, after=errand.after, limit=AT_ONCE)
    for report in found:
        await _close(report, case.state, ctx)
    more = CloseReports(case_id=case.id, after=found[-1].order) if found else LetEvidenceGo(case_id=case.id)
    await ask_later(more, ctx)


async def let_evidence_go(errand: LetEvidenceGo, ctx: Context) -> None:
    """Let go what was held for a case, some at a time, unless an appeal may need it."""
    case = await ctx.store.cases.get(errand.case_id)
    if case is None:
        return
    if errand.after is None and await _may_be_appealed(case, ctx):
        await ask_later(errand, ctx, at=ctx.now + LOOKED_AT)
        return
    found = await ctx.store.reports.of_case(case.id, after=errand.after, limit=AT_ONCE)
    for report in found:
        await _let_go(report, ctx)
    if found:
        await ask_later(LetEvidenceGo(case_id=case.id, after=found[-1].order), ctx)


async def _may_be_appealed(case: Case, ctx: Context) -> bool:
    """Whether whom it is about may say, or has said, that what was done is wrong, and nobody has decided that."""
    if case.about is None or case.decision is None or ctx.now > case.decision.at + HELD_AT_MOST:
        return False
    done = await ctx.store.statements.of_person(case.about, before=None, limit=MOST_STATEMENTS)
    thing = thing_key(case.kind, case.thing_id)
    return any(one.about == thing and one.may_be_reversed(ctx.now, within=APPEALED_WITHIN) for one in done)


async def _close(report: Report, state: CaseState, ctx: Context) -> None:
    closed = report.model_copy(update={"state": state, "closed_at": ctx.now})
    await ctx.store.reports.replace(closed)
    if report.reporter is not None and report.reporter in await _who_is_here(report, ctx):
        ctx.emit(ReportUpdated(report=ReportView.of(closed)), to=people(report.reporter))
        about = f"report:{report.id}"
        await notify([report.reporter], Topic.MODERATION, ctx, title=TOLD[state], about=about)


async def _let_go(report: Report, ctx: Context) -> None:
    if await _who_is_here(report, ctx) == {*report.people}:
        await ctx.store.reports.replace(report.model_copy(update={"held": False}))
    else:
        # Whoever left while it was held: now nothing keeps it any more.
        await ctx.store.reports.delete(report.id)
    for file in report.files:
        await let_go(file.upload_id, ctx)


async def _who_is_here(report: Report, ctx: Context) -> set[str]:
    return {user.id for user in await ctx.store.users.among(report.people) if user.erased_at is None}
