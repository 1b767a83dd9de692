"""Signing up, in and out, and exchanging refresh tokens.

Whoever asks learns nothing of other people's accounts: several may claim one address until its reader confirms it for
one of them, so that signing up says the same whether or not it has an owner.

A refresh token is good for one exchange, and not kept anywhere; using an old one again ends the session.
"""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, SecretStr, StrictBool

from handlers.account import access_self, agreed, end_session, hash_new_password, note
from handlers.consenting import word
from handlers.context import Context
from handlers.errands import ask_later
from handlers.errors import Conflict, RefreshReused, Unauthenticated
from handlers.letters import ConfirmAddress
from handlers.models import ByPeople, Code, Command, Email, KnownPassword, Line, NewPassword, email_key
from handlers.nudging import nudge_later
from handlers.signing_in import admit, expiry, proven, signed_in
from handlers.views.accounts import SignedInView
from store.activity import What
from store.consent_log import Kind
from store.sessions import Session
from store.users import User

# Parallel tabs may exchange the same token within this time of each other; later it is theft.
REFRESH_GRACE = timedelta(seconds=10)

RefreshToken = Annotated[SecretStr, Field(min_length=20, max_length=128)]


class SignUp(ByPeople):
    """Who joins."""

    name: Line
    email: Email
    password: NewPassword
    terms: Line | None = Field(None, description="The version of the terms of use that is agreed to: see `/config/`.")


class LogIn(Command):
    """Who signs in."""

    email: Email
    password: KnownPassword
    code: Code | None = None
    restore: StrictBool = Field(False, description="Keep an account that is about to be deleted.")


class Refresh(Command):
    """The refresh token in hand. An access token is not accepted here."""

    refresh_token: RefreshToken


class AcceptTerms(Command):
    """To which terms of use one agrees."""

    terms: Line


class LogOut(Command):
    """Ends the session of the token it is asked with."""


async def sign_up(command: SignUp, ctx: Context) -> SignedInView:
    """Join: create a person and sign them in. A letter asks the reader of the address to confirm it."""
    key = email_key(command.email)
    about = command.name, command.email
    password_hash = await hash_new_password(command.password, about, ctx, field="password")
    confirms = ctx.ports.rules.confirms_email
    if not confirms and await ctx.store.users.owner_of(key) is not None:
        raise Conflict("This e-mail address has an account; log in.")
    user = await ctx.store.users.insert(
        User(
            name=command.name,
            email=command.email,
            email_key=key,
            owned_email=None if confirms else key,
            password_hash=password_hash,
            terms=() if command.terms is None else (agreed(command.terms, ctx),),
            created_at=ctx.now,
            updated_at=ctx.now,
        )
    )
    if confirms:
        await ask_later(ConfirmAddress(user_id=user.id, email=user.email), ctx)
    await nudge_later(user, ctx)
    admitted = await admit(user, ctx, what=What.SIGNED_UP)
    for agreed_to in user.terms:
        what = (agreed_to.version,)
        await word(Kind.TERMS, ctx, granted=True, of=user.id, what=what, session_id=admitted.session_id)
    return admitted


async def log_in(command: LogIn, ctx: Context) -> SignedInView:
    """Sign in with e-mail and password; and with a code, if you have set up a second factor."""
    user = await _with_password(command, ctx)
    if user is None:
        raise Unauthenticated("E-mail address or password is wrong.")
    return await admit(user, ctx, code=command.code, restore=command.restore)


async def refresh(command: Refresh, ctx: Context) -> SignedInView:
    """Exchange a refresh token for the next one and a new access token.

    A token that was just exchanged still brings the same successor for ten seconds, for parallel tabs and lost
    answers; using an older one ends the session everywhere.
    """
    token = command.refresh_token.get_secret_value()
    session_id, generation, proof = _parts(token)
    session = await ctx.store.sessions.get(session_id)
    if session is None or not ctx.ports.tokens.is_proof(proof, proven(session, generation)):
        raise Unauthenticated("This is not a refresh token; log in again.")
    if session.revoked_at is not None or session.expires_at <= ctx.now:
        raise Unauthenticated("This session has ended; log in again.")
    user = await ctx.store.users.get(session.user_id)
    if user is None or not user.is_around(ctx.now):
        raise Unauthenticated("This account is not open; log in again, which says why.")
    if generation != session.generation and not _just_exchanged(session, generation, ctx):
        await end_session(session.id, user.id, ctx, because="refresh_reused")
        await note(What.REFRESH_REUSED, user, ctx, session_id=session.id)
        raise RefreshReused("This refresh token was used before, so its session was ended; log in again.")
    if generation == session.generation:
        session = await _exchange(session, ctx)
    return signed_in(user, session, ctx)


async def accept_terms(command: AcceptTerms, ctx: Context) -> SignedInView:
    """Agree to the terms of use in force; until then, only your own account is open to you. Use the new token."""
    user, session = await access_self(ctx), await ctx.store.sessions.get(ctx.actor.session_id)
    if session is None or session.revoked_at is not None:
        raise Unauthenticated("This session has ended; log in again.")
    acceptance = agreed(command.terms, ctx)
    if acceptance.version not in [one.version for one in user.terms[-1:]]:
        terms = [one.model_dump() for one in (*user.terms, acceptance)]
        user = await ctx.store.users.update(user.id, {"terms": terms}) or user
        await word(Kind.TERMS, ctx, granted=True, what=(acceptance.version,))
        await note(What.TERMS_ACCEPTED, user, ctx, session_id=session.id)
    return signed_in(user, session, ctx)


async def log_out(_: LogOut, ctx: Context) -> None:
    """End this session: its tokens stop working and its sockets are closed, on every process."""
    user = await access_self(ctx)
    if await end_session(ctx.actor.session_id, user.id, ctx, because="logged_out"):
        await note(What.SIGNED_OUT, user, ctx, session_id=ctx.actor.session_id)


async def _with_password(command: LogIn, ctx: Context) -> User | None:
    # Who fails has waited for two comparisons, and so has who claims an address that may have an owner: the time
    # tells nobody whether it has.
    password, users, key = command.password.get_secret_value(), ctx.store.users, email_key(command.email)
    candidates = [await users.owner_of(key)]
    if ctx.ports.rules.confirms_email:
        candidates.append(await users.claimant_of(key))
    for user in candidates:
        if await ctx.ports.passwords.matches(password, None if user is None else user.password_hash):
            return user
    return None


async def _exchange(session: Session, ctx: Context) -> Session:
    exchanged = await ctx.store.sessions.exchange(
        session.id, generation=session.generation, at=ctx.now, expires_at=expiry(session.created_at, ctx)
    )
    if exchanged is None:
        raise Conflict("Another request exchanged this token first; ask again.")
    return exchanged


def _parts(token: str) -> tuple[str, int, str]:
    session_id, _, rest = token.partition(".")
    generation, _, proof = rest.partition(".")
    if not (generation.isascii() and generation.isdecimal() and len(generation) < 10):
        raise Unauthenticated("This is not a refresh token; log in again.")
    return session_id, int(generation), proof


def _just_exchanged(session: Session, generation: int, ctx: Context) -> bool:
    at = session.rotated_at
    return generation == session.generation - 1 and at is not None and ctx.now - at <= REFRESH_GRACE
