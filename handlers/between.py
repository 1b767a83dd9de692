"""What holds between two people, and what one may see of the other for it.

Every answer is given by the person who is looked at: by what they set, and by what they agreed to.
"""

from collections.abc import Collection

from handlers.blocking import hidden_from, hidden_from_each, who_blocked
from handlers.context import Context
from handlers.errors import Forbidden, NotAllowedNow, NotFound
from store.contact_shares import Contact, share_id
from store.profiles import EVERYBODY, MEMBERS, PARTNERS, ShownTo
from store.users import User

# Of each of two people the last swaps: who had more is as well known by these.
MOST_HELD = 100


async def known_person(user_id: str, ctx: Context) -> User:
    """Somebody who takes part; who left or is kept out is nobody to others."""
    user = await ctx.store.users.get(user_id)
    if user is None or not user.is_around(ctx.now):
        raise NotFound("There is no such person.")
    return user


async def access_person(user_id: str, ctx: Context) -> User:
    """Somebody who takes part and did not block the actor; one sees whom one blocked, to know who it was."""
    user = await known_person(user_id, ctx)
    if ctx.signed_in is not None and await who_blocked(ctx.signed_in.user_id, [user.id], ctx):
        raise NotFound("There is no such person.")
    return user


async def access_wanted(user_id: str, ctx: Context) -> User:
    """Somebody to whom the actor turns, or wants to find again: neither blocked the other."""
    user = await access_person(user_id, ctx)
    if await hidden_from(ctx.actor.user_id, [user.id], ctx):
        raise Forbidden("You blocked this person; unblock them first.")
    return user


async def are_partners(one: str, other: str, ctx: Context) -> bool:
    """Whether two people have a swap that both accepted and that is not called off."""
    return await ctx.store.swaps.have_agreed(one, other)


async def require_there(user_id: str, ctx: Context) -> None:
    """Refuse to propose something to who is on vacation."""
    person = await ctx.store.users.get(user_id)
    if person is not None and person.is_away(ctx.now):
        # Until when may be theirs to know.
        raise NotAllowedNow("They are away and take no proposals now; ask them later.")


async def who_is_there(user_ids: Collection[str], ctx: Context) -> list[str]:
    """Those of these people who are not on vacation: it pauses what reminds them."""
    away = {user.id for user in await ctx.store.users.among(list(user_ids)) if user.is_away(ctx.now)}
    return [one for one in user_ids if one not in away]


async def circles_of(person: User, ctx: Context) -> frozenset[ShownTo]:
    """The circles of a person that the actor is in, whoever that is; in one's own one is in all."""
    if ctx.signed_in is None:
        return EVERYBODY
    if ctx.signed_in.user_id == person.id:
        return frozenset(ShownTo)
    used = {shown for _, shown in person.visibility}
    if ShownTo.PARTNERS in used and await are_partners(person.id, ctx.signed_in.user_id, ctx):
        return PARTNERS
    return MEMBERS


async def mutual_of(person: User, circles: Collection[ShownTo], ctx: Context) -> list[User] | None:
    """Those with whom both a person and the actor had swaps, as far as all three show it; the actor's last first.

    None where the person does not show it, where nobody is signed in, and of oneself.
    """
    me = None if ctx.signed_in is None else ctx.signed_in.user_id
    if me is None or me == person.id or person.visibility.mutual not in circles:
        return None
    theirs = {*await ctx.store.swaps.held_with(person.id, limit=MOST_HELD)}
    both = [one for one in await ctx.store.swaps.held_with(me, limit=MOST_HELD) if one in theirs] if theirs else []
    if not both:
        return []
    hidden = await hidden_from_each({me: both, person.id: both}, ctx)
    users = {user.id: user for user in await ctx.store.users.among(both) if user.is_around(ctx.now)}
    # The actor is a partner of each of them.
    shown = [users[one] for one in both if one in users and users[one].visibility.mutual in PARTNERS]
    return [user for user in shown if user.id not in hidden[me] | hidden[person.id]]


async def contact_of(person: User, ctx: Context) -> tuple[str | None, str | None]:
    """The phone number and the address of a person, as far as they give them to the actor.

    It takes both: that person's consent for this reader, and a swap that both have accepted.
    """
    reader = None if ctx.signed_in is None else ctx.signed_in.user_id
    if reader is None:
        return None, None
    if reader == person.id:
        return person.phone, person.address
    share = await ctx.store.contact_shares.get(share_id(person.id, reader))
    if share is None or not await are_partners(person.id, reader, ctx):
        return None, None
    phone = person.phone if Contact.PHONE in share.shares else None
    return phone, person.address if Contact.ADDRESS in share.shares else None
