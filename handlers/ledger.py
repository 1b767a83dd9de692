"""Moving time credit between people: promised first, then given, and given back where that was wrong.

Whoever promises must have it, down to the limit that the operator sets; so giving what was promised never fails. Below
it comes only who spent what staff gives back, or what they had not kept their word about.
"""

from handlers.context import Context
from handlers.errors import Conflict, NotAllowedNow
from store.credits import Account, Transfer
from store.ids import new_id
from store.repository import order_of


async def account_of(user_id: str, ctx: Context) -> Account:
    """Somebody's account; who has none yet has nothing."""
    return await ctx.store.credit_accounts.get(user_id) or Account(id=user_id)


async def promise(user_id: str, minutes: int, ctx: Context) -> None:
    """Reserve credit of somebody's; refused where they would owe more than the limit."""
    account = await account_of(user_id, ctx)
    limit = int(ctx.ports.rules.credit_limit.total_seconds() // 60)
    if account.balance - account.reserved - minutes < -limit:
        # Their account is nobody else's business: who accepts a swap hears no number of whoever is to pay for it.
        if ctx.signed_in is None or ctx.signed_in.user_id != user_id:
            raise NotAllowedNow(f"{minutes} minutes of credit are asked for, and the other side does not have so many.")
        left = max(0, account.balance - account.reserved + limit)
        raise NotAllowedNow(f"{minutes} minutes of credit are asked for, and no more than {left} are there.")
    await _move(user_id, ctx, reserved=minutes)


async def freeze(user_id: str, minutes: int, ctx: Context) -> None:
    """Reserve credit that is in dispute, also of who has spent it: nobody is kept from disputing by that."""
    await _move(user_id, ctx, reserved=minutes)


async def free(user_id: str, minutes: int, ctx: Context) -> None:
    """Give up what was reserved."""
    await _move(user_id, ctx, reserved=-minutes)


async def give(giver: str, receiver: str, minutes: int, swap: str, ctx: Context) -> Transfer:
    """Have somebody give credit to somebody for a swap."""
    return await _transfer(giver, receiver, minutes, swap, ctx)


async def give_back(transfer_id: str, ctx: Context) -> Transfer | None:
    """Reverse a transfer, whatever its receiver did with it."""
    given = await ctx.store.credit_transfers.get(transfer_id)
    if given is None:
        return None
    return await _transfer(given.receiver, given.giver, given.minutes, given.swap, ctx, reverses=given.id)


async def _transfer(
    giver: str, receiver: str, minutes: int, swap: str, ctx: Context, *, reverses: str | None = None
) -> Transfer:
    id_ = new_id()
    # In one order for all: two transfers between the same people do not wait for each other.
    for user_id, change in sorted(((giver, -minutes), (receiver, minutes))):
        await _move(user_id, ctx, balance=change)
    return await ctx.store.credit_transfers.insert(
        Transfer(
            id=id_,
            giver=giver,
            receiver=receiver,
            people=(giver, receiver),
            minutes=minutes,
            swap=swap,
            reverses=reverses,
            at=ctx.now,
            order=order_of(ctx.now, id_),
        )
    )


async def _move(user_id: str, ctx: Context, *, balance: int = 0, reserved: int = 0) -> None:
    account = await ctx.store.credit_accounts.get(user_id)
    if account is None:
        await ctx.store.credit_accounts.insert(Account(id=user_id, balance=balance, reserved=reserved))
    elif await ctx.store.credit_accounts.change(account, balance=balance, reserved=reserved) is None:
        raise Conflict("This credit moved at the same moment; ask again.")
