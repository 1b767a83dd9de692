"""Load and authorise in one call; and what all modules of calls speak: the people, the peers, the rules' refusals.

To whoever is not of its people a call does not exist; to whoever has no seat in it neither does its room.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from handlers.blocking import require_open
from handlers.calls.recorder import is_recorder
from handlers.context import Audiences, Context, people
from handlers.errors import CallEnded, CallFull, CallLocked, Conflict, DomainError, Forbidden, NotFound, Unavailable
from signaling.rooms import RoomsAway
from signaling.seats import Peer, Refusal, Room, Why
from store.calls import Call
from store.threads import Thread

PEER = "peer:"


def no_such_call() -> NotFound:
    """What a stranger hears, and whoever asks for what never was."""
    return NotFound("There is no such call.")


def no_seat() -> NotFound:
    """What a connection hears that is not in the call, whether or not there is one."""
    return NotFound("You have no seat in such a call here; join it, or resume.")


async def place_of(call: Call, ctx: Context) -> Thread | None:
    """The conversation in which a call is."""
    return None if call.thread_id is None else await ctx.store.threads.get(call.thread_id)


async def people_of(call: Call, ctx: Context) -> tuple[str, ...]:
    """Who may be in a call now: the people of its conversation, unless one of two has blocked the other."""
    helper = () if call.recorder is None else (call.recorder.user_id,)
    if call.thread_id is None:
        return call.participants
    thread = await place_of(call, ctx)
    return () if thread is None or thread.closed_by else (*thread.participants, *helper)


def members(call: Call, thread: Thread | None) -> tuple[str, ...]:
    """The people of a call's conversation as it is now; with the server's own peer one calls in none."""
    if call.thread_id is None:
        return call.participants
    return () if thread is None else thread.participants


async def told(call: Call, ctx: Context) -> Audiences:
    """Who hears what becomes of a call: while it is open, of those who were in it, who is still of its conversation."""
    if call.ended_at is not None:
        return people(*call.told)
    inside = members(call, await place_of(call, ctx))
    return people(*(one for one in call.told if one in inside or is_recorder(call, one)))


async def access_call(session_id: str, ctx: Context) -> Call:
    """A call that the actor may be in."""
    call = await ctx.store.calls.get(session_id)
    me = ctx.actor.user_id
    if call is None or not (me in members(call, await place_of(call, ctx)) or is_recorder(call, me)):
        raise no_such_call()
    return call


async def access_recordings(session_id: str, ctx: Context) -> Call:
    """A call whose recording is the actor's, too: of one that is over of who was in it, wherever they are by now."""
    call = await ctx.store.calls.get(session_id)
    if call is None or call.ended_at is None:
        return await access_call(session_id, ctx)
    if ctx.actor.user_id not in call.participants:
        raise no_such_call()
    return call


async def access_open_call(session_id: str, ctx: Context) -> Call:
    """One that is not over."""
    call = await access_call(session_id, ctx)
    if call.ended_at is not None:
        raise CallEnded("This call is over.")
    return call


async def access_callable(session_id: str, ctx: Context) -> Call:
    """One that is not over, and whose people may turn to each other."""
    call = await access_open_call(session_id, ctx)
    if (thread := await place_of(call, ctx)) is not None:
        require_open(thread, ctx)
    return call


async def put(call: Call, ctx: Context) -> Call:
    """Keep a changed call; `Conflict` if somebody was faster."""
    kept = await ctx.store.calls.put(call)
    if kept is None:
        raise Conflict("Somebody changed this call at the same moment; ask again.")
    return kept


def peers(session_id: str, *found: Peer) -> Audiences:
    """The connections at these seats of a call: each hears its own audience alone, and nobody the room's."""
    return tuple(f"{PEER}{session_id}:{one.id}" for one in found)


def call_of(audience: str) -> str | None:
    """The call in which whoever hears this audience has a seat; None if it is no seat's."""
    return audience.split(":")[1] if audience.startswith(PEER) else None


def everybody(room: Room | None, *, but: Iterable[str] = ()) -> Audiences:
    """Everybody in a room who hears, but some."""
    left_out = set(but)
    if room is None:
        return ()
    return peers(room.call_id, *(peer for peer in room.seated if peer.arrived and peer.id not in left_out))


@contextmanager
def by_the_rules() -> Iterator[None]:
    """Say what the rules of rooms refuse in the words of the domain."""
    try:
        yield
    except RoomsAway as error:
        raise Unavailable("The rooms of calls cannot be reached at this moment; ask again.") from error
    except Refusal as refusal:
        raise _said(refusal.why) from refusal


def open_room(room: Room | None) -> Room:
    """A room that is there; to whoever has no seat in one it is the same if it is not."""
    if room is None:
        raise Refusal(Why.NOT_SEATED)
    return room


def _said(why: Why) -> DomainError:
    match why:
        case Why.FULL:
            return CallFull("The call is full; try again when somebody has left.")
        case Why.LOCKED:
            return CallLocked("The host has locked the call.")
        case Why.REMOVED:
            return Forbidden("The host has put you out of this call.")
        case Why.NOT_HOST:
            return Forbidden("Only the host of the call may do this.")
        case Why.NO_SUCH_PEER:
            return NotFound("There is no such peer in this call.")
        case _:
            return no_seat()
