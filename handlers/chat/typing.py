"""Who is writing just now: told to those who are there, kept nowhere."""

from handlers.blocking import hidden_from
from handlers.chat.access import access_thread
from handlers.context import Context, people
from handlers.events.chat import TypingChanged
from handlers.models import Signal, ThreadId
from store.threads import Kind

# A client forgets it by then without a word more: whoever loses the connection stops typing.
EXPIRES_MS = 6_000


class StartTyping(Signal):
    """Where."""

    thread_id: ThreadId


class StopTyping(Signal):
    """Where."""

    thread_id: ThreadId


async def start_typing(signal: StartTyping, ctx: Context) -> None:
    """Say that you are writing; say it again every few seconds while you do."""
    await _tell(signal.thread_id, ctx, typing=True)


async def stop_typing(signal: StopTyping, ctx: Context) -> None:
    """Say that you have stopped writing."""
    await _tell(signal.thread_id, ctx, typing=False)


async def _tell(thread_id: str, ctx: Context, *, typing: bool) -> None:
    thread = await access_thread(thread_id, ctx)
    me = await ctx.store.users.get(ctx.actor.user_id)
    if me is None or not me.privacy.typing_indicators or thread.closed_by or thread.asks(me.id):
        return
    others = {*thread.participants} - {me.id}
    if thread.kind is Kind.GROUP:
        others -= await hidden_from(me.id, others, ctx)
    event = TypingChanged(
        thread_id=thread.id, user_id=ctx.actor.user_id, typing=typing, expires_in_ms=EXPIRES_MS if typing else 0
    )
    ctx.emit(event, to=people(*sorted(others)))
