"""What staff does, and what nobody of the staff gets by it: being one's own judge, or having hidden things read."""

from collections.abc import AsyncIterator

import pytest

from handlers.context import Context
from handlers.errors import Forbidden, Invalid, NotAllowedNow, NotFound
from handlers.statements import hide as hide_thing
from store.jobs import State
from store.reports import Thing
from store.staff_log import Act
from store.users import Role
from tests.asks.gigs import a_gig
from tests.handlers.forum.discussions import SKILLS
from tests.handlers.swaps.world import World, world

SPAM = {"hidden": True, "reason": "Spam."}


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name, newcomer_delay_seconds=0) as made:
        yield made


async def begins(earth: World, person: str, title: str = "Which strings?") -> tuple[dict[str, str], dict[str, str]]:
    """Begin a discussion; what names it, and what names its first post."""
    begun = await earth.asks(person, "discussion:create", title=title, content="Nylon?", category_id=SKILLS)
    where = {"thread_id": begun["discussion"]["id"]}
    return where, {**where, "post_id": begun["items"][0]["id"]}


async def test_nobody_of_the_staff_takes_back_what_was_done_to_staff(earth: World) -> None:
    admin = await earth.somebody("admin", role=Role.ADMIN)
    mod, other = [await earth.somebody(name, role=Role.MODERATOR) for name in ("mod", "other")]
    where, post = await begins(earth, mod)
    gig = {"gig_id": (await earth.asks(mod, "gig:create", **a_gig()))["id"]}

    async def may_not(name: str, **what: object) -> None:
        for person in (mod, other):
            with pytest.raises(Forbidden):
                await earth.asks(person, name, **what)

    for hide, show, what in (
        ("moderate_post", "moderate_post", post),
        ("moderate_discussion", "moderate_discussion", where),
        ("hide_gig", "show_gig", gig),
    ):
        hiding, showing = ({"reason": "Spam."}, {}) if what is gig else (SPAM, {"hidden": False})
        await may_not(hide, **what, **hiding)
        await earth.asks(admin, hide, **what, **hiding)
        await may_not(show, **what, **showing)
    statements = (await earth.asks(mod, "statement:list"))["items"]
    assert [one["in_force"] for one in statements] == [True] * 3

    # They appeal as anybody does; and an admin decides.
    appealed = {"statement_id": statements[0]["id"]}
    await earth.asks(mod, "statement:appeal", **appealed, words="It is a guitar.")
    with pytest.raises(Forbidden):
        await earth.asks(other, "decide_appeal", **appealed, verdict="reverse", reason="It is.")
    await earth.asks(admin, "decide_appeal", **appealed, verdict="reverse", reason="It is.")
    assert not (await earth.asks(mod, "statement:list"))["items"][0]["in_force"]


async def test_what_the_server_hid_by_itself_an_only_admin_shows(earth: World) -> None:
    admin, mod = await earth.somebody("admin", role=Role.ADMIN), await earth.somebody("mod", role=Role.MODERATOR)
    for author in (admin, mod):
        gig = {"gig_id": (await earth.asks(author, "gig:create", **a_gig()))["id"]}

        async def hides(ctx: Context, gig_id: str = gig["gig_id"]) -> None:
            await hide_thing(Thing.GIG, gig_id, ctx, reason="Reported by many.")

        await earth.has_done(hides)
        with pytest.raises(Forbidden):
            await earth.asks(mod, "show_gig", **gig)
        await earth.asks(admin, "show_gig", **gig)


async def test_what_is_hidden_is_not_merged_and_what_was_merged_is_hidden(earth: World) -> None:
    ada, eve = await earth.somebody("ada"), await earth.somebody("eve")
    mod = await earth.somebody("mod", role=Role.MODERATOR)
    (one, _), (other, _) = await begins(earth, ada, "Planted"), await begins(earth, ada)
    merging = {**one, "into": other["thread_id"]}
    for hidden, refusal in ((one, NotAllowedNow), (other, Invalid)):
        await earth.asks(mod, "moderate_discussion", **hidden, **SPAM)
        with pytest.raises(refusal):
            await earth.asks(mod, "merge_discussions", **merging)
        await earth.asks(mod, "moderate_discussion", **hidden, hidden=False)

    await earth.asks(mod, "merge_discussions", **merging)
    assert (await earth.asks(eve, "discussion:get", **one))["discussion"]["title"] == "Planted"
    await earth.asks(mod, "moderate_discussion", **one, **SPAM)
    for person in (ada, eve):
        with pytest.raises(NotFound):
            await earth.asks(person, "discussion:get", **one)


async def test_what_its_author_deletes_is_hidden_all_the_same(earth: World) -> None:
    ada, bob, eve, dan = [await earth.somebody(name) for name in ("ada", "bob", "eve", "dan")]
    mod = await earth.somebody("mod", role=Role.MODERATOR)
    await earth.passes(days=2)
    where, post = await begins(earth, ada)
    swap = await earth.requests(ada, bob)
    said = {"thread_id": swap["thread_id"]}
    said["message_id"] = (await earth.asks(ada, "message:send", **said, message_content="Buy here."))["id"]
    for person in (bob, eve, dan):
        await earth.asks(person, "report:create", kind="post", thing_id=post["post_id"], reason="spam")
    await earth.asks(bob, "report:create", kind="message", thing_id=said["message_id"], reason="spam")
    await earth.asks(ada, "post:delete", **post)
    await earth.asks(ada, "message:delete", **said)
    await earth.passes(seconds=30)
    assert not await earth.store.jobs.page(State.WAITING, "HideReported", before=None, limit=1)
    (case,) = (await earth.asks(mod, "list_cases", kind="message"))["items"]
    decided = {"outcome": "act", "reason": "Spam.", "measures": [{"measure": "hidden"}]}
    await earth.asks(mod, "decide_case", case_id=case["id"], **decided)

    restored = await earth.asks(ada, "post:restore", **post)
    assert (restored["deleted"], restored["hidden"], restored["content"]) == (False, True, "")
    with pytest.raises(NotFound):
        await earth.asks(eve, "discussion:get", **where)
    with pytest.raises(NotAllowedNow):
        await earth.asks(ada, "message:restore", **said)

    # Taken back, it is her deletion that stands, and is hers to take back.
    for statement in (await earth.asks(mod, "list_statements_of", user_id=ada))["items"]:
        await earth.asks(mod, "lift_measure", statement_id=statement["id"])
    assert (await earth.asks(bob, "message:list", thread_id=said["thread_id"]))["items"][-1]["deleted"]
    assert (await earth.asks(ada, "message:restore", **said))["message_content"] == "Buy here."
    assert (await earth.asks(eve, "discussion:get", **where))["items"][0]["content"] == "Nylon?"


async def test_staff_changes_what_others_wrote_for_a_reason_that_stays(earth: World) -> None:
    """It names a discussion otherwise and hides a post, and neither deletes nor edits what is not its own."""
    ada, mod = await earth.somebody("ada"), await earth.somebody("mod", role=Role.MODERATOR)
    where, post = await begins(earth, ada, "BUY STRINGS")
    for name, what in (("post:delete", post), ("discussion:edit", {**where, "title": "Strings"})):
        with pytest.raises(Forbidden):
            await earth.asks(mod, name, **what)

    await earth.asks(mod, "moderate_discussion", **where, title="Strings", tags=["guitar"], reason="No shouting.")

    assert (await earth.asks(ada, "discussion:list", tag="guitar"))["items"][0]["title"] == "Strings"
    (act,) = await earth.store.staff_log.page(before=None, limit=10)
    assert (act.act, act.actor_id, act.target_id) == (Act.DISCUSSION_CHANGED, mod, where["thread_id"])
    assert "BUY STRINGS" in act.before and act.after.endswith(": No shouting.")
    assert "found_by" not in act.after


async def test_a_discussion_needs_no_more_than_a_title_and_a_post(earth: World) -> None:
    ada = await earth.somebody("ada")
    begun = await earth.asks(ada, "discussion:create", title="Which strings?", content="Nylon?")
    last = (await earth.asks(ada, "discussion:list"))["categories"][-1]
    assert begun["discussion"]["category_id"] == last["id"]
    assert last["discussion_count"] == 1
