"""The page of staff in a browser: who is none sees nothing, and who is sees it live and acts on it."""

import os
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from server.config import Settings
from store.users import Role
from tests.backstage import Backstage
from tests.browser.guests import chromium, playing
from tests.people import PASSWORD, Person
from tests.processes import Servers

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("faults")]

PHONE = {"width": 375, "height": 740}
# Where a person wants to look at it, too.
SCREENS = os.environ.get("SCREENS")


async def test_staff_sees_how_it_goes_and_has_failed_jobs_done_or_dropped(
    settings: Settings, servers: Servers, ada: Person, bob_elsewhere: Person, http: aiohttp.ClientSession
) -> None:
    backstage = Backstage(settings, servers)
    await backstage.promote(ada.id, Role.ADMIN)
    failed = [await backstage.failed_job() for _ in range(3)]
    eve = await Person("eve", ada.url, http).join()
    await bob_elsewhere.rest("POST", "/reports/", {"kind": "user", "thing_id": eve.id, "reason": "spam"})
    async with playing() as playwright, chromium(playwright) as browser:
        page = await browser.new_page(viewport={"width": 1280, "height": 900})
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
        await expect(page.get_by_role("region", name="Reports").get_by_role("row")).to_have_count(2)
        jobs = page.get_by_role("region", name="Jobs")
        await expect(jobs.get_by_role("row")).to_have_count(4)
        await shot(page, "signed-in")
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


async def sign_in(page: Page, person: Person) -> None:
    await page.get_by_label("E-mail address").fill(person.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()


async def shot(page: Page, name: str) -> None:
    if SCREENS:
        await page.screenshot(path=Path(SCREENS) / f"{name}.png", full_page=True)
