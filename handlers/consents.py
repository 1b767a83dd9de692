"""What somebody agreed to and took back. What holds of it now is said where it is used."""

from handlers.context import Context
from handlers.models import Cursor, Limit, Query
from handlers.views.base import Page
from handlers.views.consents import ConsentView


class ListConsents(Query):
    """Which part of one's own."""

    cursor: Cursor | None = None
    limit: Limit = 30


async def list_consents(query: ListConsents, ctx: Context) -> Page[ConsentView]:
    """What you agreed to and took back, the last first: terms, recordings, contact data, your calendar, your place."""
    found = await ctx.store.consent_log.of_person(ctx.actor.user_id, before=query.cursor, limit=query.limit + 1)
    return Page.of(found, ConsentView.of, limit=query.limit)
