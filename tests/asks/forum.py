"""The forum. A discussion that Ada began, and in it an answer of Bob's."""

from typing import Any

from server.operation import Operation
from tests.asks.base import EVERYBODY, Asker, Rights
from tests.handlers.forum.discussions import SKILLS
from tests.people import Person, key

AUTHOR_ONLY = ("forbidden", "forbidden")

MAY: Rights = {
    **dict.fromkeys(("discussion:list", "discussion:create", "discussion:get"), EVERYBODY),
    **dict.fromkeys(("discussion:watch", "discussion:unwatch", "post:create"), EVERYBODY),
    "discussion:edit": AUTHOR_ONLY,
}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """By Ada, of the discussion or of a post in it."""
    about = {"title": "Which strings?", "content": "For a *beginner*.", "category_id": SKILLS, "tags": ["guitar"]}
    begun = await ada.asks("discussion:create", {**about, "client_id": key()})
    discussion, opening = begun["discussion"], begun["items"][0]
    said = {"thread_id": discussion["id"], "parent_id": opening["id"], "content": "Nylon."}
    await bob.asks("post:create", {**said, "client_id": key()})
    where = {"thread_id": discussion["id"]}
    payloads: dict[str, dict[str, Any]] = {
        "discussion:list": {"tag": "guitar"},
        "discussion:create": about,
        "post:create": said,
        "discussion:edit": {**where, "title": "Which strings are good?", "tags": ["guitar", "strings"]},
    }
    return ada, payloads.get(row.name, where)
