"""Google's side of signing in, as a process of its own, which can be told to lie.

`python -m tests.fake_google` prints its port. It keeps codes for one use, checks PKCE and the client's secret, and
signs with a key of its own. `POST /people` sets who agrees at the next question, and what is wrong with the next token.
"""

import asyncio
import base64
import hashlib
import json
import secrets
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import aiohttp
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fake_calendar import CALENDARS, add_calendars
from tests.processes import Child

CLIENT_ID, CLIENT_SECRET = "skillnet.apps.example", "a secret that Google gave"
APP_ID = "skillnet-app.apps.example"
PAGE = "https://app.example.org/google"


@dataclass
class State:
    """What it knows, and how it lies."""

    issuer: str = ""
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    person: dict[str, Any] = field(default_factory=dict)
    lie: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def id_token(self, nonce: str, audience: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": audience,
            "nonce": nonce,
            "iat": now,
            "exp": now + 3600,
            **self.person,
        }
        key, algorithm = self.key, "RS256"
        if self.lie == "issuer":
            claims["iss"] = "https://accounts.example.org"
        elif self.lie == "audience":
            claims["aud"] = "somebody-else.apps.example"
        elif self.lie == "nonce":
            claims["nonce"] = "another"
        elif self.lie == "no nonce":
            del claims["nonce"]
        elif self.lie == "expired":
            claims |= {"iat": now - 7200, "exp": now - 3600}
        elif self.lie == "no subject":
            del claims["sub"]
        elif self.lie == "key":
            key = rsa.generate_private_key(65537, 2048)
        elif self.lie == "none":
            return jwt.encode(claims, None, "none")
        elif self.lie == "secret":
            return jwt.encode(claims, CLIENT_SECRET.ljust(32, "."), "HS256")
        return jwt.encode(claims, key, algorithm, {"kid": "one"})


STATE = web.AppKey("state", State)


async def metadata(request: web.Request) -> web.Response:
    issuer = request.app[STATE].issuer
    return web.json_response(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "revocation_endpoint": f"{issuer}/revoke",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
    )


async def keys(request: web.Request) -> web.Response:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(request.app[STATE].key.public_key()))
    return web.json_response({"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]})


async def authorize(request: web.Request) -> web.Response:
    """The person agrees at once."""
    state, query = request.app[STATE], request.query
    if query["client_id"] != CLIENT_ID or query["code_challenge_method"] != "S256":
        raise web.HTTPBadRequest
    code = secrets.token_urlsafe(16)
    for_calendar = "/auth/calendar" in query["scope"]
    if for_calendar and (query["access_type"], query["prompt"]) != ("offline", "consent"):
        raise web.HTTPBadRequest
    state.codes[code] = {name: query.get(name, "") for name in ("nonce", "code_challenge", "redirect_uri", "scope")}
    raise web.HTTPFound(f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}")


async def token(request: web.Request) -> web.Response:
    """Exchange a code, once, for who began with its challenge."""
    state, form = request.app[STATE], await request.post()
    if state.lie == "down":
        raise web.HTTPServiceUnavailable
    if state.lie == "wordless":
        return web.json_response({"status": 400, "title": "Bad Request"}, status=400)
    if form["grant_type"] == "refresh_token":
        # As Google's own library sends it: the client in the form.
        is_ours = (form["client_id"], form["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
        made = request.app[CALENDARS].refresh(str(form["refresh_token"])) if is_ours else None
        return web.json_response(made or {"error": "invalid_grant"}, status=200 if made else 400)
    given = aiohttp.BasicAuth.decode(request.headers["Authorization"])
    kept = state.codes.pop(str(form["code"]), None)
    challenge = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
    is_right = (
        kept is not None
        and (given.login, given.password) == (CLIENT_ID, CLIENT_SECRET)
        and kept["code_challenge"] == base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        and kept["redirect_uri"] == form["redirect_uri"]
    )
    if kept is None or not is_right:
        return web.json_response({"error": "invalid_grant"}, status=400)
    if "/auth/calendar" in kept["scope"]:
        scope = kept["scope"].split()[0] if state.lie == "unticked" else kept["scope"]
        return web.json_response(request.app[CALENDARS].allow(scope))
    made = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 3600}
    return web.json_response(made | {"id_token": state.id_token(kept["nonce"], CLIENT_ID)})


async def people(request: web.Request) -> web.Response:
    state, asked = request.app[STATE], await request.json()
    state.person, state.lie = asked["person"], asked["lie"]
    return web.json_response({"id_token": state.id_token(asked.get("nonce", ""), asked.get("audience", CLIENT_ID))})


def somebody(email: str | None = None, *, verified: bool = True, **more: Any) -> dict[str, Any]:
    """Somebody's account there."""
    address = email or f"{uuid4().hex}@gmail.com"
    return {"sub": uuid4().hex, "email": address, "email_verified": verified, "name": "Grace", **more}


@dataclass
class FakeGoogle:
    """The process, for a test."""

    issuer: str
    http: aiohttp.ClientSession

    async def sets(self, person: dict[str, Any], *, lie: str = "", nonce: str = "", audience: str = CLIENT_ID) -> str:
        """Who agrees next, and what is wrong; answers a token as an app would get it."""
        asked = {"person": person, "lie": lie, "nonce": nonce, "audience": audience}
        async with self.http.post(f"{self.issuer}/people", json=asked) as response:
            return str((await response.json())["id_token"])

    async def agree(self, address: str) -> dict[str, str]:
        """Follow an address, as a browser; what the page is led back with."""
        async with self.http.get(address, allow_redirects=False) as response:
            assert response.status == 302, await response.text()
            query = parse_qs(urlsplit(response.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}


def started_google() -> tuple[str, Child]:
    """Start one; its address, and the child, which is to be ended."""
    child = Child([sys.executable, "-m", "tests.fake_google"])
    return f"http://127.0.0.1:{int(child.line())}", child


async def main() -> None:
    app = web.Application()
    state = app[STATE] = State()
    add_calendars(app)
    app.router.add_get("/.well-known/openid-configuration", metadata)
    app.router.add_get("/keys", keys)
    app.router.add_get("/authorize", authorize)
    app.router.add_post("/token", token)
    app.router.add_post("/people", people)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    state.issuer = f"http://127.0.0.1:{runner.addresses[0][1]}"
    print(runner.addresses[0][1], flush=True)
    # Ends with whoever started it.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
