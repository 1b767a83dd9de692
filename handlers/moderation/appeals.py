"""What somebody reads of what staff did to them, and the one appeal they have; another member of staff decides it.

Who is kept out reads and appeals by a token that opens one statement and nothing else: in the letter that told them,
and in the refusal when they sign in.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from handlers.account import STAFF_CALLER, access_self, note
from handlers.context import Context
from handlers.errors import Conflict, Forbidden, Invalid, NotAllowedNow, NotFound
from handlers.judging import access_judged, may_others_judge, write_down
from handlers.letters import is_opened
from handlers.models import Clean, Command, Cursor, Limit, Outward, Query
from handlers.moderation.measures import StatementId
from handlers.statements import Because, acknowledge, change, end, staffs
from handlers.views.base import Page
from handlers.views.statements import APPEALED_WITHIN, StaffStatementView, StatementView
from store.activity import What
from store.repository import order_of
from store.staff_log import Act
from store.statements import Appeal, AppealState, Measure, Statement

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), Clean]
Token = Annotated[SecretStr, Field(max_length=128, description="From the letter, or from the refusal to sign in.")]


class ListStatements(Query):
    """About oneself."""

    cursor: Cursor | None = None
    limit: Limit = 30


class Acknowledge(Command):
    """Which warning."""

    statement_id: StatementId


class AppealStatement(Command):
    """Against what, and why it is wrong."""

    statement_id: StatementId
    words: Words


class OpenStatement(Outward):
    """What opens it."""

    # By a body, as a token stands in no address; it changes nothing, so that it needs no transaction.
    token: Token


class AppealByToken(Command):
    """What opens it, and why it is wrong."""

    token: Token
    words: Words


class ListAppeals(Query):
    """Which part of the list."""

    cursor: Cursor | None = None
    limit: Limit = 30


class Verdict(StrEnum):
    UPHOLD = "uphold"
    REVERSE = "reverse"


class DecideAppeal(Command):
    """What becomes of it, and why."""

    turn_by = "statement_id"

    statement_id: StatementId
    verdict: Verdict
    reason: Because = Field(description="Told to who appealed.")


async def list_statements(query: ListStatements, ctx: Context) -> Page[StatementView]:
    """What staff did to you, the last first: why, by which rule, until when, and what became of your appeal."""
    found = await ctx.store.statements.of_person(ctx.actor.user_id, before=query.cursor, limit=query.limit + 1)
    return Page.of(found, lambda one: _seen(one, ctx), limit=query.limit)


async def acknowledge_warning(command: Acknowledge, ctx: Context) -> StatementView:
    """Say that you have read a warning: everything is open to you again. You can appeal all the same."""
    statement = await _access_own(command.statement_id, ctx)
    if statement.measure is not Measure.WARNING:
        raise NotAllowedNow("Only a warning is acknowledged.", current=_seen(statement, ctx))
    return _seen(statement if statement.acknowledged_at else await acknowledge(statement, ctx), ctx)


async def appeal(command: AppealStatement, ctx: Context) -> StatementView:
    """Say why something that staff did to you is wrong, once; somebody else of the staff decides."""
    return await _appeal(await _access_own(command.statement_id, ctx), command.words, ctx)


async def open_statement(command: OpenStatement, ctx: Context) -> StatementView:
    """Read why you are kept out, and what became of your appeal, without signing in."""
    return _seen(await _access_opened(command.token, ctx), ctx)


async def appeal_by_token(command: AppealByToken, ctx: Context) -> StatementView:
    """Appeal without signing in, since you are kept out."""
    return await _appeal(await _access_opened(command.token, ctx), command.words, ctx)


async def list_appeals(query: ListAppeals, ctx: Context) -> Page[StaffStatementView]:
    """What people appealed against and nobody has decided, the one that waits longest first."""
    found = await ctx.store.statements.appealed(after=query.cursor, limit=query.limit + 1)
    page = found[: query.limit]
    last = page[-1].appeal if page else None
    cursor = last.order if last is not None and len(found) > query.limit else None
    return Page(items=[staffs(one, ctx) for one in page if one.user_id != ctx.actor.user_id], next_cursor=cursor)


async def decide_appeal(command: DecideAppeal, ctx: Context) -> StaffStatementView:
    """Uphold what was done, or reverse it: then it is undone at once. By who did it only if nobody else may decide."""
    statement = await ctx.store.statements.get(command.statement_id)
    me = await access_self(ctx)
    if statement is None or statement.user_id == me.id:
        raise NotFound("There is no such statement.")
    judged = await access_judged(statement.user_id, None, ctx)
    if statement.appeal is None or statement.appeal.state is not AppealState.OPEN:
        raise NotAllowedNow("There is no appeal to decide.", current=staffs(statement, ctx))
    if statement.by == me.id and await may_others_judge(judged, ctx):
        raise Forbidden("You did this yourself; somebody else of the staff decides about it.")
    state = AppealState.REVERSED if command.verdict is Verdict.REVERSE else AppealState.UPHELD
    said = {"state": state, "decided_by": me.id, "decided_at": ctx.now, "reason": command.reason}
    decided = statement.appeal.model_copy(update=said)
    after = await (end if state is AppealState.REVERSED else change)(statement, ctx, appeal=decided)
    await write_down(Act.APPEAL_DECIDED, statement.id, ctx, before="", after=f"{state}: {command.reason}")
    if (user := await ctx.store.users.get(statement.user_id)) is not None:
        more = f"It is {state}: {command.reason}"
        await note(What.APPEAL_DECIDED, user, ctx, caller=STAFF_CALLER, more=more)
    return staffs(after, ctx)


async def _appeal(statement: Statement, words: str, ctx: Context) -> StatementView:
    if statement.appeal is not None:
        raise Conflict("This was appealed against already.", current=_seen(statement, ctx))
    if not statement.may_be_reversed(ctx.now, within=APPEALED_WITHIN):
        raise NotAllowedNow("It is too late to appeal, or taken back already.", current=_seen(statement, ctx))
    asked = Appeal(words=words, at=ctx.now, order=order_of(ctx.now, statement.id))
    return _seen(await change(statement, ctx, appeal=asked), ctx)


async def _access_own(statement_id: str, ctx: Context) -> Statement:
    statement = await ctx.store.statements.get(statement_id)
    if statement is None or statement.user_id != ctx.actor.user_id:
        raise NotFound("There is no such statement.")
    return statement


async def _access_opened(token: SecretStr, ctx: Context) -> Statement:
    statement_id = is_opened(token.get_secret_value(), ctx)
    statement = None if statement_id is None else await ctx.store.statements.get(statement_id)
    if statement is None:
        raise Invalid.field("token", "This opens nothing; take it from the letter, or sign in again.", code="link_over")
    return statement


def _seen(statement: Statement, ctx: Context) -> StatementView:
    return StatementView.of(statement, now=ctx.now)
