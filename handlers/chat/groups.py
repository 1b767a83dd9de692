"""Who is in a group and what it is called; each change is a message of the system in it, so that it tells its story."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from handlers.chat.access import access_thread
from handlers.chat.notices import notice_key
from handlers.chat.threads import MOST_PARTICIPANTS
from handlers.context import Context, people
from handlers.conversations import post, require_known, take_number
from handlers.errors import Forbidden, Invalid, NotAllowedNow, NotFound
from handlers.events.chat import ThreadLeft, ThreadUpdated
from handlers.first_contacts import first_contacts
from handlers.models import Command, Line, ThreadId, UserId
from handlers.notifying import settle
from handlers.views.chat import ThreadView
from store.ids import new_id
from store.memberships import Membership
from store.messages import Message
from store.threads import Kind, Thread


class _OfGroup(Command):
    turn_by = "thread_id"

    thread_id: ThreadId


class RenameThread(_OfGroup):
    """The new title."""

    title: Line


class AddPeople(_OfGroup):
    """Whom to add."""

    participants: Annotated[tuple[UserId, ...], Field(min_length=1, max_length=MOST_PARTICIPANTS)]


class RemovePerson(_OfGroup):
    """Whom to remove; yourself to leave."""

    user_id: UserId


class PromotePerson(_OfGroup):
    """Whom to make an admin."""

    user_id: UserId


async def rename_thread(command: RenameThread, ctx: Context) -> ThreadView:
    """Rename a group."""
    thread = await _access_group_as_admin(command.thread_id, ctx)
    return await _changed(thread, {"$set": {"title": command.title}}, "renamed", command.title, ctx)


async def add_people(command: AddPeople, ctx: Context) -> ThreadView:
    """Add people to a group; they can read it from its first message."""
    thread = await _access_group_as_admin(command.thread_id, ctx)
    new = tuple(person for person in dict.fromkeys(command.participants) if person not in thread.participants)
    if not new:
        raise Invalid.field("participants", "They are all in it already.")
    if len(thread.participants) + len(new) > MOST_PARTICIPANTS:
        raise Invalid.field("participants", f"A group has at most {MOST_PARTICIPANTS} people.")
    await require_known(new, ctx, field="participants")
    if first := await first_contacts(new, ctx):
        await ctx.store.threads.set_first(thread, (*thread.first, *first))
    members = [
        Membership(id=f"{thread.id}:{person}", thread_id=thread.id, user_id=person, joined_at=ctx.now) for person in new
    ]
    await ctx.store.memberships.insert_all(members)
    change = {"$addToSet": {"participants": {"$each": list(new)}, "shown_to": {"$each": list(new)}}}
    return await _changed(thread, change, "added", " ".join(new), ctx)


async def remove_person(command: RemovePerson, ctx: Context) -> None:
    """Leave a group, or remove somebody from it as its admin; the eldest follows the last admin."""
    thread = await _access_group(command.thread_id, ctx)
    gone = command.user_id
    if gone != ctx.actor.user_id and ctx.actor.user_id not in thread.admins:
        raise Forbidden("Only an admin may remove others from a group.")
    if gone not in thread.participants:
        raise NotFound("There is no such person in this group.")
    rest = [person for person in thread.participants if person != gone]
    admins = [person for person in thread.admins if person != gone] or rest[:1]
    await ctx.store.memberships.delete(thread.id, gone)
    change = {
        "$set": {"participants": rest, "admins": admins},
        "$pull": {"shown_to": gone, "archived_by": gone},
    }
    ctx.emit(ThreadLeft(thread_id=thread.id), to=people(gone))
    await settle([gone], notice_key(thread.id), ctx)
    if rest:
        await _changed(thread, change, "left" if gone == ctx.actor.user_id else "removed", gone, ctx)
    else:
        await ctx.store.threads.change(thread.id, change)


async def promote_person(command: PromotePerson, ctx: Context) -> ThreadView:
    """Make somebody an admin of a group."""
    thread = await _access_group_as_admin(command.thread_id, ctx)
    if command.user_id not in thread.participants:
        raise NotFound("There is no such person in this group.")
    return await _changed(thread, {"$addToSet": {"admins": command.user_id}}, "promoted", command.user_id, ctx)


async def _changed(thread: Thread, change: Mapping[str, object], what: str, text: str, ctx: Context) -> ThreadView:
    # The number first: whoever leaves is no longer one who may take it.
    note_id = new_id()
    numbered = await take_number(thread.id, note_id, text, ctx, sender=ctx.actor.user_id)
    now = await ctx.store.threads.change(thread.id, change) or numbered
    note = Message(
        id=note_id,
        thread_id=thread.id,
        seq=now.last_seq,
        sender=ctx.actor.user_id,
        text=text,
        system=what,
        created_at=ctx.now,
    )
    await post(note, now, ctx)
    views = {
        mine.user_id: ThreadView.of(now, mine, reader=mine.user_id)
        for mine in await ctx.store.memberships.of_thread(thread.id)
    }
    for person, view in views.items():
        ctx.emit(ThreadUpdated(thread=view), to=people(person))
    return views.get(ctx.actor.user_id) or next(iter(views.values()))


async def _access_group(thread_id: str, ctx: Context) -> Thread:
    thread = await access_thread(thread_id, ctx)
    if thread.kind is not Kind.GROUP:
        raise NotAllowedNow("A conversation of two people stays as it is; open a group instead.")
    return thread


async def _access_group_as_admin(thread_id: str, ctx: Context) -> Thread:
    thread = await _access_group(thread_id, ctx)
    if ctx.actor.user_id not in thread.admins:
        raise Forbidden("Only an admin may change a group.")
    return thread
