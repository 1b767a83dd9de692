"""What somebody agreed to, gathered from where it is kept: each consent stands beside what it allows."""

from handlers.account import access_self
from handlers.context import Context
from handlers.models import Query
from handlers.views.consents import ConsentsView

# Of each kind, the last.
MOST_SHOWN = 100


class ListConsents(Query):
    """One's own."""


async def list_consents(_: ListConsents, ctx: Context) -> ConsentsView:
    """What you agreed to and when: terms of use, recordings, who sees your contact data, your calendar elsewhere."""
    me = await access_self(ctx)
    recordings = await ctx.store.recording_consents.of_person(me.id, limit=MOST_SHOWN)
    contacts = await ctx.store.contact_shares.of_person(me.id, before=None, limit=MOST_SHOWN)
    return ConsentsView.of(me, recordings, contacts, await ctx.store.calendar_grants.get(me.id))
