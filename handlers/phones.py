"""Whether a telephone number is somebody's: a code goes there as a text message, and has to come back.

The code is kept nowhere: the server's key makes it of what is kept.
"""

import hashlib
import hmac
import re
import secrets
from datetime import timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

from handlers.account import access_self, note, require_confirmed
from handlers.context import Context
from handlers.errands import Errand, ask_later
from handlers.errors import Invalid, NotAllowedNow
from handlers.models import Command
from handlers.views.accounts import PhoneView
from store.activity import What
from store.jobs import Queue
from store.users import PhoneProof, User

LASTS = timedelta(minutes=10)
MOST_TRIES = 3
DIGITS = 6
# E.164, once what people write between the digits is left out.
NUMBER = re.compile(r"\+[1-9]\d{6,14}")


class AskForPhoneCode(Command):
    """To the number of your profile."""


class ConfirmPhone(Command):
    """What came there."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, pattern=rf"^\d{{{DIGITS}}}$")] = Field(
        description="Six digits; three tries for each code."
    )


class TextPhoneCode(Errand):
    """A code is asked for; the last one that was, alone is good."""

    queue = Queue.DEVICES

    user_id: str
    nonce: str


async def ask_for_phone_code(_: AskForPhoneCode, ctx: Context) -> PhoneView:
    """Have a code sent to the number in your profile, by a text message, to show that it is yours.

    It is good for ten minutes and three tries, and a new one ends it.
    """
    if ctx.ports.texts is None:
        raise NotAllowedNow("This server sends no text messages, so that no number is confirmed here.")
    user = await require_confirmed(ctx)
    if user.phone is None or _number(user.phone) is None:
        raise Invalid.field("phone", "Set it in your profile first, with its country: +49 30 123456.")
    if user.phone == user.owned_phone:
        raise NotAllowedNow("Your number is confirmed already.")
    proof = PhoneProof(phone=user.phone, nonce=secrets.token_urlsafe(16), expires_at=ctx.now + LASTS)
    await ctx.store.users.update(user.id, {"phone_proof": proof.model_dump()})
    await ask_later(TextPhoneCode(user_id=user.id, nonce=proof.nonce), ctx)
    return PhoneView(confirmed=False, tries_left=MOST_TRIES, expires_at=proof.expires_at)


async def confirm_phone(command: ConfirmPhone, ctx: Context) -> PhoneView:
    """Show that the number in your profile is yours: it is a badge from then on, until you change it.

    A wrong code is no error but an answer, `confirmed: false`, since it uses up a try.
    """
    user = await access_self(ctx)
    proof = user.phone_proof
    if proof is None or proof.phone != user.phone or proof.expires_at <= ctx.now or proof.tries >= MOST_TRIES:
        raise NotAllowedNow("No code is good now; ask for a new one.")
    if not hmac.compare_digest(command.code, _code(user, proof, ctx)):
        # Two at once write the same document: one of them runs again, and sees the other's try.
        await ctx.store.users.update(user.id, {"phone_proof.tries": proof.tries + 1})
        return PhoneView(confirmed=False, tries_left=MOST_TRIES - proof.tries - 1, expires_at=proof.expires_at)
    owned = {"owned_phone": user.phone, "owned_number": _number(proof.phone)}
    await ctx.store.users.update(user.id, {**owned, "phone_proof": None})
    await note(What.PHONE_CONFIRMED, user, ctx, session_id=ctx.actor.session_id)
    return PhoneView(confirmed=True, tries_left=0, expires_at=None)


async def text_phone_code(errand: TextPhoneCode, ctx: Context) -> None:
    """Send a code, unless another was asked for since, or it is good no more."""
    user = await ctx.store.users.get(errand.user_id)
    proof = None if user is None else user.phone_proof
    if user is None or proof is None or proof.nonce != errand.nonce or proof.expires_at <= ctx.now:
        return
    number = _number(proof.phone)
    if number is not None and ctx.ports.texts is not None:
        text = f"{_code(user, proof, ctx)} is your SkillNet code, good for ten minutes. Nobody of SkillNet asks for it."
        await ctx.ports.texts.send(number, text)


def _number(phone: str) -> str | None:
    """A number as it is dialled from anywhere; None if it does not say its country."""
    number = re.sub(r"[ ()./-]", "", phone)
    return number if NUMBER.fullmatch(number) else None


def _code(user: User, proof: PhoneProof, ctx: Context) -> str:
    made = ctx.ports.tokens.prove(f"phone:{user.id}:{proof.phone}:{proof.nonce}")
    return f"{int.from_bytes(hashlib.sha256(made.encode()).digest()) % 10**DIGITS:0{DIGITS}d}"
