"""How a noted event becomes the text that travels: encoded once, for all its audiences and all their devices.

`seq` and `epoch` are not in it: each audience's feed gives its own, and the fan-out puts them in front.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from handlers.context import Context, Noted
from handlers.events.base import Event
from store.ids import new_id
from store.outbox import OutboxRow

# What a traced event begins with on its way; clients are not told.
CAUSE = '{"traceparent":"'
CAUSE_CHARACTERS = 55


def outbox_rows(ctx: Context, client_id: UUID | None) -> list[OutboxRow]:
    """The durable events that a use case noted, ready to be kept."""
    rows = []
    for noted in ctx.noted:
        if noted.event.durable:
            event_id = new_id()
            key, n = noted.event.order() or (None, None)
            rows.append(
                OutboxRow(
                    id=event_id,
                    type=noted.event.name,
                    audiences=noted.audiences,
                    body=_body(event_id, noted, ctx, client_id),
                    order_key=key,
                    order_n=n,
                    created_at=ctx.now,
                    cause=ctx.cause,
                )
            )
    return rows


def ephemeral(ctx: Context, client_id: UUID | None) -> Iterator[tuple[str, str, str]]:
    """The events of the moment that a use case noted: (audience, type, body)."""
    for noted in ctx.noted:
        if not noted.event.durable:
            body = _body(new_id(), noted, ctx, client_id)
            for audience in noted.audiences:
                yield audience, noted.event.name, body


def of_nobody(event: Event, now: datetime) -> str:
    """The text of what this process says by itself."""
    head = {"id": new_id(), "type": event.name, "ts": now.isoformat(), "actor_id": None}
    return f'{json.dumps(head, separators=(",", ":"))[:-1]},"data":{event.model_dump_json()}}}'


def parted(body: str) -> tuple[str | None, str]:
    """What caused an event, where that is traced, and its text as clients get it."""
    if not body.startswith(CAUSE):
        return None, body
    end = len(CAUSE) + CAUSE_CHARACTERS
    return body[len(CAUSE) : end], "{" + body[end + len('",') :]


def _body(event_id: str, noted: Noted, ctx: Context, client_id: UUID | None) -> str:
    head: dict[str, object] = {} if ctx.cause is None else {"traceparent": ctx.cause}
    head |= {
        "id": event_id,
        "type": noted.event.name,
        "ts": ctx.now.isoformat(),
        "actor_id": None if noted.unnamed or ctx.signed_in is None else ctx.signed_in.user_id,
    }
    if client_id is not None:
        head["client_id"] = str(client_id)
    return f'{json.dumps(head, separators=(",", ":"))[:-1]},"data":{noted.event.model_dump_json()}}}'
