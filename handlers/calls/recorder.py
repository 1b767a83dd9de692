"""When the server's own peer comes to record a call: once everybody who is there allows it, and never before.

It is rung as a person is; whichever of its processes answers first records, and the others hear that it was.
"""

from handlers.account import agreed
from handlers.context import Context
from handlers.errors import NotAllowedNow
from handlers.models import email_key
from signaling import helper
from store.calls import HELPER, Answer, Call, Ring
from store.users import User


def is_recorder(call: Call, user_id: str) -> bool:
    """Whether this is the server's own peer, and it was asked to record this call."""
    return call.recorder is not None and call.recorder.user_id == user_id


def summoned(call: Call, ctx: Context) -> Call:
    """The call with the recorder rung, if it is time for it."""
    if call.ended_at is not None or _is_coming(call, ctx) or call.has_recorder or not call.all_consent:
        return call
    return call.model_copy(update={"recorder": rung(ctx)})


def unrecorded(call: Call) -> Call:
    """The call in which nobody allows it any more; a new recording asks everybody anew."""
    return call.model_copy(update={"consents": ()})


def without_recorder(call: Call) -> Call:
    """The call that its recorder has left: nothing is recorded, and all are asked anew."""
    assert call.recorder is not None  # noqa: S101 - it was there
    return unrecorded(
        call.model_copy(update={"recorder": call.recorder.model_copy(update={"answer": Answer.CANCELLED})})
    )


def _is_coming(call: Call, ctx: Context) -> bool:
    """Whether it rings for the recorder, or one has answered and is about to sit down."""
    ring = call.recorder
    return ring is not None and ring.until > ctx.now and ring.answer in {Answer.RINGING, Answer.ACCEPTED}


def rung(ctx: Context) -> Ring:
    """A ring for the server's own peer."""
    return Ring(user_id=HELPER, until=ctx.now + ctx.ports.rules.calls.rings)


async def receive_helper(secret: str, ctx: Context) -> None:
    """Have the server's own peer be somebody who signs in by a secret, and who has agreed to what everybody has to."""
    user, version = await ctx.store.users.get(HELPER), ctx.ports.rules.terms_version
    terms = (agreed(version, ctx),) if version else ()
    agrees = user is not None and [one.version for one in user.terms] == [one.version for one in terms]
    if user is not None and agrees and await ctx.ports.passwords.matches(secret, user.password_hash):
        return
    known = {"password_hash": await ctx.ports.passwords.hash(secret), "terms": terms, "updated_at": ctx.now}
    if user is not None:
        await ctx.store.users.update(HELPER, {**known, "terms": [one.model_dump() for one in terms]})
        return
    names = {"name": helper.NAME, "email": helper.EMAIL}
    key = email_key(helper.EMAIL)
    made = User.model_validate(
        {"id": HELPER, **names, "email_key": key, "owned_email": key, "created_at": ctx.now, **known}
    )
    await ctx.store.users.insert(made)


async def require_helper(ctx: Context) -> None:
    """Refuse where no process of the server's own peer runs."""
    if not await ctx.ports.presence.online([HELPER]):
        raise NotAllowedNow("The server's own peer is not there: no `python -m signaling.media` runs at this moment.")
