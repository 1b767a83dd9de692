"""What staff says to whom it acts against: for good, with its effect, and so that they can answer it.

Every measure goes through here, from whatever domain. What holds is derived from the statements that are in force, so
that taking one back leaves the others; and every process hears of it.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import Field, StrictBool, StringConstraints, model_validator

from handlers.account import STAFF_CALLER, access_self, end_sessions, note
from handlers.context import PROCESSES, Context, people
from handlers.errands import Errand, ListAnew, ask_later
from handlers.errors import Conflict
from handlers.events.moderation import RestraintChanged, StatementCreated, StatementUpdated
from handlers.judging import access_judged, require_judge, write_down
from handlers.matching import FindMatches, match_later
from handlers.models import Clean, Command, Reason
from handlers.notifying import notify
from handlers.views.statements import StaffStatementView, StatementView
from store.activity import What
from store.ids import new_id
from store.notifications import Topic
from store.reports import Thing, thing_key
from store.repository import order_of
from store.staff_log import Act
from store.statements import Measure, Statement
from store.users import Ban, Role, User

Rule = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200), Clean, Field(description="Which rule it is against.")
]
Because = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), Clean]
FOR_GOOD = datetime.max.replace(tzinfo=UTC)
ACTS = {Measure.WARNING: Act.WARNED, Measure.MUTE: Act.MUTED, Measure.SUSPENSION: Act.BANNED, Measure.BAN: Act.BANNED}
TITLES = {
    Measure.WARNING: "Staff has warned you.",
    Measure.MUTE: "Staff has muted you: you may read, and not write.",
    Measure.HIDDEN: "Staff hid something of yours.",
}


class Moderation(Command):
    """Whether everybody may see it, and why not."""

    hidden: StrictBool | None = None
    reason: Reason = Field(default="", description="Why; what is hidden, it is told to who wrote it.")
    rule: Rule = ""

    @model_validator(mode="after")
    def says_why(self) -> Self:
        """Nothing is hidden without a reason."""
        if self.hidden and not self.reason:
            raise ValueError("Say why it is hidden, in `reason`.")
        return self


class TellStatement(Errand):
    """Somebody is to know what staff did, or took back."""

    statement_id: str


async def issue(
    user: User,
    measure: Measure,
    ctx: Context,
    *,
    reason: str,
    rule: str = "",
    until: datetime | None = None,
    about: str | None = None,
    case_id: str | None = None,
) -> Statement:
    """Do something to somebody, tell them why, and write it down."""
    id_ = new_id()
    by = None if ctx.signed_in is None else ctx.signed_in.user_id
    statement = await ctx.store.statements.insert(
        Statement(
            id=id_, user_id=user.id, measure=measure, reason=reason, rule=rule, until=until, about=about,
            case_id=case_id, by=by, at=ctx.now, order=order_of(ctx.now, id_),
        )
    )  # fmt: skip
    if (act := ACTS.get(measure)) is not None:
        ban = "" if user.ban is None or not user.ban.holds(ctx.now) else in_words(user.ban.until, user.ban.reason)
        await write_down(act, user.id, ctx, before=ban, after=in_words(until, reason))
    ctx.emit(StatementCreated(statement=StatementView.of(statement, now=ctx.now)), to=people(user.id), unnamed=True)
    if statement.keeps_out:
        await _keep_out(user, statement, ctx)
    else:
        await _take_effect(statement, ctx)
        # By an errand, since who acts is named in what they notify others of, and staff is named to nobody.
        await ask_later(TellStatement(statement_id=id_), ctx)
    return statement


async def change(statement: Statement, ctx: Context, **changes: Any) -> Statement:
    """Write the next version of a statement and tell whose it is; refuses if somebody was first."""
    after = await ctx.store.statements.replace(statement.model_copy(update=changes))
    if after is None:
        current = StatementView.of(statement, now=ctx.now)
        raise Conflict("Somebody changed this statement first.", current=current)
    ctx.emit(StatementUpdated(statement=StatementView.of(after, now=ctx.now)), to=people(after.user_id), unnamed=True)
    return after


async def end(statement: Statement, ctx: Context, **changes: Any) -> Statement:
    """Take a measure back: what it did is undone at once, and what others did stays."""
    held = statement.in_force(ctx.now)
    after = await change(statement, ctx, ended_at=statement.ended_at or ctx.now, **changes)
    if not held:
        return after
    if after.measure is Measure.HIDDEN:
        kind, _, thing_id = (after.about or "").partition(":")
        if (show := ctx.ports.reportables[Thing(kind)].show) is not None:
            await show(thing_id, ctx)
    if after.keeps_out:
        await _let_in(after.user_id, ctx)
    else:
        await _take_effect(after, ctx)
        await ask_later(TellStatement(statement_id=after.id), ctx)
    return after


async def acknowledge(statement: Statement, ctx: Context) -> Statement:
    """Whom it concerns has read it."""
    after = await change(statement, ctx, acknowledged_at=ctx.now)
    await _take_effect(after, ctx)
    return after


async def hide(
    kind: Thing, thing_id: str, ctx: Context, *, reason: str, rule: str = "", case_id: str | None = None
) -> Statement | None:
    """Keep a thing from everybody but its author, who is told why; None if that one has left. Again changes nothing."""
    about = thing_key(kind, thing_id)
    if (known := await ctx.store.statements.hiding(about)) is not None:
        if known.by is not None or ctx.signed_in is None:
            return known
        await access_judged(known.user_id, None, ctx)
        # What the server did by itself, until somebody had looked, is what they say from now on.
        await ask_later(TellStatement(statement_id=known.id), ctx)
        return await change(known, ctx, by=ctx.actor.user_id, reason=reason, rule=rule)
    how = ctx.ports.reportables[kind].hide
    assert how is not None  # noqa: S101 - asked by whoever knows that it can be hidden
    author = await ctx.store.users.get(await how(thing_id, reason, ctx))
    if author is None or author.erased_at is not None:
        return None
    if ctx.signed_in is not None:
        await require_judge(author, ctx)
    return await issue(author, Measure.HIDDEN, ctx, reason=reason, rule=rule, about=about, case_id=case_id)


async def show(kind: Thing, thing_id: str, ctx: Context) -> None:
    """Let everybody see a thing again; what has no statement is of somebody who left."""
    statement = await ctx.store.statements.hiding(thing_key(kind, thing_id))
    if statement is not None:
        # What the server hid by itself an admin shows, whosever it is: there may be no other.
        if statement.by is not None or (await access_self(ctx)).role is not Role.ADMIN:
            await access_judged(statement.user_id, None, ctx)
        await end(statement, ctx)
    elif (how := ctx.ports.reportables[kind].show) is not None:
        await how(thing_id, ctx)


async def hide_or_show(kind: Thing, thing_id: str, asked: Moderation, ctx: Context) -> None:
    """Whichever of both is asked for."""
    if asked.hidden:
        await hide(kind, thing_id, ctx, reason=asked.reason, rule=asked.rule)
    else:
        await show(kind, thing_id, ctx)


async def tell_statement(errand: TellStatement, ctx: Context) -> None:
    """Notify somebody of what staff did to them, and why; or that it is taken back."""
    one = await ctx.store.statements.get(errand.statement_id)
    if one is None:
        return
    title = TITLES[one.measure] if one.ended_at is None else "Staff took back what it did."
    about = f"statement:{one.id}"
    await notify(
        [one.user_id], Topic.MODERATION, ctx, title=title, text=one.reason, about=about, data={"statement_id": one.id}
    )


def in_words(until: datetime | None, reason: str) -> str:
    """Until when, and why."""
    return f"{'For good' if until is None else f'Until {until:%Y-%m-%d %H:%M} UTC'}: {reason}"


def staffs(statement: Statement, ctx: Context) -> StaffStatementView:
    """A statement as staff sees it."""
    return StaffStatementView.of(statement, now=ctx.now)


async def _keep_out(user: User, statement: Statement, ctx: Context) -> None:
    await _reckon_ban(user.id, ctx)
    await end_sessions(user.id, ctx, because="banned")
    for at in (ctx.now, *(() if statement.until is None else (statement.until,))):
        await ask_later(ListAnew(user_id=user.id), ctx, at=at)
    if statement.until is not None:
        # Who came meanwhile was not matched with them.
        await ask_later(FindMatches(user_id=user.id), ctx, at=statement.until)
    more = in_words(statement.until, statement.reason)
    await note(What.BANNED, user, ctx, caller=STAFF_CALLER, more=more, statement_id=statement.id)


async def _let_in(user_id: str, ctx: Context) -> None:
    user = await _reckon_ban(user_id, ctx)
    if user is not None and user.ban is None:
        await note(What.BAN_LIFTED, user, ctx, caller=STAFF_CALLER)
        await match_later(user, ctx)
        await ask_later(ListAnew(user_id=user.id), ctx)


async def _reckon_ban(user_id: str, ctx: Context) -> User | None:
    """The ban that the statements in force come to: the one that holds longest."""
    found = [one for one in await ctx.store.statements.holding(user_id, now=ctx.now) if one.keeps_out]
    holding = sorted(found, key=lambda one: one.until or FOR_GOOD)
    ban = Ban(reason=holding[-1].reason, at=holding[-1].at, until=holding[-1].until).model_dump() if holding else None
    return await ctx.store.users.update(user_id, {"ban": ban})


async def _take_effect(statement: Statement, ctx: Context) -> None:
    if statement.measure in (Measure.WARNING, Measure.MUTE):
        ctx.emit(RestraintChanged(user_id=statement.user_id), to=(PROCESSES,))
