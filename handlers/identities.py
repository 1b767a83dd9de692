"""Signing in by Google: proving whose account it is there, then signing in here by it, or linking it.

A try belongs to the browser that began it, by a secret that no address carries: a state and a code that somebody else
slips into a browser prove nothing there. The address decides nothing but for a new account, unless Google owns it.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Annotated

from pydantic import Field, SecretStr, StrictBool

from handlers.account import access_self, note, require_password
from handlers.context import Context
from handlers.errands import ask_later
from handlers.errors import Conflict, IdentityUnlinked, Invalid, NotAllowedNow, NotFound, Unavailable
from handlers.letters import ConfirmAddress
from handlers.models import Code, Command, KnownPassword, Outward, Query, email_key
from handlers.nudging import nudge_later
from handlers.ports import IdentityProvider
from handlers.signing_in import admit
from handlers.views.accounts import GoogleBegunView, GoogleProofView, IdentitiesView, SignedInView
from store.activity import What
from store.identities import Claims, Identity, Proof, identity_id
from store.users import User

LIFETIME = timedelta(minutes=10)

State = Annotated[str, Field(min_length=20, max_length=100, description="As `begin` answered it.")]
BrowserKey = Annotated[
    SecretStr, Field(min_length=20, max_length=100, description="As `begin` answered it; kept by this browser alone.")
]


class BeginGoogle(Outward):
    """Which of the set pages Google shall lead back to; none for an app, which asks Google itself."""

    redirect_uri: Annotated[str, Field(max_length=500)] | None = None


class ProveGoogle(Outward):
    """What Google's page led back with; or, in an app, the token that Google's library gave it."""

    state: State
    browser_key: BrowserKey
    authorization_code: Annotated[SecretStr, Field(max_length=2000)] | None = None
    id_token: Annotated[SecretStr, Field(max_length=8000)] | None = None


class LogInWithGoogle(Command):
    """What was proven; and a code, if you have set up a second factor."""

    state: State
    browser_key: BrowserKey
    code: Code | None = None
    restore: StrictBool = Field(False, description="Keep an account that is about to be deleted.")


class LinkGoogle(Command):
    """What was proven, to sign in by from now on."""

    state: State
    browser_key: BrowserKey
    current_password: KnownPassword | None = None


class UnlinkGoogle(Command):
    """One's own."""

    current_password: KnownPassword | None = None


class ListIdentities(Query):
    """One's own."""


async def begin_google(command: BeginGoogle, ctx: Context) -> GoogleBegunView:
    """Begin to sign in by Google. Keep `state` and `browser_key` in this browser, and go to `authorization_url`."""
    google, redirect_uri = _google(ctx), command.redirect_uri
    if redirect_uri is not None and redirect_uri not in google.redirect_uris:
        raise Invalid.field("redirect_uri", "This is none of the pages that are set.", code="not_allowed")
    browser_key = secrets.token_urlsafe(32)
    proof = Proof(
        id=secrets.token_urlsafe(32),
        browser=_hash(browser_key),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        redirect_uri=redirect_uri,
        expires_at=ctx.now + LIFETIME,
    )
    await ctx.store.proofs.insert(proof)
    url = None
    if redirect_uri is not None:
        url = await google.address(proof.id, proof.nonce, proof.verifier, redirect_uri)
    return GoogleBegunView(
        state=proof.id, browser_key=browser_key, nonce=proof.nonce, authorization_url=url, expires_at=proof.expires_at
    )


async def prove_google(command: ProveGoogle, ctx: Context) -> GoogleProofView:
    """Have Google say who you are there. It can be asked once; then sign in, or link it."""
    proof = await _access_proof(command.state, command.browser_key, ctx)
    code, token = command.authorization_code, command.id_token
    if (code is None) is (token is None):
        raise Invalid.field("authorization_code", "Send this, or an id_token.")
    if not await ctx.store.proofs.ask(proof.id, at=ctx.now):
        raise Conflict("Google was asked about this before; begin again.")
    try:
        if token is not None:
            claims = await _google(ctx).verify(token.get_secret_value(), proof.nonce)
        else:
            given = "" if code is None else code.get_secret_value()
            claims = await _google(ctx).exchange(given, proof.nonce, proof.verifier, proof.redirect_uri)
    except Unavailable:
        # It may be asked again: a code that Google took all the same is refused by itself.
        await ctx.store.proofs.ask_again(proof.id)
        raise
    await ctx.store.proofs.keep(proof.id, claims)
    known = await ctx.store.identities.get(identity_id(claims)) is not None
    return GoogleProofView(email=claims.email, name=claims.name, known=known)


async def log_in_with_google(command: LogInWithGoogle, ctx: Context) -> SignedInView:
    """Sign in by what was proven; an account is made where there is none."""
    claims = await _use_proof(command.state, command.browser_key, ctx)
    identity = await ctx.store.identities.get(identity_id(claims))
    user = None if identity is None else await ctx.store.users.get(identity.user_id)
    if user is None:
        user = await ctx.store.users.owner_of(email_key(claims.email))
        if user is None:
            return await admit(await _newcomer(claims, ctx), ctx, what=What.SIGNED_UP)
        if not claims.owns_email:
            # Whoever runs a domain could have Google vouch for any address of it.
            raise IdentityUnlinked("This address has an account here: sign in as before, and link Google to it.")
        await _link(user, claims, ctx)
    return await admit(user, ctx, code=command.code, restore=command.restore)


async def link_google(command: LinkGoogle, ctx: Context) -> IdentitiesView:
    """Sign in by Google, too, from now on."""
    user = await access_self(ctx)
    await require_password(command.current_password, user, ctx)
    claims = await _use_proof(command.state, command.browser_key, ctx)
    identity = await ctx.store.identities.get(identity_id(claims))
    if identity is not None and identity.user_id != user.id:
        raise Conflict("Somebody else signs in by this Google account.")
    if identity is None:
        if await ctx.store.identities.of_person(user.id):
            raise Conflict("Another Google account is linked to yours; unlink it first.")
        await _link(user, claims, ctx)
    return IdentitiesView(google=claims.email, has_password=user.password_hash is not None)


async def unlink_google(command: UnlinkGoogle, ctx: Context) -> IdentitiesView:
    """Sign in by Google no more; where that is the only way, set a password first."""
    user = await access_self(ctx)
    if user.password_hash is None:
        raise NotAllowedNow("Set a password first: it would be the only way in.")
    await require_password(command.current_password, user, ctx)
    for identity in await ctx.store.identities.of_person(user.id):
        await ctx.store.identities.delete(identity.id)
        await note(What.IDENTITY_UNLINKED, user, ctx, session_id=ctx.actor.session_id)
    return IdentitiesView(google=None, has_password=True)


async def list_identities(_: ListIdentities, ctx: Context) -> IdentitiesView:
    """By what you can sign in."""
    user = await access_self(ctx)
    found = await ctx.store.identities.of_person(user.id)
    return IdentitiesView(google=found[0].email if found else None, has_password=user.password_hash is not None)


def _google(ctx: Context) -> IdentityProvider:
    if ctx.ports.google is None:
        raise NotFound("Nobody signs in by Google here: it is not set up.")
    return ctx.ports.google


async def _access_proof(state: str, browser_key: SecretStr, ctx: Context) -> Proof:
    proof = await ctx.store.proofs.get(state)
    given = _hash(browser_key.get_secret_value())
    if proof is None or proof.expires_at <= ctx.now or not secrets.compare_digest(proof.browser, given):
        raise Invalid.field("state", "This was begun elsewhere, or is too old; begin again.", code="not_begun_here")
    return proof


async def _use_proof(state: str, browser_key: SecretStr, ctx: Context) -> Claims:
    proof = await _access_proof(state, browser_key, ctx)
    if proof.claims is None:
        raise NotAllowedNow("Prove it first.")
    if not await ctx.store.proofs.use(state):
        raise Conflict("Another request used this first.")
    return proof.claims


async def _newcomer(claims: Claims, ctx: Context) -> User:
    key = email_key(claims.email)
    user = User(
        name=claims.name,
        email=claims.email,
        email_key=key,
        owned_email=key if claims.owns_email or not ctx.ports.rules.confirms_email else None,
        password_hash=None,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    await ctx.store.users.insert(user)
    if user.owned_email is None:
        await ask_later(ConfirmAddress(user_id=user.id, email=user.email), ctx)
    await nudge_later(user, ctx)
    await _link(user, claims, ctx)
    return user


async def _link(user: User, claims: Claims, ctx: Context) -> None:
    identity = Identity(id=identity_id(claims), user_id=user.id, email=claims.email, linked_at=ctx.now)
    await ctx.store.identities.insert(identity)
    await note(What.IDENTITY_LINKED, user, ctx)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
