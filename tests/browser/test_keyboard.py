"""A whole call by keyboard alone: wherever it comes to says what it is, and is seen to have the keyboard."""

import re
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.browser.guests import NARROW, SMALL, chromium, playing
from tests.calling import a_call
from tests.people import PASSWORD, Person

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("faults")]

# Whoever does not come to it within so many steps has been round the page.
STEPS = 20
# What has the keyboard is framed, and nothing is before it.
SEEN = """
(element) => {
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return outlineStyle === "solid" && parseFloat(outlineWidth) >= 2 && element.contains(there);
}
"""


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = page.keyboard.press

    async def here(self) -> str:
        """What has the keyboard, as a screen reader would say it; it is seen to have it."""
        focused = self.page.locator(":focus")
        (first, *_) = (await focused.aria_snapshot()).splitlines()
        assert await focused.evaluate(SEEN), f"not seen to have the keyboard: {first}"
        said = re.match(r'- (\w+ "[^"]+")', first)
        assert said is not None, f"without a name: {first}"
        return said[1]

    async def goes_to(self, what: str) -> None:
        """Go on by Tab until there."""
        passed = []
        for _ in range(STEPS):
            await self.presses("Tab")
            passed.append(await self.here())
            if passed[-1].startswith(what):
                return
        raise AssertionError(f"no way to {what}: {passed}")

    async def is_at(self, what: str) -> None:
        """Wait until the keyboard is there by itself."""
        role, _, name = what.partition(" ")
        named: Any = {"role": role, "name": name.strip('"')}
        await expect(self.page.get_by_role(**named)).to_be_focused()
        assert await self.here() == what

    async def switches(self, what: str, *, key: str, then: bool) -> None:
        """Press it, and wait until it says that it is on, or off."""
        await self.presses(key)
        await expect(self.page.locator(":focus")).to_have_attribute("aria-pressed", str(then).lower())
        assert await self.here() == what


async def test_a_call_is_had_by_keyboard_alone(server: str, http: aiohttp.ClientSession) -> None:
    ada, *others = [await Person(name, server, http).join() for name in ("ada", "bob", "eve")]
    call = await a_call(await ada.connect(), *others)
    await ada.leave()
    async with playing() as playwright, chromium(playwright) as browser:
        page = await browser.new_page(viewport=NARROW)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(f"{server}/call/{SMALL}#{call['session_id']}")
        hers = Keyboard(page)
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        await hers.goes_to('textbox "E-mail address"')
        await page.keyboard.type(ada.email)
        await hers.goes_to('textbox "Password"')
        await page.keyboard.type(PASSWORD)
        await hers.presses("Enter")

        await hers.is_at('button "Join"')
        await hers.presses("Enter")

        # Not at what ends it: whoever joins by Enter may press it twice.
        await hers.is_at('button "Microphone"')
        await hers.switches('button "Microphone"', key="Space", then=False)
        await hers.goes_to('button "Camera"')
        await hers.switches('button "Camera"', key="Enter", then=False)
        await hers.goes_to('button "Share screen"')
        await hers.switches('button "Share screen"', key="Space", then=True)
        await expect(page.get_by_label("Your screen")).to_be_visible()
        await hers.switches('button "Share screen"', key="Enter", then=False)
        await hers.goes_to('button "Raise hand"')
        await hers.switches('button "Raise hand"', key="Space", then=True)
        for opener, opened in (("React", 'button "Thumbs up"'), ("People", 'heading "People"')):
            await hers.goes_to(f'button "{opener}')
            await hers.presses("Enter")
            await hers.is_at(opened)
            await hers.presses("Escape")
            assert (await hers.here()).startswith(f'button "{opener}')
        await hers.goes_to('button "Chat')
        await hers.presses("Space")
        await hers.is_at('textbox "Message"')
        await page.keyboard.type("Is anybody here?")
        await hers.presses("Enter")
        await expect(page.get_by_role("log")).to_contain_text("Is anybody here?")
        await hers.presses("Escape")
        assert (await hers.here()).startswith('button "Chat')
        await hers.goes_to('button "Leave"')
        await hers.presses("Enter")
        await hers.is_at('heading "You have left the call."')
        assert faults == []
