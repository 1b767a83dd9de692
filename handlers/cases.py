"""Cases of things that staff has to look at: opened because somebody reports one, or because a newcomer's first waits.

What the thing is at that moment is kept with it, so that neither editing nor leaving undoes it.
"""

import json
from typing import Any

from handlers.context import Context
from handlers.errands import CloseReports, ask_later
from handlers.errors import Conflict
from handlers.events.moderation import StaffReport
from handlers.evidence import Evidence
from handlers.views.moderation import CaseView
from store.ids import new_id
from store.reports import Case, CaseState, Fault, HeldFile, Report, Thing, report_key
from store.repository import order_of
from store.uploads import Size
from store.users import Role

# The staff that has the queue before it.
QUEUE = "staff:reports"


async def open_case(kind: Thing, thing_id: str, evidence: Evidence, ctx: Context, *, by: Fault | None) -> Case:
    """A case of a thing that has none open, by what somebody reports; or by nothing, of what waits."""
    case_id = new_id()
    case = await ctx.store.cases.insert(
        Case(
            id=case_id,
            kind=kind,
            thing_id=thing_id,
            about=evidence.about,
            count=0 if by is None else 1,
            faults={} if by is None else {by: 1},
            waits=by is None,
            created_at=ctx.now,
            reported_at=ctx.now,
            order=order_of(ctx.now, case_id),
        )
    )
    await tell(case, ctx)
    return case


async def write_report(
    case: Case, evidence: Evidence, ctx: Context, *, reporter: str | None, fault: Fault, words: str = ""
) -> Report:
    """Keep what somebody says in a case, or what waits in it, with what the thing is now."""
    report_id = new_id()
    return await ctx.store.reports.insert(
        Report(
            id=report_id,
            key=report_key(case.id, reporter),
            case_id=case.id,
            reporter=reporter,
            about=evidence.about,
            kind=case.kind,
            thing_id=case.thing_id,
            fault=fault,
            words=words,
            **await _kept(evidence, ctx),
            created_at=ctx.now,
            order=order_of(ctx.now, report_id),
        )
    )


async def ask_to_look(kind: Thing, thing_id: str, evidence: Evidence, ctx: Context) -> None:
    """Have staff look at what waits, as it is now: what they saw of it before is no more what they would approve."""
    case = await ctx.store.cases.open_of(kind, thing_id)
    if case is None:
        case = await open_case(kind, thing_id, evidence, ctx, by=None)
    elif (before := await ctx.store.reports.of_case_by(case.id, None)) is not None:
        await ctx.store.reports.replace(before.model_copy(update=await _kept(evidence, ctx)))
        await _change_for_owner(case, ctx, reported_at=ctx.now)
        return
    await write_report(case, evidence, ctx, reporter=None, fault=Fault.OTHER)


async def withdraw(kind: Thing, thing_id: str, ctx: Context) -> None:
    """Close the case of what waited and is gone: nobody has anything to look at, nor to hold for it."""
    case = await ctx.store.cases.open_of(kind, thing_id)
    if case is None or not case.waits or case.count:
        return
    await _change_for_owner(case, ctx, state=CaseState.DISMISSED)
    await ask_later(CloseReports(case_id=case.id), ctx)


async def change(case: Case, ctx: Context, **changes: Any) -> Case:
    """Write the next version of a case and tell who watches the queue; refuses if somebody was first."""
    after = await _replace(case, ctx, **changes)
    if after is None:
        raise Conflict("Somebody changed this case first.", current=CaseView.of(case))
    return after


async def tell(case: Case, ctx: Context) -> None:
    """Tell who watches the queue that a case is not what it was; not of one about staff, who may watch it, too."""
    about = None if case.about is None else await ctx.store.users.get(case.about)
    if about is not None and about.role is not Role.USER:
        return
    said = StaffReport(case_id=case.id, kind=case.kind, state=case.state, count=case.count, version=case.version)
    ctx.emit(said, to=(QUEUE,), unnamed=True)


async def _change_for_owner(case: Case, ctx: Context, **changes: Any) -> None:
    """The same as whoever owns the thing, who does not hear of the case: its notes are the staff's."""
    if await _replace(case, ctx, **changes) is None:
        raise Conflict("Staff decides about it at this moment; try again.")


async def _replace(case: Case, ctx: Context, **changes: Any) -> Case | None:
    after = await ctx.store.cases.replace(case.model_copy(update=changes))
    if after is not None:
        await tell(after, ctx)
    return after


async def _kept(evidence: Evidence, ctx: Context) -> dict[str, Any]:
    files = [file for upload_id in evidence.uploads if (file := await _held(upload_id, ctx)) is not None]
    return {"evidence": json.dumps(evidence.content, ensure_ascii=False), "files": tuple(files)}


async def _held(upload_id: str, ctx: Context) -> HeldFile | None:
    upload = await ctx.store.uploads.get(upload_id)
    if upload is None or upload.dropped or not upload.variants:
        return None
    kept = upload.variants[Size.ORIGINAL]
    return HeldFile(upload_id=upload.id, name=upload.name, media_type=kept.media_type, size=kept.size)
