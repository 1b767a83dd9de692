"""People in browsers: Chromium with a camera and a microphone that are not there, driven as a hand and an eye would.

Nothing of the page is reached into: what its connections carry is asked of the browser's own `RTCPeerConnection`s.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Playwright, Route, async_playwright, expect
from playwright.async_api import TimeoutError as Late

from tests.people import PASSWORD, Person

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
    "--use-fake-ui-for-media-stream",
    # Few pictures a second: they are coded by the processor, on both sides.
    "--use-fake-device-for-media-stream=fps=5",
    # On one machine without multicast nobody would find `….local`.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)
WITHIN = 60.0
expect.set_options(timeout=WITHIN * 1000)
# Pictures that show that more follow the first.
FEW = 3
# Pictures are coded by the processor, once for each other person, on all sides.
NARROW = {"width": 480, "height": 360}
PHONE = {"viewport": {"width": 375, "height": 740}, "is_mobile": True, "has_touch": True}
SMALL = "?width=160&height=120&frames=5"

# Something passes by itself, as the server says it.
BUSY = {"code": "unavailable", "message": "Not at this moment; ask again.", "retryable": True, "retry_after_ms": 100}
# Keeps what the page makes, so that a test can ask it and cut it; and has what is asked next by a name fail: it is
# refused, or its answer is lost with the line. Who has forgotten where they were cannot be told what they missed.
KEEP = """
window.kept = {connections: [], sockets: [], restarts: 0, faults: {}, forgets: false};
for (const [name, list] of [["RTCPeerConnection", "connections"], ["WebSocket", "sockets"]]) {
  window[name] = class extends window[name] {
    constructor(...given) { super(...given); window.kept[list].push(this); }
    restartIce() { window.kept.restarts += 1; super.restartIce(); }
    send(frame) {
      const [, id, name] = /^42(\\d+)\\["([^"]+)"/.exec(frame) ?? [];
      const fault = window.kept.faults[name];
      delete window.kept.faults[name];
      const refused = `43${id}[${JSON.stringify({ok: false, error: fault})}]`;
      if (fault?.code) return setTimeout(() => this.dispatchEvent(new MessageEvent("message", {data: refused})));
      const { onmessage } = this;
      if (fault) this.onmessage = (event) => event.data.startsWith(`43${id}[`) ? this.close() : onmessage(event);
      super.send(window.kept.forgets ? frame.replace(/"epoch":"[^"]*"/, '"epoch":"another"') : frame);
    }
  };
}
"""
CUT = """
(forgets) => {
  const now = Date.now;
  Object.assign(window.kept, {now, forgets});
  // As long as an access token lasts.
  Date.now = () => now() + 3600_000;
  document.getElementById("news").textContent = "";
  window.kept.sockets.at(-1).close();
}
"""
WHOLE = "() => { Date.now = window.kept.now; window.kept.forgets = false; }"
MEASURE = """
async () => {
  const living = window.kept.connections.filter((one) => one.connectionState !== "closed");
  return Promise.all(living.map(async (one) => {
    const all = [...(await one.getStats()).values()].filter((stat) => stat.type === "inbound-rtp");
    const sum = (kind, name) => all.reduce((sum, stat) => sum + (stat.kind === kind ? (stat[name] ?? 0) : 0), 0);
    return {
      state: one.connectionState,
      signaling: one.signalingState,
      gathering: one.iceGatheringState,
      ways: [one.localDescription, one.remoteDescription].map((it) => (it?.sdp ?? "").split("a=candidate").length - 1),
      ufrag: /a=ice-ufrag:(\\S+)/.exec(one.localDescription?.sdp ?? "")?.[1] ?? null,
      frames: sum("video", "framesDecoded"),
      energy: sum("audio", "totalAudioEnergy"),
    };
  }));
}
"""
SHOWN = """
async (name) => {
  const video = [...document.querySelectorAll("video")].find((one) => one.getAttribute("aria-label") === name);
  const track = video?.srcObject?.getVideoTracks()[0];
  const reports = await Promise.all(window.kept.connections.map((one) => one.getStats()));
  const stats = reports.flatMap((report) => [...report.values()]);
  return stats.find((stat) => stat.type === "inbound-rtp" && stat.trackIdentifier === track?.id)?.framesDecoded ?? 0;
}
"""


@asynccontextmanager
async def chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    """A browser with a camera and a microphone."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is missing: install Debian's package chromium (apt-get install chromium)")
    browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
    try:
        yield browser
    finally:
        await browser.close()


@asynccontextmanager
async def playing() -> AsyncIterator[Playwright]:
    """What drives browsers."""
    async with async_playwright() as playwright:
        yield playwright


class Guest:
    """Somebody with a call's page before them."""

    def __init__(self, person: Person, page: Page) -> None:
        self.person, self.page = person, page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    @classmethod
    async def opens(cls, browser: Browser, person: Person, url: str, session_id: str, **screen: Any) -> "Guest":
        """Open the link to a call, and sign in by hand."""
        context = await browser.new_context(**{"viewport": NARROW, **screen})
        await context.add_init_script(KEEP)
        guest = cls(person, await context.new_page())
        await guest.page.goto(f"{url}/call/{SMALL}#{session_id}")
        await guest.page.get_by_label("E-mail address").fill(person.email)
        await guest.page.get_by_label("Password").fill(PASSWORD)
        await guest.page.get_by_role("button", name="Sign in").click()
        return guest

    async def joins(self) -> None:
        """Join, as one is: with camera and microphone."""
        for kind in ("Microphone", "Camera"):
            await self.page.locator("#lobby").get_by_role("button", name=kind, pressed=True).wait_for()
        await self.page.get_by_role("button", name="Join", exact=True).click()
        await self.page.get_by_role("region", name="Call").wait_for()

    async def tries(self) -> bool:
        """Have the server's own peer come, if it is there by now."""
        with suppress(Late):
            await self.page.get_by_role("button", name="Try").click(timeout=1000)
        return await self.page.get_by_role("region", name="Call").is_visible()

    async def knocks(self) -> None:
        """Ask to be let in."""
        for kind in ("Microphone", "Camera"):
            await self.page.locator("#lobby").get_by_role("button", name=kind, pressed=True).wait_for()
        await self.page.get_by_role("button", name="Join", exact=True).click()
        await self.page.get_by_text("You are in the lobby").wait_for()

    async def ufrags(self) -> set[str]:
        """By what each connection's way was negotiated: another one after an ICE restart."""
        return {one["ufrag"] for one in await self.media()}

    async def media(self) -> list[dict[str, Any]]:
        """What each living connection has brought so far."""
        found: list[dict[str, Any]] = await self.page.evaluate(MEASURE)
        return found

    async def sees(self, name: str) -> None:
        """Wait until pictures of what is named so have come and were decoded."""

        async def seen() -> bool:
            return bool(await self.page.evaluate(SHOWN, name) >= FEW)

        await self.until(seen, f"{name} is seen")

    async def meets(self, number: int = 1, *, heard: int | None = None) -> list[dict[str, Any]]:
        """Wait until that many others are seen moving and heard, from now on; what was measured at the end.

        Or are connected, where some show nothing: then so many at least are seen and heard.
        """
        before = {index: one["frames"] for index, one in enumerate(await self.media())}

        async def met() -> list[dict[str, Any]] | None:
            now = await self.media()
            moving = [one["frames"] > before.get(index, 0) and one["energy"] > 0 for index, one in enumerate(now)]
            moves = all(moving) if heard is None else sum(moving) >= heard
            connected = all((one["state"], one["signaling"]) == ("connected", "stable") for one in now)
            return now if len(now) == number and moves and connected else None

        return await self.until(met, "others move and are heard")

    async def fits(self) -> None:
        """AssertionError if something of the page is wider than the screen."""
        wide, screen = await self.page.evaluate("[document.documentElement.scrollWidth, screen.width]")
        assert wide <= screen, f"{wide} of {screen} pixels"

    async def until(self, truth: Callable[[], Awaitable[Any]], what: str) -> Any:
        """Ask again and again; AssertionError, with what the page shows, if it does not become true."""
        try:
            async with asyncio.timeout(WITHIN):
                while not (found := await truth()):
                    await asyncio.sleep(0.1)
                return found
        except TimeoutError:
            shown = (await self.page.locator("body").inner_text(), self.faults, await self.media())
            raise AssertionError(f"not within {WITHIN} s: {what}; {shown}") from None

    async def fails(self, *names: str, by: Any = BUSY) -> None:
        """Have what the page asks next by these names be refused; or done, by whose answer the line is cut."""
        await self.page.evaluate("(faults) => Object.assign(window.kept.faults, faults)", dict.fromkeys(names, by))

    @asynccontextmanager
    async def away(self, *, forgets: bool = False) -> AsyncIterator[None]:
        """Without a line, and with a token that is over, until then; what they ask for first fails for a moment."""
        until, met = asyncio.Event(), []

        async def stands_before(route: Route) -> None:
            await until.wait()
            met.append(route)
            await route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>")

        await self.fails("call:resume", "call:ready")
        await self.page.route("**/auth/refresh", stands_before, times=1)
        await self.page.evaluate(CUT, forgets)
        yield
        until.set()
        await self.page.get_by_text("You are back.").wait_for()
        await self.page.evaluate(WHOLE)
        assert met

    async def does(self, script: str) -> Any:
        """Run a script in the page."""
        return await self.page.evaluate(script)
