"""What every use case that touches somebody's account does with it: end sessions, and write down what happened."""

from handlers.context import PROCESSES, Context, people
from handlers.events import AccountActivity, SessionEnded
from handlers.views import ActivityView
from store.activity import Activity, What
from store.ids import new_id
from store.repository import order_of

# Nobody has so many devices; whoever made more sessions sees and ends the last ones first.
MOST_SESSIONS = 200


async def note(what: What, user_id: str, ctx: Context, *, session_id: str) -> None:
    """Write down what happened to an account, and tell the person's devices."""
    id_ = new_id()
    activity = Activity(
        id=id_,
        user_id=user_id,
        what=what,
        session_id=session_id,
        device=ctx.caller.device[:200],
        address=ctx.caller.address,
        at=ctx.now,
        order=order_of(ctx.now, id_),
    )
    await ctx.store.activities.insert(activity)
    ctx.emit(AccountActivity(activity=ActivityView.of(activity)), to=people(user_id))


async def end_session(session_id: str, user_id: str, ctx: Context, *, because: str) -> bool:
    """Revoke a session and have every process close its sockets; False if it had ended."""
    ended = await ctx.store.sessions.revoke(session_id, at=ctx.now, because=because)
    if ended:
        told = SessionEnded(session_id=session_id, user_id=user_id, code=because, reconnect=False)
        ctx.emit(told, to=(PROCESSES,))
    return ended


async def end_other_sessions(ctx: Context, *, because: str) -> int:
    """Revoke every session of the actor but the one they ask with; answers how many."""
    me = ctx.actor
    ended = 0
    for session in await ctx.store.sessions.of_person(me.user_id, limit=MOST_SESSIONS):
        if session.id != me.session_id:
            ended += await end_session(session.id, me.user_id, ctx, because=because)
    return ended
