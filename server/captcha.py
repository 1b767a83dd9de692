"""Has a captcha's answer checked where the captcha came from: hCaptcha, Turnstile and reCAPTCHA ask alike."""

import aiohttp

from handlers.errors import Unavailable

PATIENCE = aiohttp.ClientTimeout(total=2)


class SiteVerify:
    """One site at one of them, by the address that its documentation calls `siteverify`."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._secret = secret

    async def is_solved(self, answer: str, address: str) -> bool:
        """Whether somebody at this address solved it, and for the first time. Raises `Unavailable`."""
        asked = {"secret": self._secret, "response": answer, "remoteip": address}
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE) as client,
                client.post(self._url, data=asked, allow_redirects=False, raise_for_status=True) as response,
            ):
                said = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise Unavailable("The captcha cannot be checked now; try again.") from None
        return isinstance(said, dict) and said.get("success") is True
