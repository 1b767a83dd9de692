"""How the server is doing, for staff: what its processes do now, and what waits."""

from datetime import timedelta

from handlers.context import Context
from handlers.models import Query
from handlers.views.staff import BacklogView, FiguresView
from store.jobs import Queue, State

# Every web process tells it how it is doing.
FIGURES = "staff:figures"
NOW = timedelta(0)


class WatchFigures(Query):
    """Every few seconds, by `staff:figures`, until `figures:unwatch` or the connection's end."""


async def watch_figures(_: WatchFigures, ctx: Context) -> FiguresView:
    """How the process that answers is doing, and what waits; over a socket, how each does from now on."""
    ctx.watch(FIGURES)
    return FiguresView(process=ctx.ports.pulse.now(), backlog=await count_backlog(ctx))


class UnwatchFigures(Query):
    """No longer."""


async def unwatch_figures(_: UnwatchFigures, ctx: Context) -> None:
    """Hear of the processes no longer."""
    ctx.unwatch(FIGURES)


async def count_backlog(ctx: Context) -> BacklogView:
    """What waits to be published and to be done, and for how long it has."""
    store, now = ctx.store, ctx.now
    oldest = await store.outbox.due(before=now, limit=1)
    due = {queue: await store.jobs.due(queue, at=now, limit=1) for queue in Queue}
    return BacklogView(
        outbox_lag_seconds=max(now - oldest[0].created_at, NOW).total_seconds() if oldest else 0,
        job_lag_seconds={
            queue: (now - first[0].due_at).total_seconds() if first else 0 for queue, first in due.items()
        },
        jobs={state: await store.jobs.count(state) for state in State},
    )
