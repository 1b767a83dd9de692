"""A second factor for signing in: codes of an authenticator app, and recovery codes for when it is lost.

A code is good once. The app's secret is encrypted at rest, recovery codes are hashed: whoever reads the database has
neither.
"""

import hashlib
import secrets

import pyotp
from pydantic import SecretStr

from handlers.account import access_self, note, require_password
from handlers.context import Context
from handlers.errors import Conflict, Invalid, NotAllowedNow, SecondFactorRequired
from handlers.models import Code, Command, KnownPassword
from handlers.views.accounts import RecoveryCodesView, SecondFactorView
from store.activity import What
from store.users import SecondFactor, User

ISSUER = "SkillNet"
RECOVERY_CODES = 10
# 80 bits each, in groups that can be read out; nobody guesses one, so that a plain hash keeps it.
RECOVERY_BYTES = 10
# Clocks of telephones are so many steps of 30 s off.
DRIFT = (-1, 0, 1)


class BeginSecondFactor(Command):
    """The password shows that it is you."""

    current_password: KnownPassword | None = None


class ConfirmSecondFactor(Command):
    """A code that the app shows now."""

    code: Code


class EndSecondFactor(Command):
    """The password, and a code of the app or a recovery code."""

    current_password: KnownPassword | None = None
    code: Code


class RenewRecoveryCodes(EndSecondFactor):
    """The password, and a code of the app or a recovery code."""


async def begin_second_factor(command: BeginSecondFactor, ctx: Context) -> SecondFactorView:
    """Get a secret for an authenticator app. Nothing changes until a code of it was confirmed."""
    user = await access_self(ctx)
    await require_password(command.current_password, user, ctx)
    if user.second_factor is not None:
        raise NotAllowedNow("You have a second factor; end it first, to begin with another app.")
    secret = pyotp.random_base32()
    await ctx.store.users.update(user.id, {"next_factor": ctx.ports.vault.seal(secret, of=user.id)})
    return SecondFactorView(secret=secret, uri=pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER))


async def confirm_second_factor(command: ConfirmSecondFactor, ctx: Context) -> RecoveryCodesView:
    """From now on signing in asks for a code. Answers recovery codes, which are shown this once."""
    user = await access_self(ctx)
    if user.second_factor is not None or user.next_factor is None:
        raise NotAllowedNow("There is nothing to confirm; begin a second factor first.")
    step = _step(command.code, ctx.ports.vault.open(user.next_factor, of=user.id), ctx)
    if step is None:
        raise Invalid.field("code", "This is not the code that the app shows now.", code="wrong_code")
    codes = _new_codes()
    factor = SecondFactor(sealed=user.next_factor, step=step, recovery=tuple(map(_hash, codes)))
    await ctx.store.users.update(user.id, {"second_factor": factor.model_dump(), "next_factor": None})
    await note(What.SECOND_FACTOR_ON, user, ctx, session_id=ctx.actor.session_id)
    return RecoveryCodesView(recovery_codes=codes)


async def end_second_factor(command: EndSecondFactor, ctx: Context) -> None:
    """Sign in without a code from now on."""
    user = await _proven_self(command, ctx)
    await ctx.store.users.update(user.id, {"second_factor": None, "next_factor": None})
    await note(What.SECOND_FACTOR_OFF, user, ctx, session_id=ctx.actor.session_id)


async def renew_recovery_codes(command: RenewRecoveryCodes, ctx: Context) -> RecoveryCodesView:
    """Get new recovery codes; the old ones are worth nothing from now on."""
    user = await _proven_self(command, ctx)
    codes = _new_codes()
    await ctx.store.users.update(user.id, {"second_factor.recovery": list(map(_hash, codes))})
    await note(What.RECOVERY_CODES_MADE, user, ctx, session_id=ctx.actor.session_id)
    return RecoveryCodesView(recovery_codes=codes)


async def require_second_factor(code: SecretStr | None, user: User, ctx: Context) -> None:
    """Refuse who has the password and not the code, if this person has set that up."""
    factor = user.second_factor
    if factor is None:
        return
    if code is None:
        raise SecondFactorRequired("Send `code`, too: what your authenticator app shows, or a recovery code.")
    step, recovery = _step(code, ctx.ports.vault.open(factor.sealed, of=user.id), ctx), _hash(code.get_secret_value())
    if step is not None and step > factor.step:
        used = await ctx.store.users.advance(user.id, factor, step=step, recovery=factor.recovery)
    elif recovery in factor.recovery:
        rest = tuple(one for one in factor.recovery if one != recovery)
        used = await ctx.store.users.advance(user.id, factor, step=factor.step, recovery=rest)
        await note(What.RECOVERY_CODE_USED, user, ctx)
    else:
        raise SecondFactorRequired("This code is wrong, or was used; wait for the app's next one.")
    if not used:
        raise Conflict("Another request used a code at this moment; send the app's next one.")


async def _proven_self(command: EndSecondFactor, ctx: Context) -> User:
    user = await access_self(ctx)
    await require_password(command.current_password, user, ctx)
    if user.second_factor is None:
        raise NotAllowedNow("You have no second factor.")
    await require_second_factor(command.code, user, ctx)
    return user


def _step(code: SecretStr, secret: str, ctx: Context) -> int | None:
    """The time step that a code of the app is of; None if it is of none that is near."""
    totp = pyotp.TOTP(secret)
    now = totp.timecode(ctx.now)
    given = code.get_secret_value().encode(errors="replace")
    near = (now + drift for drift in DRIFT)
    return next((step for step in near if secrets.compare_digest(totp.generate_otp(step).encode(), given)), None)


def _new_codes() -> tuple[str, ...]:
    texts = (secrets.token_hex(RECOVERY_BYTES) for _ in range(RECOVERY_CODES))
    return tuple("-".join(text[at : at + 5] for at in range(0, len(text), 5)) for text in texts)


def _hash(code: str) -> str:
    return hashlib.sha256(code.replace("-", "").casefold().encode(errors="replace")).hexdigest()
