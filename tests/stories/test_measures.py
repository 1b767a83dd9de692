"""What staff does to somebody: with a reason that stays, at once on every process, and undone if it was wrong."""

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from server.config import Settings
from server.mail import DevelopmentOutbox
from store.reports import Thing
from store.users import Role
from tests.asks.swaps import a_swap_request
from tests.backstage import Backstage
from tests.calling import a_call, inside
from tests.conftest import serving
from tests.handlers.forum.discussions import begin
from tests.people import Person, key, refused
from tests.processes import Servers
from tests.stories.test_reports import a_message, a_thread, become, made, the_case

pytestmark = pytest.mark.usefixtures("unlimited")
Three = tuple[Person, Person, Person]


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


async def acts(by: Person, on: Person, measure: str, **more: Any) -> Any:
    """Have somebody of the staff do something to somebody."""
    asked = {"measure": measure, "reason": "No money here.", "rule": "3: no advertising", **more}
    return await by.rest("POST", f"/staff/people/{on.id}/measures/", asked)


async def test_a_warning_is_read_before_anything_else(people: Three, bob_elsewhere: Person) -> None:
    ada, _, mod = people
    await become(mod, Role.MODERATOR, ada)
    bob = bob_elsewhere
    thread = await a_thread(bob, ada)
    said = {"thread_id": thread, "message_content": "hello", "client_id": key()}

    await acts(mod, bob, "warning")

    told = await bob.hears("statement:created")
    assert (told["statement"]["reason"], told["statement"]["rule"]) == ("No money here.", "3: no advertising")
    assert next(one for one in bob.heard if one.get("type") == "statement:created")["actor_id"] is None
    with refused("warning_unread"):
        await bob.asks("message:send", said)
    with refused("warning_unread"):
        await bob.rest("GET", "/messages/")
    # His own account stays open, and a warning of somebody else is none of his.
    (statement,) = (await bob.asks("statement:list"))["items"]
    assert statement == told["statement"] and "by" not in statement
    with refused("not_found"):
        await ada.rest("POST", f"/auth/statements/{statement['id']}/acknowledge/")
    await bob.rest("POST", f"/auth/statements/{statement['id']}/acknowledge/")
    assert not (await bob.hears("statement:updated"))["statement"]["in_force"]
    await bob.asks("message:send", said)


async def test_who_is_muted_reads_on_until_the_time_is_over(
    people: Three, bob_elsewhere: Person, settings: Settings, servers: Servers
) -> None:
    ada, _, mod = people
    await become(mod, Role.MODERATOR, ada)
    bob = bob_elsewhere
    swap, offered = [await ada.asks("swap:request", a_swap_request(bob, days=days)) for days in (2, 5)]
    call = await a_call(ada, bob)
    for person in (ada, bob):
        await inside(person, call)
    with refused("invalid"):
        await acts(mod, bob, "mute")

    await acts(mod, bob, "mute", until=in_days(2))

    await bob.hears("statement:created")
    with refused("muted"):
        await bob.asks("message:send", {"thread_id": swap["thread_id"], "message_content": "?", "client_id": key()})
    with refused("muted"):
        await bob.rest("POST", "/swaps/", a_swap_request(ada, days=9))
    with refused("muted"):
        await bob.asks("swap:update", {"swap_id": swap["id"], "action": "reschedule", "scheduled_time": in_days(30)})
    assert len((await bob.asks("message:list", {"thread_id": swap["thread_id"]}))["items"]) == 1
    # His own stays his: what takes away, what nobody reads, yes and no.
    await bob.asks("swap:update", {"swap_id": swap["id"], "action": "reject"})
    await bob.asks("swap:update", {"swap_id": offered["id"], "action": "accept"})
    for profile in ({"bio": "Buy here."}, {"name": "Buy here"}, {"vacation": {"note": "Buy here."}}):
        with refused("muted"):
            await bob.rest("PUT", "/auth/profile", profile)
    await bob.rest("PUT", "/auth/profile", {"bio": "", "phone": "+49 30 1", "privacy": {"presence": False}})
    with refused("muted"):
        await bob.asks("presence:set", {"status": "busy", "text": "Buy here."})
    await bob.asks("presence:set", {"status": "busy"})
    # Nor is he heard where he sat: the others hang up on him.
    assert (await bob.hears("call:removed"))["session_id"] == call["session_id"]
    assert (await ada.hears("call:peer_left"))["reason"] == "removed"
    async with serving(settings, servers, ahead=timedelta(days=3)) as later:
        bob.url = later
        await bob.log_in()
        await bob.rest("POST", f"/messages/{swap['thread_id']}/", {"message_content": "Again."})


async def test_who_is_kept_out_reads_why_and_appeals_once(people: Three, settings: Settings, servers: Servers) -> None:
    ada, bob, mod = people
    other = await become(await Person("other", ada.url, ada.http).join(), Role.MODERATOR, ada)
    await become(mod, Role.MODERATOR, ada)
    thread = await a_thread(bob, ada)

    statement = await acts(mod, bob, "suspension", until=in_days(3))
    assert (await bob.hears("session:ended"))["code"] == "banned"
    outbox = DevelopmentOutbox()
    async with serving(settings, servers, mailer=outbox):
        while not outbox.sent:
            await ada.rest("GET", "/auth/profile")
    letter = outbox.sent[0].letter
    assert "No money here." in letter.text
    in_letter = letter.text.partition("/account/appeal#")[2].strip()
    with refused("account_banned") as caught:
        await bob.log_in()
    current = caught.value.problem["current"]
    assert (current["token"], current["statement"]["id"]) == (in_letter, statement["id"])

    nobody = Person("nobody", ada.url, ada.http)
    assert (await nobody.rest("POST", "/auth/statements/open", {"token": in_letter}))["reason"] == "No money here."
    for wrong in (in_letter[:-1], f"{'0' * 24}.{in_letter.partition('.')[2]}", "x"):
        with refused("invalid"):
            await nobody.rest("POST", "/auth/statements/open", {"token": wrong})
    appealed = {"token": in_letter, "words": "It was my birthday."}
    await nobody.rest("POST", "/auth/statements/appeal", appealed)
    with refused("conflict"):
        await nobody.rest("POST", "/auth/statements/appeal", appealed)

    (waiting,) = (await mod.rest("GET", "/staff/appeals/"))["items"]
    assert (waiting["id"], waiting["by"], waiting["appeal"]["words"]) == (
        statement["id"],
        mod.id,
        "It was my birthday.",
    )
    path, decided = f"/staff/appeals/{statement['id']}/", {"verdict": "reverse", "reason": "Happy birthday."}
    with refused("forbidden"):
        await mod.rest("POST", path, decided)
    await other.rest("POST", path, decided)
    with refused("invalid_transition"):
        await other.rest("POST", path, decided)

    await bob.log_in()
    found = (await bob.rest("GET", "/auth/statements/"))["items"]
    assert [(one["in_force"], one["appeal"]["state"], one["appeal"]["reason"]) for one in found] == [
        (False, "reversed", "Happy birthday.")
    ]
    await bob.rest("POST", f"/messages/{thread}/", {"message_content": "I am back."})
    log = (await (await become(other, Role.ADMIN, ada)).rest("GET", "/staff/acts/"))["items"]
    assert [one["act"] for one in log] == ["appeal_decided", "banned"]


async def test_taking_one_measure_back_leaves_the_others(people: Three) -> None:
    ada, bob, mod = people
    await become(mod, Role.ADMIN, ada)
    long, short = [await acts(mod, bob, "suspension", until=in_days(days)) for days in (9, 3)]

    await mod.rest("DELETE", f"/staff/measures/{long['id']}/")

    with refused("account_banned") as caught:
        await bob.log_in()
    assert caught.value.problem["current"]["statement"]["id"] == short["id"]
    with refused("invalid_transition"):
        await mod.rest("DELETE", f"/staff/measures/{long['id']}/")
    await mod.rest("DELETE", f"/staff/people/{bob.id}/ban/")
    await bob.log_in()
    mine = (await mod.rest("GET", f"/staff/people/{bob.id}/measures/"))["items"]
    assert [(one["id"], one["in_force"]) for one in mine] == [(short["id"], False), (long["id"], False)]


async def is_there(kind: Thing, thing_id: str, reader: Person, message: dict[str, Any]) -> bool:
    """Whether somebody else sees it."""
    if kind is Thing.MESSAGE:
        page = await reader.asks("message:list", {"thread_id": message["thread_id"]})
        return [one["deleted"] for one in page["items"] if one["id"] == thing_id] == [False]
    asked = {"kind": kind, "thing_id": thing_id, "reason": "spam", "client_id": key()}
    found = await reader.ack("report:create", asked)
    return bool(found["ok"])


@pytest.mark.parametrize("kind", [Thing.GIG, Thing.MESSAGE, Thing.REVIEW, Thing.DISCUSSION, Thing.POST])
async def test_what_is_hidden_by_a_case_comes_back_by_an_appeal(kind: Thing, people: Three) -> None:
    ada, bob, mod = people
    other = await become(await Person("other", ada.url, ada.http).join(), Role.MODERATOR, ada)
    await become(mod, Role.MODERATOR, ada)
    message = await a_message(bob, ada) if kind is Thing.MESSAGE else {}
    thing_id = message["id"] if message else await made(kind, bob, ada)
    await ada.asks("report:create", {"kind": kind, "thing_id": thing_id, "reason": "hate", "client_id": key()})
    case = await the_case(mod, thing_id)
    measures = [{"measure": "hidden"}, {"measure": "warning"}]
    asked = {"outcome": "act", "reason": "An insult.", "rule": "1", "measures": measures}
    path = f"/staff/reports/{case['id']}/decision/"
    with refused("invalid"):
        await mod.rest("POST", path, {**asked, "outcome": "dismiss"})

    await mod.rest("POST", path, asked)

    assert not await is_there(kind, thing_id, ada, message)
    warned, hidden = (await bob.asks("statement:list"))["items"]
    assert [one["measure"] for one in (hidden, warned)] == ["hidden", "warning"]
    assert {one["about"] for one in (hidden, warned)} == {f"{kind}:{thing_id}"}
    await bob.asks("statement:acknowledge", {"statement_id": warned["id"]})
    await bob.asks("statement:appeal", {"statement_id": hidden["id"], "words": "It is a quotation."})
    with refused("conflict"):
        await bob.asks("statement:appeal", {"statement_id": hidden["id"], "words": "Twice."})
    await other.rest("POST", f"/staff/appeals/{hidden['id']}/", {"verdict": "reverse", "reason": "It is."})

    assert await is_there(kind, thing_id, ada, message)
    assert not [
        one for one in bob.heard if one.get("actor_id") in {mod.id, other.id, ada.id} and kind is not Thing.REVIEW
    ]


async def test_an_upheld_appeal_changes_nothing(people: Three) -> None:
    ada, bob, mod = people
    await become(mod, Role.ADMIN, ada)
    statement = await acts(mod, bob, "mute", until=in_days(2))
    await bob.asks("statement:appeal", {"statement_id": statement["id"], "words": "I said nothing."})

    # While there is somebody else who may, nobody decides about what they did themselves, an admin neither.
    verdict = {"verdict": "uphold", "reason": "You did."}
    await become(ada, Role.MODERATOR, ada)
    with refused("forbidden"):
        await mod.rest("POST", f"/staff/appeals/{statement['id']}/", verdict)
    await mod.rest("PUT", f"/staff/people/{ada.id}/role/", {"role": "user"})
    await mod.rest("POST", f"/staff/appeals/{statement['id']}/", verdict)

    (found,) = (await bob.asks("statement:list"))["items"]
    assert (found["in_force"], found["appeal"]["state"], found["appeal"]["reason"]) == (True, "upheld", "You did.")
    with refused("muted"):
        await begin(bob)


async def test_staff_is_acted_on_by_admins_alone(people: Three, http: aiohttp.ClientSession) -> None:
    ada, bob, mod = people
    for person in (bob, mod):
        await become(person, Role.MODERATOR, ada)
    for whom in (bob, mod):
        with refused("forbidden"):
            await acts(mod, whom, "warning")
    with refused("invalid"):
        await acts(mod, ada, "hidden")
    with refused("not_found"):
        await acts(mod, Person("never", ada.url, http, id="0" * 24), "warning")
    assert isinstance(ada.backstage, Backstage)
