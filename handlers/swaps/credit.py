"""What a swap moves of its people's time credit: promised when it is agreed, given once it was held.

While it is disputed nobody spends it; where staff decides otherwise, it is given back.
"""

from handlers.context import Context
from handlers.ledger import free, freeze, give, give_back, promise
from store.swaps import Status, Swap


async def keep_credit(before: Swap, after: Swap, ctx: Context) -> str | None:
    """Move what this version moves; the transfer that holds from now on."""
    minutes, giver = after.credit_minutes, after.credit_from
    if not minutes or giver is None:
        return None
    receiver = after.other(giver)
    if _is_promised(before) and not _is_promised(after):
        await free(giver, minutes, ctx)
    if _is_promised(after) and not _is_promised(before):
        await (promise if after.status is Status.ACCEPTED else freeze)(giver, minutes, ctx)
    if before.transfer is None:
        done = await give(giver, receiver, minutes, after.id, ctx) if after.status is Status.COMPLETED else None
        return None if done is None else done.id
    if after.status is Status.DISPUTED:
        await freeze(receiver, minutes, ctx)
        return before.transfer
    if before.status is Status.DISPUTED:
        await free(receiver, minutes, ctx)
    if after.status is Status.COMPLETED:
        return before.transfer
    await give_back(before.transfer, ctx)
    return None


def _is_promised(swap: Swap) -> bool:
    return swap.status is Status.ACCEPTED or (swap.status is Status.DISPUTED and swap.transfer is None)
