"""Blocking people and letting them back in. Nobody but one's own devices is told."""

from handlers.account import access_self
from handlers.between import known_person
from handlers.consenting import word
from handlers.context import Context, people
from handlers.errors import Invalid, NotFound
from handlers.events.accounts import PresenceChanged
from handlers.events.safety import BlockAdded, BlockRemoved
from handlers.matching import match_later
from handlers.models import Command, Cursor, Limit, Query, UserId
from handlers.views.base import Page
from handlers.views.profiles import PresenceView
from handlers.views.safety import BlockView
from handlers.visibility import seen, shown_to, talks_of
from store.blocks import Block, block_id
from store.consent_log import Kind
from store.contact_shares import share_id
from store.favourites import favourite_id
from store.repository import order_of
from store.users import Status


class AddBlock(Command):
    """Whom."""

    user_id: UserId


class RemoveBlock(AddBlock):
    """Whom no longer."""


class ListBlocks(Query):
    """Which part of the list."""

    cursor: Cursor | None = None
    limit: Limit = 30


async def add_block(command: AddBlock, ctx: Context) -> BlockView:
    """Have nothing to do with somebody any more; they are not told, and nobody else is. Again changes nothing.

    Neither of you finds, reads of, writes to, calls or sees the other from now on; groups and the forum stay. What you
    gave each other of contact data is taken back, and they are no favourite of yours.
    """
    me = ctx.actor.user_id
    # Asked before the first word to the database: nothing else may be waited for within a transaction.
    online = {me, command.user_id} & set(await ctx.ports.presence.online([me, command.user_id]))
    if command.user_id == me:
        raise Invalid.field("user_id", "This is you.")
    person = await known_person(command.user_id, ctx)
    kept = block_id(me, person.id)
    block = await ctx.store.blocks.get(kept)
    if block is None:
        order = order_of(ctx.now, person.id)
        block = Block(id=kept, user_id=me, person_id=person.id, created_at=ctx.now, order=order)
        await ctx.store.blocks.insert(block)
        ctx.emit(BlockAdded(block=BlockView.of(block, person)), to=people(me))
        await _part(me, person.id, online, ctx)
    # Again also for who blocked somebody before: one may have been opened at the same moment.
    await ctx.store.threads.close(me, person.id)
    return BlockView.of(block, person)


async def remove_block(command: RemoveBlock, ctx: Context) -> None:
    """Let somebody back in, who is not told; what was taken back stays so."""
    me = ctx.actor.user_id
    if not await ctx.store.blocks.delete(block_id(me, command.user_id)):
        raise NotFound("You did not block this person.")
    await ctx.store.threads.reopen(me, command.user_id)
    ctx.emit(BlockRemoved(user_id=command.user_id), to=people(me))
    # They may fit each other since: neither was found for the other meanwhile.
    await match_later(await access_self(ctx), ctx)


async def list_blocks(query: ListBlocks, ctx: Context) -> Page[BlockView]:
    """Whom you blocked, the last first."""
    found = await ctx.store.blocks.of_person(ctx.actor.user_id, before=query.cursor, limit=query.limit + 1)
    page = found[: query.limit]
    users = await ctx.store.users.among([one.person_id for one in page]) if page else []
    known = {user.id: user for user in users}
    views = [BlockView.of(one, known[one.person_id]) for one in page if one.person_id in known]
    return Page(items=views, next_cursor=page[-1].order if len(found) > query.limit else None)


async def _part(me: str, other: str, online: set[str], ctx: Context) -> None:
    """Take from each what they had of the other, and have each go from the other's screens as who goes offline."""
    for one, another in ((me, other), (other, me)):
        # What the other one gave ends as if its reader had left: they took nothing back, and no log tells them of it.
        if await ctx.store.contact_shares.delete(share_id(one, another)) and one == me:
            await word(Kind.CONTACT, ctx, granted=False, to=other)
    await ctx.store.favourites.delete(favourite_id(me, other))
    for user in await ctx.store.users.among([me, other]):
        told = other if user.id == me else me
        # Who was not seen to be there does not go.
        was_there = seen(user, online=user.id in online, now=ctx.now).status is not Status.OFFLINE
        if was_there and told in shown_to(user.id, await talks_of(user.id, ctx)):
            ctx.emit(PresenceChanged(presence=PresenceView.nothing(user.id)), to=people(told))
