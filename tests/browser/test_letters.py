"""Where the links of letters lead, in a browser: each does what it is for, and says what has become of it."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from server.config import Settings
from server.mail import DevelopmentOutbox
from store.users import Role
from tests.backstage import Backstage
from tests.browser.guests import chromium, playing
from tests.browser.test_staff import shot
from tests.conftest import serving
from tests.people import OTHER_PASSWORD, Person
from tests.processes import Servers
from tests.stories.test_measures import in_days

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("faults")]


@pytest.fixture
async def server(settings: Settings, servers: Servers) -> AsyncIterator[str]:
    """A server that shows its letters instead of sending them."""
    async with serving(settings, servers, mailer=DevelopmentOutbox()) as url:
        yield url


async def follow(page: Page, server: str, subject: str) -> str:
    """Open the link of a letter as the outbox shows it; the address."""
    letter = page.get_by_role("article").filter(has_text=subject)
    while not await letter.get_by_role("link").count():
        await page.goto(f"{server}/outbox/")
    link = urlsplit(await letter.get_by_role("link").first.inner_text())
    # By this server, whose port nobody knew before.
    address = f"{server}{link.path}#{link.fragment}"
    # Not only another # of the page that is open.
    await page.goto("about:blank")
    await page.goto(address)
    return address


async def test_who_forgot_a_password_or_is_kept_out_follows_the_link_of_a_letter(
    server: str, settings: Settings, servers: Servers, ada: Person, bob: Person
) -> None:
    await Backstage(settings, servers).promote(ada.id, Role.MODERATOR)
    async with playing() as playwright, chromium(playwright) as browser:
        page = await browser.new_page(viewport={"width": 375, "height": 740})
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        told = page.get_by_role("status")

        await page.goto(f"{server}/account/reset")
        await expect(told).to_have_text("This link is not whole: open it from the letter again.")
        await bob.rest("POST", "/auth/password/forgotten", {"email": bob.email})
        address = await follow(page, server, "Reset your password")
        assert page.url == f"{server}/account/reset"
        await shot(page, "reset")
        new = page.get_by_label("New password, at least ten characters")
        await new.fill("1234567890")
        await page.get_by_role("button", name="Change it").click()
        await expect(told).to_contain_text("password")
        assert await new.is_visible()
        assert [fault for fault in faults if "422" not in fault] == []
        faults.clear()
        await new.fill(OTHER_PASSWORD)
        await page.get_by_role("button", name="Change it").click()
        await expect(told).to_contain_text("Your password is changed, and every device signed out.")
        await shot(page, "reset-done")
        await expect(new).to_be_hidden()
        await bob.rest("POST", "/auth/login", {"email": bob.email, "password": OTHER_PASSWORD}, headers={})
        assert faults == []

        why = {"measure": "suspension", "reason": "No money <b>here</b>.", "until": in_days(3)}
        await ada.rest("POST", f"/staff/people/{bob.id}/measures/", why)
        address = await follow(page, server, "A change to your account")
        await expect(page.get_by_text("No money <b>here</b>.")).to_be_visible()
        await expect(page.get_by_text("You are kept out, until")).to_be_visible()
        await shot(page, "appeal")
        assert page.url == f"{server}/account/appeal"
        await page.get_by_label("Why it is wrong").fill("It was my birthday.")
        await page.get_by_role("button", name="Send").click()
        await expect(told).to_contain_text("Somebody else of the staff will decide")
        await shot(page, "appeal-done")
        (waiting,) = (await ada.rest("GET", "/staff/appeals/"))["items"]
        assert waiting["appeal"]["words"] == "It was my birthday."
        # The same link says from now on what becomes of it.
        await page.goto("about:blank")
        await page.goto(address)
        await expect(told).to_contain_text("You have appealed.")
        await expect(page.get_by_role("button", name="Send")).to_be_hidden()
        assert faults == []
        await page.goto("about:blank")
        await page.goto(f"{server}/account/appeal#nothing")
        await expect(told).to_contain_text("This opens nothing")
        await expect(page.get_by_role("button", name="Send")).to_be_hidden()
