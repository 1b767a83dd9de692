"""What two people want to get out of a swap and share for it, by both doors: one list, in which both write."""

import asyncio
from uuid import uuid4

import pytest

from store.users import Role
from tests.asks.swaps import a_swap_request, an_item
from tests.doors import Door, both_doors
from tests.files import NOTE
from tests.people import Person, key, refused, surely
from tests.stories.test_reports import become, the_case
from tests.stories.test_uploads import fetched


@both_doors
async def test_both_write_in_one_agenda(ada: Person, bob: Person, eve: Person, door: Door) -> None:
    swap = await ada.asks("swap:request", a_swap_request(bob))
    this = {"swap_id": swap["id"]}
    assert (await door(bob, "agenda:get", this))["version"] == 0
    hers, his = an_item(swap), an_item(swap, "The tabs", link="https://example.org/tabs")

    agenda = await door(ada, "agenda:write", {**hers, "version": 0})

    for person in (ada, bob):
        assert (await person.hears("agenda:updated")) == {"agenda": agenda, "by": ada.id}
    # Asked again it is there already.
    assert await door(ada, "agenda:write", hers) == agenda
    with refused("conflict") as late:
        await door(bob, "agenda:write", {**his, "version": 0})
    assert late.value.problem["current"] == agenda
    await door(bob, "agenda:write", {**his, "version": 1})
    changed = {**this, "item_id": hers["item_id"]}
    await door(bob, "agenda:write", {**changed, "text": "Barre chords, slowly"})
    ticked = await door(bob, "agenda:write", {**changed, "done": True})
    assert await door(ada, "agenda:write", {**changed, "done": True}) == ticked
    assert [(one["text"], one["by"], one["edited_by"], one["done_by"], one["link"]) for one in ticked["items"]] == [
        ("Barre chords, slowly", ada.id, bob.id, bob.id, None),
        ("The tabs", bob.id, None, None, "https://example.org/tabs"),
    ]
    undone = await door(ada, "agenda:write", {**changed, "done": False})
    assert (undone["version"], undone["items"][0]["done_by"]) == (5, None)

    for wrong in (
        {**this, "item_id": str(uuid4())},
        an_item(swap, " "),
        an_item(swap, "x" * 301),
        an_item(swap, link="http://example.org/"),
        an_item(swap, upload="0" * 24),
        {**changed, "item_id": "1"},
        {**changed, "link": "https://example.org/"},
    ):
        with refused("invalid"):
            await door(ada, "agenda:write", wrong)
    for name in ("agenda:get", "agenda:write", "agenda:remove"):
        with refused("not_found"):
            await door(eve, name, this if name == "agenda:get" else {**this, "item_id": hers["item_id"]})
    with refused("forbidden"):
        await door(bob, "agenda:remove", changed)
    assert await door(ada, "agenda:get", this) == undone


@both_doors
async def test_what_is_settled_is_kept_and_what_is_ones_own_is_taken_out(ada: Person, bob: Person, door: Door) -> None:
    swap = await ada.asks("swap:request", a_swap_request(bob))
    hers, his = an_item(swap), an_item(swap, "A song")
    for person, item in ((ada, hers), (bob, his)):
        await door(person, "agenda:write", item)
    await ada.asks("block:add", {"user_id": bob.id})
    for person in (ada, bob):
        with refused("forbidden"):
            await door(person, "agenda:write", {**his, "done": True})
    await ada.asks("block:remove", {"user_id": bob.id})
    await bob.asks("swap:update", {"swap_id": swap["id"], "action": "reject"})

    with refused("invalid_transition"):
        await door(bob, "agenda:write", {**hers, "done": True})
    gone = {"swap_id": swap["id"], "item_id": hers["item_id"]}
    left = await door(ada, "agenda:remove", gone)

    assert [one["id"] for one in left["items"]] == [his["item_id"]]
    assert await door(ada, "agenda:remove", gone) == left
    for person in (ada, bob):
        assert [(await person.hears("agenda:updated"))["agenda"]["version"] for _ in range(3)] == [1, 2, 3]


async def test_a_file_is_for_both_as_long_as_it_is_there(people: tuple[Person, Person, Person]) -> None:
    ada, bob, eve = people
    swap = await ada.asks("swap:request", a_swap_request(bob))
    upload = (await ada.upload(NOTE, "chords.txt"))["id"]
    with refused("invalid"):
        await bob.asks("agenda:write", an_item(swap, upload=upload))
    hers = an_item(swap, "My chords", upload=upload)

    (item,) = (await ada.asks("agenda:write", hers))["items"]

    for person, found in ((ada, 200), (bob, 200), (eve, 404)):
        assert (await fetched(person, item["url"]))[0] == found
    assert (await fetched(bob, item["url"]))[2] == NOTE
    with refused("invalid"):
        await ada.asks("agenda:write", an_item(swap, upload=upload))
    with refused("invalid_transition"):
        await ada.rest("DELETE", f"/uploads/{upload}/")
    # Staff sees what the reporter saw of the other one.
    mod = await become(eve, Role.MODERATOR, ada)
    await bob.asks("report:create", {"kind": "swap", "thing_id": swap["id"], "reason": "scam", "client_id": key()})
    case = await the_case(mod, swap["id"])
    (report,) = (await mod.rest("GET", f"/staff/reports/{case['id']}/"))["items"]
    assert report["evidence"]["agenda"] == [item]

    await ada.asks("agenda:remove", {"swap_id": swap["id"], "item_id": hers["item_id"]})
    for person in (ada, bob):
        assert (await fetched(person, item["url"]))[0] == 404


@pytest.mark.usefixtures("unlimited")
async def test_who_write_at_the_same_moment_lose_nothing(ada: Person, bob_elsewhere: Person) -> None:
    bob = bob_elsewhere
    swap = await ada.asks("swap:request", a_swap_request(bob))
    items = [an_item(swap, f"Song {number}") for number in range(40)]

    for some in (items[:8], items[8:]):
        await asyncio.gather(*(surely((ada, bob)[n % 2].asks, "agenda:write", one) for n, one in enumerate(some)))

    agenda = await ada.asks("agenda:get", {"swap_id": swap["id"]})
    assert {one["id"] for one in agenda["items"]} == {one["item_id"] for one in items}
    assert agenda["version"] == len(items)
    with refused("invalid_transition"):
        await ada.asks("agenda:write", an_item(swap))
    for person in (ada, bob):
        heard = [(await person.hears("agenda:updated"))["agenda"]["version"] for _ in items]
        assert heard == [*range(1, len(items) + 1)], "each is told once, in its order"
