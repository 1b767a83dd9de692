"""The page of staff in a browser: who is none sees nothing, and who is sees it live and acts on it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, expect

from server.config import Settings
from store.users import Role
from tests.asks.gigs import a_gig
from tests.backstage import Backstage
from tests.browser.guests import chromium, playing
from tests.people import PASSWORD, Person
from tests.processes import Servers

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("faults")]

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 740}
WRITTEN = "<b>Buy here</b>"
# Where a person wants to look at it, too.
SCREENS = os.environ.get("SCREENS")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Where staff looks at a newcomer's first offer before others see it."""
    return settings.model_copy(update={"approved_offers": 1})


async def test_staff_sees_how_it_goes_and_acts_on_reports_appeals_and_jobs(
    settings: Settings, servers: Servers, ada: Person, bob_elsewhere: Person, http: aiohttp.ClientSession
) -> None:
    backstage = Backstage(settings, servers)
    await backstage.promote(ada.id, Role.ADMIN)
    failed = [await backstage.failed_job() for _ in range(3)]
    eve = await Person("eve", ada.url, http).join()
    await report_a_message(eve, bob_elsewhere)
    gig = await eve.rest("POST", "/gigs/", a_gig(title="Guitar and love"))
    async with playing() as playwright, chromium(playwright) as browser:
        page = await browser.new_page(viewport=DESK)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        await page.goto(f"{ada.url}/staff/")
        await shot(page, "signed-out")
        await sign_in(page, bob_elsewhere)
        await expect(page.get_by_role("alert")).to_have_text("This is for staff.")
        assert faults == [] or all("403" in fault for fault in faults)
        faults.clear()

        await sign_in(page, ada)
        processes = page.get_by_role("region", name="Processes")
        # Both processes tell of themselves, whichever the page is connected to.
        await expect(processes.get_by_role("row")).to_have_count(3)
        await expect(processes.get_by_text("≤")).to_have_count(2)
        await expect(page.get_by_role("region", name="Reports").get_by_role("row")).to_have_count(3)
        jobs = page.get_by_role("region", name="Jobs")
        await expect(jobs.get_by_role("row")).to_have_count(4)
        await shot(page, "signed-in")
        await approve_an_offer(page, eve, gig)
        await decide_a_case(page, ada)
        assert [fault for fault in faults if "422" not in fault] == []
        faults.clear()
        await have_an_appeal_decided(page, eve)
        await page.set_viewport_size(PHONE)
        await shot(page, "phone")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        await jobs.get_by_role("button", name="Try DropUpload again").first.click()
        await expect(jobs.get_by_role("button", name="Drop DropUpload")).to_have_count(2)
        await jobs.get_by_role("button", name="Drop DropUpload").first.click()
        await expect(jobs.get_by_role("button", name="Drop DropUpload")).to_have_count(1)
        assert [one["id"] for one in (await ada.rest("GET", "/staff/jobs/"))["items"]] == failed[:1]

        words = "Back at six."
        await page.get_by_label("What people are told").fill(words)
        await page.get_by_role("button", name="Stand still").click()
        assert await bob_elsewhere.hears("server:maintenance") == {"on": True, "words": words}
        await expect(page.get_by_text(f"Changes are refused to all but staff. {words}")).to_be_visible()
        await shot(page, "phone-standing-still")
        await page.get_by_role("button", name="Go on as ever").click()
        assert not (await bob_elsewhere.hears("server:maintenance"))["on"]
        assert faults == []


async def report_a_message(by: Person, to: Person) -> None:
    """One with a file, reported by whom it was written to."""
    upload = await by.upload(b"planted chords", "chords.txt")
    thread = await by.rest("POST", "/messages/", {"participants": [to.id]})
    sent = {"message_content": WRITTEN, "attachment_reference": upload["id"]}
    message = await by.rest("POST", f"/messages/{thread['id']}/", sent)
    said = {"kind": "message", "thing_id": message["id"], "reason": "spam", "words": "Look at this."}
    await to.rest("POST", "/reports/", said)


async def approve_an_offer(page: Page, eve: Person, gig: dict[str, Any]) -> None:
    """What waits is seen as it is by now, and what was typed meanwhile is there still."""
    await page.get_by_role("button", name="Open the reported gig").click()
    case = page.get_by_role("article", name="To be approved: gig")
    await expect(case.get_by_text("Guitar and love")).to_be_visible()
    await case.get_by_role("radio", name="others may see it").check()
    await case.get_by_label("Why").fill("Welcome.")
    await case.get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="Open the reported gig").click()
    await eve.rest("PUT", f"/gigs/{gig['id']}/", {"title": "Guitar and joy"})
    await expect(case.get_by_text("Guitar and joy")).to_be_visible()
    await expect(case.get_by_text("Guitar and love")).to_have_count(0)
    await expect(case.get_by_label("Why")).to_have_value("Welcome.")
    await case.get_by_role("button", name="Decide").click()
    await expect(case.get_by_text("You have decided it.")).to_be_visible()
    assert (await eve.rest("GET", f"/gigs/{gig['id']}/"))["hidden"] is None


async def decide_a_case(page: Page, ada: Person) -> None:
    """Take it on, note something, and do two things about it; what is refused at first stands where it was typed."""
    await page.get_by_role("button", name="Open the reported message").press("Enter")
    case = page.get_by_role("article", name="Reported: message")
    await expect(case.get_by_role("heading", name="Reported: message")).to_be_focused()
    # What people write is read, and nothing else becomes of it.
    await expect(case.get_by_text("Look at this.")).to_be_visible()
    await expect(case.get_by_text(WRITTEN).first).to_be_visible()
    assert await page.locator("b").count() == 0
    async with page.expect_download() as fetched:
        await case.get_by_role("button", name="Fetch chords.txt").press("Enter")
    file = await fetched.value
    assert (file.suggested_filename, Path(await file.path()).read_bytes()) == ("chords.txt", b"planted chords")

    take = case.get_by_role("button", name="Take it on")
    await take.press("Enter")
    await expect(case.get_by_role("button", name="Give it back")).to_be_focused()
    note = case.get_by_label("What the others on the staff should know")
    await note.fill("I have seen this before.")
    await case.get_by_role("button", name="Add the note").press("Enter")
    await expect(case.get_by_text("I have seen this before.")).to_be_visible()
    await expect(note).to_have_value("")

    await case.get_by_role("radio", name="Against the rules", exact=True).check()
    await case.get_by_role("checkbox", name="Warn").check()
    await case.get_by_role("checkbox", name="Mute").check()
    await case.get_by_role("checkbox", name="Hide the message").check()
    until = case.get_by_label("Muted until")
    await until.fill("2999-01-01T10:00")
    await case.get_by_label("Why").fill(f"No money here, {WRITTEN}")
    await case.get_by_role("button", name="Decide").press("Enter")
    await expect(case.get_by_text("A year at most; else ban.")).to_be_visible()
    await expect(until).to_be_focused()
    await shot(page, "case-refused")
    await page.set_viewport_size(PHONE)
    await shot(page, "phone-case-refused")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # However deep it lies, what was said is in lines and not in a column of letters.
    heights = await case.locator(".tree .words").evaluate_all("(all) => all.map((one) => one.offsetHeight)")
    assert len(heights) > 10 and max(heights) < 100
    await page.set_viewport_size(DESK)
    await expect(case.get_by_label("Why")).to_have_value(f"No money here, {WRITTEN}")
    await until.fill((datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"))
    await case.get_by_role("button", name="Decide").press("Enter")
    await expect(case.get_by_text("You have decided it.")).to_be_visible()
    await expect(case.get_by_role("heading", name="Reported: message")).to_be_focused()
    await expect(case.get_by_role("button", name="Decide")).to_be_hidden()
    await expect(case.get_by_role("button", name="Take back")).to_have_count(3)
    await shot(page, "case-decided")
    await case.get_by_role("button", name="Close").click()
    await expect(page.get_by_text("Nothing is reported.")).to_be_visible()
    (found,) = (await ada.rest("GET", "/staff/reports/?closed=true&kind=message"))["items"]
    assert (found["state"], found["assignee"], found["notes"][0]["text"]) == (
        "acted",
        ada.id,
        "I have seen this before.",
    )


async def have_an_appeal_decided(page: Page, eve: Person) -> None:
    """Whom it concerns has read the warning, and says that the other thing is wrong; so it is undone."""
    done = {one["measure"]: one for one in (await eve.rest("GET", "/auth/statements/"))["items"]}
    assert done.keys() == {"hidden", "mute", "warning"}
    muted, warned = done["mute"], done["warning"]
    await eve.rest("POST", f"/auth/statements/{warned['id']}/acknowledge/")
    await eve.rest("POST", f"/auth/statements/{muted['id']}/appeal/", {"words": "It was a joke."})
    appeals = page.get_by_role("region", name="Appeals")
    # It looks by itself, too, a little later.
    await appeals.get_by_role("button", name="Look again").click()
    await appeals.get_by_role("button", name="Open the appeal: mute").press("Enter")
    appeal = page.get_by_role("article", name="Appeal against: mute")
    await expect(appeal.get_by_text("It was a joke.")).to_be_visible()
    await appeal.get_by_role("button", name="Open its case").click()
    await expect(page.get_by_role("article", name="Reported: message").get_by_text(WRITTEN).first).to_be_visible()
    await appeal.get_by_role("radio", name="It was wrong").check()
    await appeal.get_by_label("Why").fill("It was.")
    await shot(page, "appeal")
    await appeal.get_by_role("button", name="Decide the appeal").press("Enter")
    await expect(appeals.get_by_text("The appeal is decided.")).to_be_visible()
    await expect(appeals.get_by_text("Nobody waits for a decision.")).to_be_visible()
    after = {one["id"]: one for one in (await eve.rest("GET", "/auth/statements/"))["items"]}[muted["id"]]
    assert (after["in_force"], after["appeal"]["state"], after["appeal"]["reason"]) == (False, "reversed", "It was.")


async def sign_in(page: Page, person: Person) -> None:
    await page.get_by_label("E-mail address").fill(person.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()


async def shot(page: Page, name: str) -> None:
    if SCREENS:
        await page.screenshot(path=Path(SCREENS) / f"{name}.png", full_page=True)
