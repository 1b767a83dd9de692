"""How the tests of chat begin: a conversation, and something said in it."""

from typing import Any

from tests.people import Person, key


async def thread_of(first: Person, *others: Person, title: str | None = None) -> dict[str, Any]:
    """A conversation that everybody in it has heard of."""
    asked: dict[str, Any] = {"participants": [person.id for person in others], "client_id": key()}
    if title is not None:
        asked["title"] = title
    thread: dict[str, Any] = await first.asks("thread:open", asked)
    for person in (first, *others):
        await person.hears("thread:created")
    return thread


async def a_talk(first: Person, *others: Person, title: str | None = None) -> dict[str, Any]:
    """A conversation that the others have accepted, so that they are seen in it."""
    thread = await thread_of(first, *others, title=title)
    for person in others:
        await person.asks("thread:accept", {"thread_id": thread["id"]})
        for told in (first, *others):
            await told.hears("thread:updated")
    return thread


async def say(person: Person, thread: dict[str, Any], text: str, **more: object) -> dict[str, Any]:
    """Write something; the message."""
    asked = {"thread_id": thread["id"], "message_content": text, "client_id": key(), **more}
    message: dict[str, Any] = await person.asks("message:send", asked)
    return message
