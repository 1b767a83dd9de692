"""Standing still: while the server is being worked on people read, and nobody but staff changes anything."""

from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints

from handlers.context import PROCESSES, Context
from handlers.events.staff import MaintenanceSwitched
from handlers.models import Clean, Command, Query
from handlers.views.staff import MaintenanceView
from store.maintenance import ID, Standstill
from store.staff_log import Act, StaffAct


class GetMaintenance(Query):
    """Whether changes are refused."""


class SwitchMaintenance(Command):
    """Whether changes shall be refused, and what people are told."""

    on: StrictBool
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), Clean] = Field(
        "", description="Told to everybody who is there or tries to change something: what for, and until when."
    )


async def get_maintenance(_: GetMaintenance, ctx: Context) -> MaintenanceView:
    """Whether changes are refused to all but staff, and what people are told."""
    return MaintenanceView.of(ctx.ports.standing.words)


async def switch_maintenance(command: SwitchMaintenance, ctx: Context) -> MaintenanceView:
    """Refuse changes to all but staff, or no longer; on every process within a second, and everybody there is told.

    Where the setting `MAINTENANCE` says so, changes are refused whatever is said here.
    """
    before = await ctx.store.maintenance.last()
    standstill = Standstill(on=command.on, words=command.words, at=ctx.now)
    await ctx.store.maintenance.say(standstill)
    act = Act.MAINTENANCE_BEGUN if command.on else Act.MAINTENANCE_ENDED
    told = before.words if before is not None and before.on else ""
    await ctx.store.staff_log.insert(StaffAct.of(act, ID, told, command.words, by=ctx.actor.user_id, at=ctx.now))
    ctx.emit(MaintenanceSwitched(on=command.on, words=command.words), to=(PROCESSES,))
    return MaintenanceView(on=command.on, words=command.words)
