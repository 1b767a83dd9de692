"""How the tests of the forum begin: a discussion, and something said in it."""

from typing import Any

from store.users import Role
from tests.people import Person, key

SKILLS = f"{2:024x}"
EVENTS = f"{4:024x}"


async def begin(person: Person, **more: object) -> dict[str, Any]:
    """Begin a discussion; what it is and its first post."""
    asked = {"title": "Which strings?", "content": "For a *beginner*.", "category_id": SKILLS, "client_id": key()}
    begun: dict[str, Any] = await person.asks("discussion:create", {**asked, **more})
    return begun


async def answer(person: Person, discussion: dict[str, Any], content: str = "Nylon.", **more: object) -> dict[str, Any]:
    """Write in a discussion; the post."""
    path = f"/forums/{discussion['id']}/"
    post: dict[str, Any] = await person.rest("POST", path, {"content": content, "client_id": key(), **more})
    return post


async def become_moderator(person: Person, knowing: Person) -> None:
    """Make somebody a moderator, by the way of whom has one behind the scenes."""
    assert knowing.backstage is not None
    await knowing.backstage.promote(person.id, Role.MODERATOR)
