"""Opening a session, by whatever one has shown who one is; and the refresh tokens that keep it.

A refresh token is good for one exchange, and not kept anywhere.
"""

import secrets
from datetime import datetime

from pydantic import SecretStr

from handlers.account import MOST_FOUND, MOST_SESSIONS, end_session, note
from handlers.context import Context
from handlers.errands import ListAnew, ask_later
from handlers.errors import AccountBanned, AccountClosing
from handlers.letters import opening
from handlers.matching import match_later
from handlers.second_factor import require_second_factor
from handlers.views.accounts import SignedInView
from handlers.views.profiles import ProfileView
from handlers.views.statements import KeptOutView, StatementView
from store.activity import What
from store.sessions import Session
from store.users import User


async def admit(
    user: User, ctx: Context, *, code: SecretStr | None = None, restore: bool = False, what: What | None = None
) -> SignedInView:
    """Sign in who has shown who they are, if that is enough and their account stays."""
    await require_second_factor(code, user, ctx)
    await _require_open(user, ctx, restore=restore)
    # Written, so that whoever bans them or chooses another password at this moment ends this session, too.
    await ctx.store.users.update(user.id, {"signed_in_at": ctx.now, "closes_at": None})
    others = await ctx.store.sessions.of_person(user.id, limit=MOST_FOUND)
    for one in sorted(others, key=lambda one: one.last_seen_at)[: max(0, len(others) + 1 - MOST_SESSIONS)]:
        await end_session(one.id, user.id, ctx, because="session_superseded")
    if what is None:
        devices = {session.device for session in others}
        is_new = bool(devices) and ctx.caller.device[:200] not in devices
        what = What.NEW_DEVICE if is_new else What.SIGNED_IN
    session = Session(
        user_id=user.id,
        device=ctx.caller.device[:200],
        address=ctx.caller.address,
        nonce=secrets.token_urlsafe(16),
        created_at=ctx.now,
        last_seen_at=ctx.now,
        expires_at=expiry(ctx.now, ctx),
    )
    await ctx.store.sessions.insert(session)
    await note(what, user, ctx, session_id=session.id)
    return signed_in(user, session, ctx)


async def _require_open(user: User, ctx: Context, *, restore: bool) -> None:
    """Refuse whose account is closed, by staff or by their own wish, unless they take that wish back in time."""
    if user.ban is not None and user.ban.holds(ctx.now):
        end = "for good" if user.ban.until is None else f"until {user.ban.until:%d %B %Y %H:%M} UTC"
        said = f"This account is closed to you {end}. Why: {user.ban.reason}"
        raise AccountBanned(said, current=await _why(user, ctx))
    if user.closes_at is not None:
        if user.closes_at <= ctx.now:
            # Perhaps a part of it is gone: what is erased in several transactions is kept by none in between.
            raise AccountClosing("The time to keep this account is over: it is deleted.")
        if not restore:
            raise AccountClosing(
                f"This account is deleted on {user.closes_at:%d %B %Y}; send `restore: true` to keep it."
            )
        await note(What.DELETION_UNDONE, user, ctx)
        await match_later(user, ctx)
        await ask_later(ListAnew(user_id=user.id), ctx)


async def _why(user: User, ctx: Context) -> KeptOutView | None:
    """The statement by which somebody is kept out, who has just shown who they are; and what opens it for them."""
    holding = [one for one in await ctx.store.statements.holding(user.id, now=ctx.now) if one.keeps_out]
    if not holding:
        return None
    last = holding[-1]
    return KeptOutView(statement=StatementView.of(last, now=ctx.now), token=opening(last.id, ctx))


def signed_in(user: User, session: Session, ctx: Context) -> SignedInView:
    """The tokens of a session, as it is now."""
    terms = user.terms[-1].version if user.terms else ""
    access = ctx.ports.tokens.issue(user_id=user.id, session_id=session.id, now=ctx.now, terms=terms)
    return SignedInView(
        access_token=access.token,
        expires_at=access.expires_at,
        refresh_token=_refresh_token(session, ctx),
        session_id=session.id,
        user=ProfileView.of(user),
    )


def proven(session: Session, generation: int) -> str:
    """What the proof inside a refresh token is of."""
    return f"{session.id}.{generation}.{session.nonce}"


def expiry(since: datetime, ctx: Context) -> datetime:
    """When a session that began then is over, if it is not refreshed."""
    rules = ctx.ports.rules
    return min(since + rules.refresh_absolute, ctx.now + rules.refresh_idle)


def _refresh_token(session: Session, ctx: Context) -> str:
    # Made from the server's key and the session's nonce: who reads the database alone cannot make one, and the
    # successor of a token is the same for everybody who asks for it.
    return f"{session.id}.{session.generation}.{ctx.ports.tokens.prove(proven(session, session.generation))}"
