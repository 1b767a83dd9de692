"""Writing down that somebody agreed to something or took it back, beside what it allows and in the same transaction."""

from handlers.context import Caller, Context
from store.consent_log import ConsentWord, Kind
from store.ids import new_id
from store.repository import order_of


async def word(
    kind: Kind,
    ctx: Context,
    *,
    granted: bool,
    of: str | None = None,
    what: tuple[str, ...] = (),
    to: str | None = None,
    about: str | None = None,
    session_id: str | None = None,
    caller: Caller | None = None,
) -> None:
    """Keep what the actor says; or somebody else, from wherever they said it."""
    actor, id_ = ctx.signed_in, new_id()
    said = ConsentWord(
        id=id_,
        user_id=of or ctx.actor.user_id,
        kind=kind,
        granted=granted,
        what=what,
        to=to,
        about=about,
        session_id=session_id or ("" if actor is None else actor.session_id),
        device=(caller or ctx.caller).device[:200],
        at=ctx.now,
        order=order_of(ctx.now, id_),
    )
    await ctx.store.consent_log.insert(said)
