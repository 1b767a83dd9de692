"""The forum. A discussion that Ada began, and in it an answer of Bob's."""

from typing import Any
from uuid import uuid4

from server.operation import Operation
from store.users import Role
from tests.asks.base import EVERYBODY, STAFF_ONLY, Asker, Rights, backstage
from tests.handlers.forum.discussions import EVENTS, SKILLS
from tests.people import Person, key

AUTHOR_ONLY = ("forbidden", "forbidden")
STAFFS = {
    *("create_category", "edit_category", "moderate_discussion", "merge_discussions", "moderate_post"),
    "list_post_edits",
}

MAY: Rights = {
    **dict.fromkeys(
        ("discussion:list", "discussion:create", "discussion:get", "post:create", "post:search"), EVERYBODY
    ),
    **dict.fromkeys(("discussion:watch", "discussion:unwatch", "discussion:follow", "discussion:mute"), EVERYBODY),
    **dict.fromkeys(("discussion:read", "discussion:followed"), EVERYBODY),
    **dict.fromkeys(("discussion:edit", "post:edit", "post:delete", "post:restore"), AUTHOR_ONLY),
    **dict.fromkeys(("post:accept", "post:unaccept"), AUTHOR_ONLY),
    # For Bob's post: nobody votes for themselves.
    **dict.fromkeys(("post:vote", "post:unvote"), (None, "forbidden")),
    **dict.fromkeys(STAFFS, STAFF_ONLY),
}

# What has to be done before it can be undone.
FIRST = {"post:restore": "post:delete", "post:unvote": "post:vote", "post:unaccept": "post:accept"}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """By Ada, of the discussion or of a post in it; by an admin, what is for staff."""
    about = {"title": "Which strings?", "content": "For a *beginner*.", "category_id": SKILLS, "tags": ["guitar"]}
    begun = await ada.asks("discussion:create", {**about, "client_id": key()})
    where, opening = {"thread_id": begun["discussion"]["id"]}, begun["items"][0]
    said = {**where, "parent_id": opening["id"], "content": "Nylon."}
    answer = await bob.asks("post:create", {**said, "client_id": key()})
    hers, his = {**where, "post_id": opening["id"]}, {**where, "post_id": answer["id"]}
    if row.name in STAFFS:
        return await _of_staff(row, ada, where, hers)
    payloads: dict[str, dict[str, Any]] = {
        "discussion:list": {"tag": "guitar"},
        "discussion:create": about,
        "post:search": {"q": "nylon"},
        "discussion:followed": {},
        "discussion:edit": {**where, "title": "Which strings are good?", "tags": ["guitar", "strings"]},
        "discussion:follow": {**where, "level": "ignored"},
        "discussion:mute": {**where, "until": "2999-01-01T00:00:00Z"},
        "discussion:read": {**where, "up_to": 2},
        "post:create": said,
        "post:edit": {**hers, "content": f"For a **beginner**, {uuid4()}."},
        **dict.fromkeys(("post:delete", "post:restore"), hers),
        **dict.fromkeys(("post:vote", "post:unvote", "post:accept", "post:unaccept"), his),
    }
    payload = payloads.get(row.name, where)
    if row.name in {"post:create", "post:accept"}:
        # Bob, who is told of it, has been told of something before: it is the same for each request.
        await ada.asks("post:create", {**said, "client_id": key()})
    if row.name == "discussion:list":
        # The other questions that it asks the database.
        for asked in ({"q": "string"}, {"sort": "newest"}, {"sort": "votes"}, {"sort": "unanswered"}):
            await ada.asks(row.name, asked)
    if (first := FIRST.get(row.name)) is not None:
        await ada.asks(first, payload)
    return ada, payload


async def _of_staff(row: Operation, ada: Person, where: dict[str, Any], post: dict[str, Any]) -> Asker:
    admin = await Person("admin", ada.url, ada.http).join()
    await backstage(ada).promote(admin.id, Role.ADMIN)
    payloads: dict[str, dict[str, Any]] = {
        "create_category": {"name": "Strings"},
        "edit_category": {"category_id": EVENTS, "description": f"Meet {uuid4()}."},
        "moderate_discussion": {**where, "pinned": True, "category_id": EVENTS},
        "moderate_post": {**post, "hidden": True, "reason": "Advertising."},
        "list_post_edits": post,
    }
    if row.name == "merge_discussions":
        other = {"title": "Strings again", "content": "Which?", "category_id": SKILLS, "client_id": key()}
        into = await ada.asks("discussion:create", other)
        return admin, {**where, "into": into["discussion"]["id"]}
    return admin, payloads[row.name]
