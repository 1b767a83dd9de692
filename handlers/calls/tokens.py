"""What one joins a call with: a text that names the call, the person and what they may, and that nobody can forge.

It is made when it is asked for and kept nowhere; a minute later it is worth nothing.
"""

from datetime import UTC, datetime, timedelta

from handlers.context import Context
from handlers.errors import Forbidden
from handlers.views.calls import TokenView
from store.calls import Call

GOOD_FOR = timedelta(minutes=1)
HOST, GUEST = "host", "guest"


def token_for(call: Call, user_id: str, ctx: Context) -> TokenView | None:
    """A token for somebody of its people; None where there is nothing for them to join."""
    if call.ended_at is not None or user_id in call.removed:
        return None
    permissions = HOST if user_id == call.host else GUEST
    expires = int((ctx.now + GOOD_FOR).timestamp())
    claims = f"{call.id}.{user_id}.{permissions}.{expires}"
    return TokenView(
        token=f"{claims}.{ctx.ports.tokens.prove(f'call.{claims}')}",
        permissions=permissions,
        expires_at=datetime.fromtimestamp(expires, UTC),
    )


def require_token(token: str, session_id: str, ctx: Context) -> None:
    """Refuse what is no living token of this person for this call."""
    claims, _, proof = token.rpartition(".")
    parts = claims.split(".")
    whose = parts[:2] == [session_id, ctx.actor.user_id] and len(parts) == 4
    if not whose or not ctx.ports.tokens.is_proof(proof, f"call.{claims}"):
        raise Forbidden("This is not a token of yours for this call; ask for its details.")
    if int(parts[3]) <= ctx.now.timestamp():
        raise Forbidden("This token was good for a minute; ask for the call's details again.")
