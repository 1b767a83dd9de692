"""Giving one's phone number and address to one person, and taking them back."""

from typing import Annotated

from pydantic import Field

from handlers.between import access_wanted
from handlers.consenting import word
from handlers.context import Context
from handlers.errors import Invalid, NotFound
from handlers.models import Command, Cursor, Limit, Query, UserId
from handlers.views.base import Page
from handlers.views.profiles import ContactShareView
from store.consent_log import Kind
from store.contact_shares import Contact, ContactShare, share_id
from store.repository import order_of


class ShareContact(Command):
    """What, and to whom."""

    user_id: UserId
    shares: Annotated[tuple[Contact, ...], Field(min_length=1, max_length=2)]


class UnshareContact(Command):
    """To whom no longer."""

    user_id: UserId


class ListContactShares(Query):
    """Which part of the list."""

    cursor: Cursor | None = None
    limit: Limit = 30


async def share_contact(command: ShareContact, ctx: Context) -> ContactShareView:
    """Agree that somebody sees your phone number or address while the two of you have an accepted swap."""
    me = ctx.actor.user_id
    if command.user_id == me:
        raise Invalid.field("user_id", "This is you.")
    person = await access_wanted(command.user_id, ctx)
    id_, shares = share_id(me, person.id), tuple(dict.fromkeys(command.shares))
    share = await ctx.store.contact_shares.get(id_)
    if share is not None and share.shares == shares:
        return ContactShareView.of(share)
    if share is not None:
        share = await ctx.store.contact_shares.set(id_, shares)
    if share is None:
        order = order_of(ctx.now, person.id)
        share = ContactShare(id=id_, user_id=me, reader_id=person.id, shares=shares, since=ctx.now, order=order)
        await ctx.store.contact_shares.insert(share)
    await word(Kind.CONTACT, ctx, granted=True, what=shares, to=person.id)
    return ContactShareView.of(share)


async def unshare_contact(command: UnshareContact, ctx: Context) -> None:
    """Take it back: from now on they see neither."""
    if not await ctx.store.contact_shares.delete(share_id(ctx.actor.user_id, command.user_id)):
        raise NotFound("You gave this person nothing.")
    await word(Kind.CONTACT, ctx, granted=False, to=command.user_id)


async def list_contact_shares(query: ListContactShares, ctx: Context) -> Page[ContactShareView]:
    """To whom you give your phone number or address, the last first."""
    found = await ctx.store.contact_shares.of_person(ctx.actor.user_id, before=query.cursor, limit=query.limit + 1)
    return Page.of(found, ContactShareView.of, limit=query.limit)
