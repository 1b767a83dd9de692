"""Reporting: of whatever one sees, with what it was then; a queue for staff; and silence for whom it is about."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.deletion import UNDO
from handlers.reviews import open_reviews
from handlers.reviews.opening import OpenReviews
from server.config import Settings
from server.mail import DevelopmentOutbox
from store.reports import Thing
from store.users import Role
from tests.asks.gigs import a_gig
from tests.asks.reviews import a_held_swap, a_review
from tests.asks.swaps import a_swap_request
from tests.backstage import Backstage
from tests.calling import a_call
from tests.conftest import serving
from tests.handlers.forum.discussions import answer, begin
from tests.people import PASSWORD, Person, key, refused
from tests.processes import Servers
from tests.stories.test_leaving import SOON, nothing_waits, rows

pytestmark = pytest.mark.usefixtures("unlimited")

Make = Callable[[Person, Person], Awaitable[str]]


async def become(person: Person, role: Role, ada: Person) -> Person:
    assert ada.backstage is not None
    await ada.backstage.promote(person.id, role)
    return person


async def the_case(moderator: Person, thing_id: str) -> dict[str, Any]:
    """The open case of a thing, as staff sees it."""
    cases = (await moderator.rest("GET", "/staff/reports/"))["items"]
    found: dict[str, Any] = next(case for case in cases if case["thing_id"] == thing_id)
    return found


async def a_thread(by: Person, to: Person, **more: Any) -> str:
    opened = await by.asks("thread:open", {"participants": [to.id], "client_id": key(), **more})
    found: str = opened["id"]
    return found


async def a_message(by: Person, to: Person, words: str = "Send me money.", **more: Any) -> dict[str, Any]:
    where = {"thread_id": await a_thread(by, to), "message_content": words, "client_id": key()}
    sent: dict[str, Any] = await by.asks("message:send", {**where, **more})
    return sent


async def an_upload(by: Person, to: Person) -> str:
    upload = await by.upload(b"Buy here.")
    await a_message(by, to, attachment_reference=upload["id"])
    found: str = upload["id"]
    return found


async def a_review_of(by: Person, to: Person) -> str:
    """What one wrote of the other, for everybody to read."""
    assert to.backstage is not None
    swap = await a_held_swap(to, by, to)
    _, written = [await one.asks("review:submit", a_review(swap)) for one in (to, by)]
    await to.backstage.does(lambda ctx: open_reviews(OpenReviews(swap_id=swap["id"]), ctx))
    found: str = written["id"]
    return found


async def made(kind: Thing, by: Person, to: Person) -> str:
    """Something of one person's that the other sees; its id."""
    match kind:
        case Thing.USER:
            return by.id
        case Thing.GIG:
            found = await by.asks("gig:create", {**a_gig(), "client_id": key()})
        case Thing.MESSAGE:
            found = await a_message(by, to)
        case Thing.THREAD:
            return await a_thread(by, to)
        case Thing.REVIEW:
            return await a_review_of(by, to)
        case Thing.SWAP:
            found = await by.asks("swap:request", a_swap_request(to))
        case Thing.DISCUSSION:
            found = (await begin(by))["discussion"]
        case Thing.POST:
            found = await answer(by, (await begin(to))["discussion"])
        case Thing.CALL:
            found = await a_call(by, to)
            return str(found["session_id"])
        case Thing.UPLOAD:
            return await an_upload(by, to)
    return str(found["id"])


OF_BOTH = {Thing.THREAD, Thing.SWAP, Thing.CALL}
SEEN_BY_ALL = {Thing.USER, Thing.GIG, Thing.REVIEW, Thing.DISCUSSION, Thing.POST}


async def test_whatever_one_sees_can_be_reported_by_either_door(people: tuple[Person, Person, Person]) -> None:
    ada, bob, eve = people
    never = "0" * 24
    for kind in Thing:
        thing_id = await made(kind, bob, ada)
        asked = {"kind": kind, "thing_id": thing_id, "reason": "spam", "words": "Look."}

        report = await ada.asks("report:create", {**asked, "client_id": key()})

        assert (report["kind"], report["thing_id"], report["state"]) == (kind, thing_id, "open")
        # Again, by the other door and with other words: it is what was said first.
        assert await ada.rest("POST", "/reports/", {**asked, "reason": "hate"}) == report
        if kind not in OF_BOTH:
            with refused("invalid"):
                await bob.rest("POST", "/reports/", asked)
        if kind not in SEEN_BY_ALL:
            with refused("not_found") as hidden:
                await eve.rest("POST", "/reports/", asked)
            with refused("not_found") as unknown:
                await eve.rest("POST", "/reports/", {**asked, "thing_id": never})
            assert hidden.value.problem["message"] == unknown.value.problem["message"]
    assert [one["kind"] for one in (await ada.asks("report:list", {}))["items"]] == [*reversed(Thing)]
    assert (await bob.asks("report:list", {}))["items"] == []


async def test_a_case_from_the_first_report_to_its_end(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers
) -> None:
    ada, bob, eve = people
    mod, other = [await become(await Person(name, ada.url, ada.http).join(), Role.MODERATOR, ada) for name in "mo"]
    await become(eve, Role.ADMIN, ada)
    await eve.asks("staff:watch")
    gig = await bob.asks("gig:create", {**a_gig(title="Guitar and money"), "client_id": key()})

    await ada.asks("report:create", {"kind": "gig", "thing_id": gig["id"], "reason": "scam", "client_id": key()})
    heard = await eve.hears("staff:report")
    await bob.asks("gig:update", {"gig_id": gig["id"], "title": "Guitar and love"})
    await other.rest("POST", "/reports/", {"kind": "gig", "thing_id": gig["id"], "reason": "spam"})
    assert (await eve.hears("staff:report"))["count"] == 2
    assert all(one["actor_id"] is None for one in eve.heard if one.get("type") == "staff:report")

    # One case, and in it what each of the two saw.
    case = await the_case(mod, gig["id"])
    assert (heard["case_id"], case["count"], case["reasons"]) == (case["id"], 2, {"scam": 1, "spam": 1})
    path = f"/staff/reports/{case['id']}/"
    first = await mod.rest("GET", f"{path}?limit=1")
    second = await mod.rest("GET", f"{path}?cursor={first['next_cursor']}")
    titles = [report["evidence"]["title"] for page in (first, second) for report in page["items"]]
    assert (titles, second["next_cursor"]) == (["Guitar and money", "Guitar and love"], None)

    mine = await mod.rest("PUT", f"{path}assignee/", {"assignee": mod.id, "version": case["version"]})
    with refused("conflict") as late:
        await other.rest("PUT", f"{path}assignee/", {"assignee": other.id, "version": case["version"]})
    assert late.value.problem["current"]["assignee"] == mod.id == mine["assignee"]
    with refused("invalid"):
        await mod.rest("PUT", f"{path}assignee/", {"assignee": ada.id, "version": mine["version"]})
    assert [one["id"] for one in (await mod.rest("GET", "/staff/reports/?mine=true"))["items"]] == [case["id"]]
    assert (await other.rest("GET", "/staff/reports/?mine=true"))["items"] == []
    assert (await mod.rest("GET", "/staff/reports/?kind=user"))["items"] == []
    noted = await other.rest("POST", f"{path}notes/", {"text": "I have seen this before."})
    assert [(note["by"], note["text"]) for note in noted["notes"]] == [(other.id, "I have seen this before.")]

    done = await mod.rest("POST", f"{path}decision/", {"outcome": "dismiss", "reason": "A joke."})
    assert (done["state"], done["decision"]["by"]) == ("dismissed", mod.id)
    with refused("invalid_transition"):
        await other.rest("POST", f"{path}decision/", {"outcome": "act", "reason": "No joke."})
    # Whoever was late or refused did nothing, and the words of a note are for those who may see its case.
    log = (await eve.rest("GET", "/staff/acts/"))["items"]
    assert {act["target_id"] for act in log} == {case["id"]}
    assert [(act["act"], act["actor_id"], act["before"], act["after"]) for act in log] == [
        ("case_decided", mod.id, "", "dismissed: A joke."),
        ("case_noted", other.id, "0", "1"),
        ("case_assigned", mod.id, "", mod.id),
    ]
    closed = (await mod.rest("GET", "/staff/reports/?closed=true"))["items"]
    assert [one["id"] for one in closed] == [case["id"]]
    async with serving(settings, servers, mailer=DevelopmentOutbox()):
        told = (await ada.hears("report:updated"))["report"]
        notification = (await ada.hears("notification:created"))["notification"]
    assert (told["state"], notification["about"]) == ("dismissed", f"report:{told['id']}")
    assert "found nothing" in notification["title"] and notification["actor_id"] is None
    assert not [one for one in ada.heard if one.get("actor_id") == mod.id]
    # Whom it is about hears of nothing; and what is reported anew is a new case.
    assert {one["type"] for one in bob.heard if "type" in one} <= {"gig:created", "gig:updated", "account:activity"}
    await ada.asks("report:create", {"kind": "gig", "thing_id": gig["id"], "reason": "scam", "client_id": key()})
    assert (await the_case(mod, gig["id"]))["id"] != case["id"]


async def test_staff_never_sees_who_reported_them(people: tuple[Person, Person, Person]) -> None:
    ada, bob, eve = people
    mod = await become(bob, Role.MODERATOR, ada)
    await become(eve, Role.MODERATOR, ada)
    await mod.asks("staff:watch")
    for by, whom in ((ada, mod), (eve, ada)):
        await by.asks("report:create", {"kind": "user", "thing_id": whom.id, "reason": "spam", "client_id": key()})

    case = await the_case(eve, mod.id)

    # What is watched says nothing of it, nor that there is anything.
    assert (await mod.hears("staff:report"))["case_id"] == (await the_case(mod, ada.id))["id"]
    assert [one["thing_id"] for one in (await mod.rest("GET", "/staff/reports/"))["items"]] == [ada.id]
    path = f"/staff/reports/{case['id']}/"
    for method, below, body in (
        ("GET", "", None),
        ("POST", "notes/", {"text": "Not me."}),
        ("PUT", "assignee/", {"assignee": mod.id, "version": 1}),
        ("POST", "decision/", {"outcome": "dismiss", "reason": "Not me."}),
    ):
        with refused("not_found"):
            await mod.rest(method, f"{path}{below}", body)
    with refused("invalid"):
        await eve.rest("PUT", f"{path}assignee/", {"assignee": mod.id, "version": 1})


async def test_evidence_outlives_what_it_is_of_until_the_case_is_closed(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers
) -> None:
    ada, bob, eve = people
    await become(eve, Role.MODERATOR, ada)
    upload = await bob.upload(b"planted chords", "planted.txt")
    sent = await a_message(bob, ada, "planted words", attachment_reference=upload["id"])
    where = {"thread_id": sent["thread_id"], "message_id": sent["id"]}
    await ada.asks("report:create", {"kind": "message", "thing_id": sent["id"], "reason": "hate", "client_id": key()})
    case = await the_case(eve, sent["id"])

    await bob.asks("message:edit", {**where, "message_content": "Nothing bad."})
    await bob.asks("message:delete", where)
    await bob.rest("POST", "/auth/deletion", {"current_password": PASSWORD})
    async with serving(settings, servers, ahead=UNDO + timedelta(hours=1), mailer=DevelopmentOutbox()):
        await nothing_waits(settings, servers)

    path = f"/staff/reports/{case['id']}/"
    (report,) = (await eve.rest("GET", path))["items"]
    assert report["evidence"]["message"]["message_content"] == "planted words"
    assert (await bob_of(ada, bob))["erased_at"] is not None
    file = f"{path}files/{upload['id']}/"
    assert [one["url"] for one in report["files"]] == [f"/api/v1{file}"]
    assert await eve.rest("GET", file) == b"planted chords"

    await eve.rest("POST", f"{path}decision/", {"outcome": "act", "reason": "Gone anyway."})
    async with (
        serving(settings, servers, ahead=UNDO + timedelta(hours=2), mailer=DevelopmentOutbox()),
        asyncio.timeout(SOON),
    ):
        while (left := await rows(servers, settings))["media.files"]:
            await asyncio.sleep(0.05)
    with refused("not_found"):
        await eve.rest("GET", file)
    assert left["reports"] == [] == left["media.chunks"]


async def test_evidence_is_kept_until_nobody_can_appeal(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers
) -> None:
    ada, bob, eve = people
    await become(eve, Role.ADMIN, ada)
    upload = await bob.upload(b"planted chords", "planted.txt")
    sent = await a_message(bob, ada, attachment_reference=upload["id"])
    await ada.asks("report:create", {"kind": "message", "thing_id": sent["id"], "reason": "hate", "client_id": key()})
    path = f"/staff/reports/{(await the_case(eve, sent['id']))['id']}/"
    done = {"outcome": "act", "reason": "An insult.", "measures": [{"measure": "warning"}]}
    await eve.rest("POST", f"{path}decision/", done)
    (warned,) = (await bob.asks("statement:list"))["items"]
    await bob.asks("statement:acknowledge", {"statement_id": warned["id"]})
    await bob.asks("message:delete", {"thread_id": sent["thread_id"], "message_id": sent["id"]})

    async def looks(days: int) -> None:
        """Wait until it was looked at once that many days have passed, and will be again."""
        ahead, tomorrow = timedelta(days=days), datetime.now(UTC).replace(tzinfo=None) + timedelta(days=days + 1)
        async with serving(settings, servers, ahead=ahead, mailer=DevelopmentOutbox()), asyncio.timeout(SOON):
            while any(job["due_at"] < tomorrow for job in await waiting(servers, settings)):
                await asyncio.sleep(0.05)

    await looks(8)
    assert (await ada.hears("report:updated"))["report"]["closed_at"] is not None
    assert await eve.rest("GET", f"{path}files/{upload['id']}/") == b"planted chords"
    await bob.asks("statement:appeal", {"statement_id": warned["id"], "words": "It is a song."})
    # Longer than there is to appeal: it is not decided.
    await looks(184)
    assert await eve.rest("GET", f"{path}files/{upload['id']}/") == b"planted chords"
    await eve.rest("POST", f"/staff/appeals/{warned['id']}/", {"verdict": "uphold", "reason": "It is not."})

    await looks(192)
    with refused("not_found"):
        await eve.rest("GET", f"{path}files/{upload['id']}/")
    left = await rows(servers, settings)
    assert left["media.files"] == [] != left["reports"] and ada.id in left["reports"][0]["gone_with"]


async def waiting(servers: Servers, settings: Settings) -> list[dict[str, Any]]:
    """The jobs that have to do with evidence and are not done."""
    jobs = (await rows(servers, settings))["jobs"]
    kinds = {"CloseReports", "LetEvidenceGo", "DropUpload"}
    return [job for job in jobs if job["kind"] in kinds and job["state"] == "waiting"]


async def bob_of(ada: Person, bob: Person) -> dict[str, Any]:
    """What is left of somebody's account."""
    assert isinstance(ada.backstage, Backstage)
    return (await ada.backstage.user(bob.id)).model_dump()


async def test_what_many_report_is_hidden_until_staff_has_looked(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers
) -> None:
    ada, bob, eve = people
    others = [await Person(name, ada.url, ada.http).join() for name in ("cleo", "dan")]
    mod = await become(await Person("mod", ada.url, ada.http).join(), Role.MODERATOR, ada)
    discussion = (await begin(ada))["discussion"]
    post = await answer(bob, discussion, "Buy here.")
    reported = {"kind": "post", "thing_id": post["id"], "reason": "spam"}

    async def is_hidden() -> bool:
        found = await ada.rest("GET", f"/forums/{discussion['id']}/?cursor=1")
        hidden: bool = found["items"][0]["hidden"]
        return hidden

    async def reporting(*reporters: Person, ahead: timedelta) -> None:
        for person in reporters:
            await person.rest("POST", "/reports/", reported)
        async with serving(settings, servers, ahead=ahead, mailer=DevelopmentOutbox()):
            await nothing_waits_of(servers, settings, "HideReported")

    await reporting(ada, eve, others[0], ahead=timedelta(0))
    # Those who joined today could have joined for it.
    assert not await is_hidden()
    await reporting(others[1], ahead=timedelta(days=2))
    assert await is_hidden()
    (statement,) = (await bob.asks("statement:list"))["items"]
    assert (statement["measure"], statement["about"]) == ("hidden", f"post:{post['id']}")
    path = f"/staff/reports/{(await the_case(mod, post['id']))['id']}/decision/"
    await mod.rest("POST", path, {"outcome": "dismiss", "reason": "A joke."})
    assert not await is_hidden() and not (await bob.asks("statement:list"))["items"][0]["in_force"]

    # Once more: and what staff decides is staff's, with its reason.
    await reporting(ada, eve, *others, ahead=timedelta(days=2))
    path = f"/staff/reports/{(await the_case(mod, post['id']))['id']}/decision/"
    decided = {"outcome": "act", "reason": "No joke.", "rule": "2", "measures": [{"measure": "hidden"}]}
    await mod.rest("POST", path, decided)
    theirs = (await mod.rest("GET", f"/staff/people/{bob.id}/measures/"))["items"]
    newest = theirs[0]
    assert (newest["reason"], newest["by"], newest["in_force"]) == ("No joke.", mod.id, True)
    assert await is_hidden() and len(theirs) == 2


async def nothing_waits_of(servers: Servers, settings: Settings, kind: str) -> None:
    """Wait until a worker has done all jobs of a kind."""
    async with asyncio.timeout(SOON):
        while any(job["kind"] == kind and job["state"] == "waiting" for job in (await rows(servers, settings))["jobs"]):
            await asyncio.sleep(0.05)
