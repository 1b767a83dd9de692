"""One's time credit: what one has, and what came and went."""

from handlers.context import Context
from handlers.ledger import account_of
from handlers.models import Cursor, Limit, Query
from handlers.views.base import Page
from handlers.views.credits import CreditPage, TransferView


class ListCredits(Query):
    """One's own."""

    cursor: Cursor | None = None
    limit: Limit = 30


async def list_credits(query: ListCredits, ctx: Context) -> CreditPage:
    """Your time credit in minutes, and what you gave and got, the last first."""
    me = ctx.actor.user_id
    account = await account_of(me, ctx)
    found = await ctx.store.credit_transfers.of_person(me, before=query.cursor, limit=query.limit + 1)
    page = Page.of(found, TransferView.of, limit=query.limit)
    return CreditPage(
        items=page.items,
        next_cursor=page.next_cursor,
        balance=account.balance,
        reserved=account.reserved,
        limit=-int(ctx.ports.rules.credit_limit.total_seconds() // 60),
    )
