"""Signing up, in and out, and exchanging refresh tokens.

A refresh token is good for one exchange, and not kept anywhere; using an old one again ends the session.
"""

import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import EmailStr, Field, SecretStr, StringConstraints

from handlers.account import end_other_sessions, end_session, note
from handlers.context import Context
from handlers.errors import Conflict, Invalid, RefreshReused, Unauthenticated
from handlers.models import Command, Line
from handlers.views import ProfileView, SignedInView
from store.activity import What
from store.sessions import Session
from store.users import User

# Parallel tabs may exchange the same token within this time of each other; later it is theft.
REFRESH_GRACE = timedelta(seconds=10)

Password = Annotated[SecretStr, Field(min_length=10, max_length=128)]
RefreshToken = Annotated[SecretStr, Field(min_length=20, max_length=128)]
Email = Annotated[EmailStr, StringConstraints(max_length=254)]


class SignUp(Command):
    """Who joins."""

    name: Line
    email: Email
    password: Password


class LogIn(Command):
    """Who signs in."""

    email: Email
    password: Annotated[SecretStr, Field(max_length=128)]


class Refresh(Command):
    """The refresh token in hand. An access token is not accepted here."""

    refresh_token: RefreshToken


class LogOut(Command):
    """Ends the session of the token it is asked with."""


class ChangePassword(Command):
    """The old one shows that it is you, and not somebody at your desk."""

    current_password: Annotated[SecretStr, Field(max_length=128)]
    new_password: Password


async def sign_up(command: SignUp, ctx: Context) -> SignedInView:
    """Join: create a person and sign them in."""
    key = email_key(command.email)
    password_hash = await ctx.ports.passwords.hash(command.password.get_secret_value())
    if await ctx.store.users.by_email(key) is not None:
        raise Conflict("This e-mail address has an account; log in, or reset its password.")
    user = await ctx.store.users.insert(
        User(
            name=command.name,
            email=command.email,
            email_key=key,
            password_hash=password_hash,
            created_at=ctx.now,
            updated_at=ctx.now,
        )
    )
    return await _open_session(user, What.SIGNED_UP, ctx)


async def log_in(command: LogIn, ctx: Context) -> SignedInView:
    """Sign in with e-mail and password."""
    user = await ctx.store.users.by_email(email_key(command.email))
    right = await ctx.ports.passwords.matches(
        command.password.get_secret_value(), None if user is None else user.password_hash
    )
    if user is None or not right:
        raise Unauthenticated("E-mail address or password is wrong.")
    return await _open_session(user, What.SIGNED_IN, ctx)


async def refresh(command: Refresh, ctx: Context) -> SignedInView:
    """Exchange a refresh token for the next one and a new access token.

    A token that was just exchanged still brings the same successor for ten seconds, for parallel tabs and lost
    answers; using an older one ends the session everywhere.
    """
    token = command.refresh_token.get_secret_value()
    session_id, generation, proof = _parts(token)
    session = await ctx.store.sessions.get(session_id)
    if session is None or not ctx.ports.tokens.is_proof(proof, _proven(session, generation)):
        raise Unauthenticated("This is not a refresh token; log in again.")
    if session.revoked_at is not None or session.expires_at <= ctx.now:
        raise Unauthenticated("This session has ended; log in again.")
    if generation != session.generation and not _just_exchanged(session, generation, ctx):
        await end_session(session.id, session.user_id, ctx, because="refresh_reused")
        await note(What.REFRESH_REUSED, session.user_id, ctx, session_id=session.id)
        raise RefreshReused("This refresh token was used before, so its session was ended; log in again.")
    user = await ctx.store.users.get(session.user_id)
    if user is None:
        raise Unauthenticated("This account is gone.")
    if generation == session.generation:
        session = await _exchange(session, ctx)
    return _signed_in(user, session, ctx)


async def log_out(_: LogOut, ctx: Context) -> None:
    """End this session: its tokens stop working and its sockets are closed, on every process."""
    if await end_session(ctx.actor.session_id, ctx.actor.user_id, ctx, because="logged_out"):
        await note(What.SIGNED_OUT, ctx.actor.user_id, ctx, session_id=ctx.actor.session_id)


async def change_password(command: ChangePassword, ctx: Context) -> None:
    """Change your password. Every other session ends: whoever knew the old one is out."""
    user = await ctx.store.users.get(ctx.actor.user_id)
    if user is None:
        raise Unauthenticated("This account is gone.")
    if not await ctx.ports.passwords.matches(command.current_password.get_secret_value(), user.password_hash):
        raise Invalid.field("current_password", "This is not your password.", code="wrong_password")
    new = await ctx.ports.passwords.hash(command.new_password.get_secret_value())
    await ctx.store.users.update(user.id, {"password_hash": new, "updated_at": ctx.now})
    await end_other_sessions(ctx, because="password_changed")
    await note(What.PASSWORD_CHANGED, user.id, ctx, session_id=ctx.actor.session_id)


def email_key(email: str) -> str:
    """The form by which an address is found, however it was typed."""
    return unicodedata.normalize("NFKC", email).casefold()


async def _open_session(user: User, what: What, ctx: Context) -> SignedInView:
    session = Session(
        user_id=user.id,
        device=ctx.caller.device[:200],
        address=ctx.caller.address,
        nonce=secrets.token_urlsafe(16),
        created_at=ctx.now,
        last_seen_at=ctx.now,
        expires_at=_expiry(ctx.now, ctx),
    )
    await ctx.store.sessions.insert(session)
    await note(what, user.id, ctx, session_id=session.id)
    return _signed_in(user, session, ctx)


async def _exchange(session: Session, ctx: Context) -> Session:
    exchanged = await ctx.store.sessions.exchange(
        session.id, generation=session.generation, at=ctx.now, expires_at=_expiry(session.created_at, ctx)
    )
    if exchanged is None:
        raise Conflict("Another request exchanged this token first; ask again.")
    return exchanged


def _signed_in(user: User, session: Session, ctx: Context) -> SignedInView:
    access = ctx.ports.tokens.issue(user_id=user.id, session_id=session.id, now=ctx.now)
    return SignedInView(
        access_token=access.token,
        expires_at=access.expires_at,
        refresh_token=_refresh_token(session, session.generation, ctx),
        session_id=session.id,
        user=ProfileView.of(user),
    )


def _refresh_token(session: Session, generation: int, ctx: Context) -> str:
    # Made from the server's key and the session's nonce: who reads the database alone cannot make one, and the
    # successor of a token is the same for everybody who asks for it.
    return f"{session.id}.{generation}.{ctx.ports.tokens.prove(_proven(session, generation))}"


def _proven(session: Session, generation: int) -> str:
    return f"{session.id}.{generation}.{session.nonce}"


def _parts(token: str) -> tuple[str, int, str]:
    session_id, _, rest = token.partition(".")
    generation, _, proof = rest.partition(".")
    if not (generation.isascii() and generation.isdecimal() and len(generation) < 10):
        raise Unauthenticated("This is not a refresh token; log in again.")
    return session_id, int(generation), proof


def _just_exchanged(session: Session, generation: int, ctx: Context) -> bool:
    at = session.rotated_at
    return generation == session.generation - 1 and at is not None and ctx.now - at <= REFRESH_GRACE


def _expiry(since: datetime, ctx: Context) -> datetime:
    rules = ctx.ports.rules
    return min(since + rules.refresh_absolute, ctx.now + rules.refresh_idle)
