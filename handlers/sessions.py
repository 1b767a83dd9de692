"""Where one is signed in, and ending it from afar; and what happened to the account."""

from handlers.account import MOST_FOUND, access_self, end_session, end_sessions, note
from handlers.context import Context
from handlers.errors import NotFound
from handlers.models import Command, Cursor, Limit, Query, SessionId
from handlers.views.accounts import ActivityView, EndedSessionsView, SessionView
from handlers.views.base import Page
from store.activity import What


class ListSessions(Query):
    """One's own."""


class EndSession(Command):
    """Which of one's own; it may be the one that is asked with."""

    session_id: SessionId


class EndOtherSessions(Command):
    """All but the one that is asked with."""


class ListActivity(Query):
    """What happened to one's own account."""

    cursor: Cursor | None = None
    limit: Limit = 30


async def list_sessions(_: ListSessions, ctx: Context) -> Page[SessionView]:
    """Where you are signed in, the last used first."""
    sessions = await ctx.store.sessions.of_person(ctx.actor.user_id, limit=MOST_FOUND)
    living = sorted((one for one in sessions if one.expires_at > ctx.now), key=lambda one: one.last_seen_at)
    return Page(items=[SessionView.of(one, current=one.id == ctx.actor.session_id) for one in reversed(living)])


async def end_one_session(command: EndSession, ctx: Context) -> None:
    """End one of your sessions: its tokens stop working and its sockets are closed, on every process."""
    session = await ctx.store.sessions.get(command.session_id)
    if session is None or session.user_id != ctx.actor.user_id or session.revoked_at is not None:
        raise NotFound("You have no such session, or no more.")
    await end_session(session.id, session.user_id, ctx, because="session_ended")
    await note(What.SESSION_ENDED, await access_self(ctx), ctx, session_id=session.id)


async def end_all_other_sessions(_: EndOtherSessions, ctx: Context) -> EndedSessionsView:
    """Sign out everywhere else: for when a device was lost, or something seems wrong."""
    me = ctx.actor
    ended = await end_sessions(me.user_id, ctx, because="session_ended", but=me.session_id)
    if ended:
        await note(What.SESSION_ENDED, await access_self(ctx), ctx, session_id=me.session_id)
    return EndedSessionsView(ended=ended)


async def list_activity(query: ListActivity, ctx: Context) -> Page[ActivityView]:
    """What happened to your account, the last first: sign-ins, their ends, changes of what protects it."""
    found = await ctx.store.activities.of_person(ctx.actor.user_id, before=query.cursor, limit=query.limit + 1)
    return Page.of(found, ActivityView.of, limit=query.limit)
