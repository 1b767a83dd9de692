"""What two people want to get out of a swap, and what they share for it: one list, in which both write.

Whoever writes an item makes its id, so that asking again changes nothing; nobody's words become another's unsaid.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from handlers.attachments import attach, let_go
from handlers.context import Context, people
from handlers.errors import Conflict, Forbidden, Invalid, NotAllowedNow
from handlers.events.swaps import AgendaUpdated
from handlers.models import Clean, Command, Id, Link, Query, SwapId, Whole
from handlers.swaps.access import access_swap, require_wanted
from handlers.views.swaps import AgendaView
from store.agendas import Agenda, Item
from store.swaps import OPEN, Status, Swap

# It is looked at as a whole, by two who want to teach each other something.
MOST_ITEMS = 40
# What is settled is what was.
WRITTEN_IN = OPEN | {Status.ACCEPTED}

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), Clean]


class GetAgenda(Query):
    """Of which swap of yours."""

    swap_id: SwapId


class _OfItem(Command):
    turn_by = "swap_id"

    swap_id: SwapId
    item_id: UUID = Field(description="Made by whoever writes the item, new for each, and the same for each retry.")


class WriteItem(_OfItem):
    """A new item, or what is to be otherwise of one."""

    version: Whole | None = Field(default=None, ge=0, description="Refused with the current agenda if it has moved on.")
    text: Words | None = Field(default=None, description="What you want, or what it is that you share.")
    link: Link | None = Field(default=None, description="With a new item: where it is found.")
    upload: Id | None = Field(default=None, description="With a new item: an upload of yours.")
    done: bool | None = Field(default=None, description="Whether it is ticked off.")


class RemoveItem(_OfItem):
    """Which one of your own."""


async def get_agenda(query: GetAgenda, ctx: Context) -> AgendaView:
    """What the two want to get out of one of your swaps, and what they share for it."""
    return AgendaView.of(await _agenda(await access_swap(query.swap_id, ctx), ctx))


async def write_item(command: WriteItem, ctx: Context) -> AgendaView:
    """Put something into the agenda of a swap, word it otherwise, or tick it off; either of the two may."""
    swap = await access_swap(command.swap_id, ctx)
    agenda = await _agenda(swap, ctx)
    if command.version is not None and command.version != agenda.version:
        raise Conflict("The agenda has changed since.", current=AgendaView.of(agenda))
    if swap.status not in WRITTEN_IN:
        raise NotAllowedNow(f"The agenda of a swap that is {swap.status} stays as it is.")
    await require_wanted(swap, ctx)
    before = agenda.item(str(command.item_id))
    item = await _new(command, agenda, ctx) if before is None else _changed(before, command, ctx)
    if item == before:
        return AgendaView.of(agenda)
    items = {one.id: one for one in agenda.items} | {item.id: item}
    return await _write(agenda, tuple(items.values()), ctx)


async def remove_item(command: RemoveItem, ctx: Context) -> AgendaView:
    """Take something of your own out of the agenda, and its file with it; whatever became of the swap."""
    agenda = await _agenda(await access_swap(command.swap_id, ctx), ctx)
    item = agenda.item(str(command.item_id))
    if item is None:
        return AgendaView.of(agenda)
    if item.by != ctx.actor.user_id:
        raise Forbidden("Only who wrote it may take it out; tick it off instead.")
    if item.upload is not None:
        await let_go(item.upload, ctx)
    return await _write(agenda, tuple(one for one in agenda.items if one != item), ctx)


async def _agenda(swap: Swap, ctx: Context) -> Agenda:
    found = await ctx.store.agendas.get(swap.id)
    return found or Agenda(id=swap.id, people=swap.people, updated_at=swap.created_at)


async def _new(command: WriteItem, agenda: Agenda, ctx: Context) -> Item:
    if command.text is None:
        raise Invalid.field("text", "Say what it is.", code="missing")
    if len(agenda.items) >= MOST_ITEMS:
        raise NotAllowedNow(f"An agenda has {MOST_ITEMS} items at most; take one out first.")
    if command.upload is not None:
        await attach(command.upload, f"swap:{agenda.id}", ctx, field="upload")
    me = ctx.actor.user_id
    return Item(
        id=str(command.item_id),
        by=me,
        text=command.text,
        link=command.link,
        upload=command.upload,
        done_by=me if command.done else None,
        created_at=ctx.now,
    )


def _changed(item: Item, command: WriteItem, ctx: Context) -> Item:
    for field in ("link", "upload"):
        if getattr(command, field) not in (None, getattr(item, field)):
            raise Invalid.field(field, "What an item shares stays; take it out, and put in another.")
    me, words = ctx.actor.user_id, command.text or item.text
    is_done = item.done_by is not None if command.done is None else command.done
    return item.model_copy(
        update={
            "text": words,
            "edited_by": item.edited_by if words == item.text else me,
            "done_by": (item.done_by or me) if is_done else None,
        }
    )


async def _write(agenda: Agenda, items: tuple[Item, ...], ctx: Context) -> AgendaView:
    after = agenda.model_copy(update={"items": items, "version": agenda.version + 1, "updated_at": ctx.now})
    if agenda.version == 0:
        await ctx.store.agendas.insert(after)
    elif not await ctx.store.agendas.replace(after, version=agenda.version):
        raise Conflict("Somebody changed this agenda first.", current=AgendaView.of(agenda))
    view = AgendaView.of(after)
    ctx.emit(AgendaUpdated(agenda=view, by=ctx.actor.user_id), to=people(*after.people))
    return view
