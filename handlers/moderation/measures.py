"""What staff does about somebody: each measure is one statement, which says what, why, by which rule and until when."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from pydantic import Field, model_validator

from handlers.context import Context
from handlers.errors import Invalid, NotAllowedNow, NotFound
from handlers.judging import access_judged, access_somebody, write_down
from handlers.models import Asked, Command, Creating, Cursor, Id, Limit, Moment, Query, UserId
from handlers.statements import Because, Rule, end, hide, in_words, issue, staffs
from handlers.views.base import Page
from handlers.views.statements import StaffStatementView
from store.reports import Case, Thing
from store.staff_log import Act
from store.statements import Measure, Statement

LONGEST = timedelta(days=366)
# These have an end; the others do not.
FOR_A_TIME = frozenset({Measure.MUTE, Measure.SUSPENSION})
StatementId = Annotated[Id, Field(description="The id of a statement.")]


class MeasureAsked(Asked):
    """What to do, and until when: a mute and a suspension have an end, nothing else has."""

    measure: Measure
    until: Moment | None = None

    @model_validator(mode="after")
    def ends_as_it_should(self) -> "MeasureAsked":
        """What is for a time says for how long."""
        if (self.until is not None) != (self.measure in FOR_A_TIME):
            raise ValueError("`until` goes with `mute` and `suspension`, and with nothing else.")
        return self


class TakeMeasure(Creating, MeasureAsked):
    """What to do to somebody, and why."""

    turn_by = "user_id"

    user_id: UserId
    reason: Because
    rule: Rule = ""


class LiftMeasure(Command):
    """Which one is taken back."""

    turn_by = "statement_id"

    statement_id: StatementId


class ListStatementsOf(Query):
    """About whom."""

    user_id: UserId
    cursor: Cursor | None = None
    limit: Limit = 30


async def take_measure(command: TakeMeasure, ctx: Context) -> StaffStatementView:
    """Warn, mute, suspend or ban somebody. They are told at once what, why, by which rule, and how to appeal.

    Who is warned has to acknowledge it before anything else is open to them; who is muted reads, and neither writes,
    proposes nor calls; who is suspended or banned is signed out everywhere.
    """
    if command.measure is Measure.HIDDEN:
        raise Invalid.field("measure", "This is done to a thing: decide its case, or use its own address.")
    return staffs(await _act_on(command.user_id, command, ctx, reason=command.reason, rule=command.rule), ctx)


async def lift_measure(command: LiftMeasure, ctx: Context) -> StaffStatementView:
    """Take back what staff did to somebody: what it did is undone at once, everywhere."""
    statement = await ctx.store.statements.get(command.statement_id)
    if statement is None:
        raise NotFound("There is no such statement.")
    await access_judged(statement.user_id, None, ctx)
    if not statement.in_force(ctx.now):
        raise NotAllowedNow("It is not in force any more.", current=staffs(statement, ctx))
    was = in_words(statement.until, statement.reason)
    await write_down(Act.MEASURE_LIFTED, statement.id, ctx, before=was, after="")
    return staffs(await end(statement, ctx), ctx)


async def list_statements_of(query: ListStatementsOf, ctx: Context) -> Page[StaffStatementView]:
    """What staff did to somebody, the last first, also what is over."""
    user = await access_somebody(query.user_id, ctx)
    found = await ctx.store.statements.of_person(user.id, before=query.cursor, limit=query.limit + 1)
    return Page.of(found, lambda one: staffs(one, ctx), limit=query.limit)


async def act(case: Case, asked: Sequence[MeasureAsked], ctx: Context, *, reason: str, rule: str) -> None:
    """Do all of it, for a case."""
    for one in asked:
        if one.measure is Measure.HIDDEN:
            await _hide(case, ctx, reason=reason, rule=rule)
        elif case.about is None:
            raise Invalid.field("measures", "This is of several people; act on each, at /staff/people/.")
        else:
            about = f"{case.kind}:{case.thing_id}"
            await _act_on(case.about, one, ctx, reason=reason, rule=rule, about=about, case_id=case.id)


async def _hide(case: Case, ctx: Context, *, reason: str, rule: str) -> None:
    if ctx.ports.reportables[Thing(case.kind)].hide is None:
        raise Invalid.field("measures", f"A {case.kind} is not hidden; act on whose it is.")
    await hide(case.kind, case.thing_id, ctx, reason=reason, rule=rule, case_id=case.id)


async def _act_on(
    user_id: str,
    asked: MeasureAsked,
    ctx: Context,
    *,
    reason: str,
    rule: str,
    about: str | None = None,
    case_id: str | None = None,
) -> Statement:
    user = await access_judged(user_id, asked.until, ctx)
    if asked.until is not None and asked.until > ctx.now + LONGEST:
        raise Invalid.field("until", "A year at most; else ban.")
    return await issue(
        user, asked.measure, ctx, reason=reason, rule=rule, until=asked.until, about=about, case_id=case_id
    )
