"""Google as a provider of identities, by OpenID Connect. The only module that knows Authlib.

The protocol is Authlib's: discovery, PKCE, the token's signature and claims. Checked here as well is what it lets
pass: an answer without tokens, other algorithms than Google's, and for whom a token was made.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.base_client.async_app import AsyncOAuth2Mixin
from authlib.integrations.base_client.async_openid import AsyncOpenIDMixin
from authlib.integrations.base_client.sync_app import BaseApp
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc.errors import InvalidClaimError, JoseError
from pydantic import TypeAdapter, ValidationError

from handlers.errors import Invalid, Unavailable
from handlers.models import Email
from store.identities import Claims

PATIENCE_SECONDS = 5.0
LEEWAY_SECONDS = 10
ALGORITHMS = ["RS256"]
# Google is the one to know whose these addresses are; of others it only heard once.
OWN_DOMAIN = "@gmail.com"
MOST_NAME = 64
SERVER_FAULT = 500
# Our own events, and when somebody is busy: no more of a calendar than that.
CALENDAR_SCOPES = (
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/calendar.freebusy",
)

EMAIL: TypeAdapter[str] = TypeAdapter(Email)


class _Client(AsyncOAuth2Mixin, AsyncOpenIDMixin, BaseApp):  # type: ignore[misc]
    client_cls = AsyncOAuth2Client


class _IdToken(CodeIDToken):  # type: ignore[misc]
    def validate_azp(self) -> None:
        # The library takes one client alone; an app's token may be made for the app, or for us at the app's wish.
        if self.get("azp", None) not in (None, *self.options["azp"]["values"]):
            raise InvalidClaimError("azp")


def _client(issuer: str, client_id: str, client_secret: str, scope: str) -> _Client:
    return _Client(
        framework=None,
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": scope, "code_challenge_method": "S256", "timeout": PATIENCE_SECONDS},
    )


async def _ask(question: Any) -> Any:
    try:
        return await question
    except OAuthError as error:
        raise _not_taken("authorization_code") from error
    except httpx2.HTTPError as error:
        raise Unavailable("Google does not answer now; try again.") from error


class Google:
    """One registration there: a web client, with the pages that may be led back to, and apps."""

    def __init__(
        self, issuer: str, client_id: str, client_secret: str, *, apps: Sequence[str], redirect_uris: Sequence[str]
    ) -> None:
        self.redirect_uris = frozenset(redirect_uris)
        self._audiences = [client_id, *apps]
        self._client = _client(issuer, client_id, client_secret, "openid email profile")

    async def address(self, state: str, nonce: str, verifier: str, redirect_uri: str) -> str:
        """Where the browser goes to be asked."""
        made = await _ask(
            self._client.create_authorization_url(redirect_uri, state=state, nonce=nonce, code_verifier=verifier)
        )
        return str(made["url"])

    async def exchange(self, code: str, nonce: str, verifier: str, redirect_uri: str | None) -> Claims:
        """What is vouched for by a code that a page was led back with."""
        asked = {"code": code, "code_verifier": verifier, "grant_type": "authorization_code"}
        token = await _ask(self._client.fetch_access_token(redirect_uri, **asked))
        # A refusal without a word of the protocol comes back as if it were a token.
        if not token.get("access_token") or not token.get("id_token"):
            raise _not_taken("authorization_code")
        return await self._claims(token, nonce, "authorization_code")

    async def verify(self, id_token: str, nonce: str) -> Claims:
        """What is vouched for by a token that an app was given."""
        return await self._claims({"id_token": id_token}, nonce, "id_token")

    async def _claims(self, token: Mapping[str, Any], nonce: str, field: str) -> Claims:
        metadata = await _ask(self._client.load_server_metadata())
        # Whatever the provider says that it can: one algorithm, so that none can be mistaken for another.
        metadata["id_token_signing_alg_values_supported"] = ALGORITHMS
        options = {
            "iss": {"essential": True, "values": [metadata["issuer"]]},
            "aud": {"essential": True, "values": self._audiences},
            "azp": {"values": self._audiences},
        }
        try:
            found = await _ask(
                self._client.parse_id_token(
                    dict(token), nonce, claims_options=options, claims_cls=_IdToken, leeway=LEEWAY_SECONDS
                )
            )
            return _read(found)
        except (JoseError, ValidationError, ValueError, KeyError) as error:
            raise _not_taken(field) from error


class GoogleConsent:
    """What people allow us to do there for them, asked apart from who they are."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, *, redirect_uris: Sequence[str]) -> None:
        self.redirect_uris = frozenset(redirect_uris)
        self._client = _client(issuer, client_id, client_secret, " ".join(CALENDAR_SCOPES))

    async def address(self, state: str, verifier: str, redirect_uri: str) -> str:
        """Where the browser goes to be asked."""
        # Without either Google gives nothing that lasts to whoever allowed it before.
        lasting = {"access_type": "offline", "prompt": "consent"}
        made = await _ask(
            self._client.create_authorization_url(redirect_uri, state=state, code_verifier=verifier, **lasting)
        )
        return str(made["url"])

    async def exchange(self, code: str, verifier: str, redirect_uri: str) -> str:
        """The lasting token for a code that a page was led back with."""
        asked = {"code": code, "code_verifier": verifier, "grant_type": "authorization_code"}
        token = await _ask(self._client.fetch_access_token(redirect_uri, **asked))
        if not token.get("refresh_token"):
            raise _not_taken("authorization_code")
        if missing := {*CALENDAR_SCOPES} - {*str(token.get("scope") or "").split()}:
            words = f"Google was not allowed {len(missing)} of what was asked for: begin again, and leave it ticked."
            raise Invalid.field("authorization_code", words, code="not_allowed")
        return str(token["refresh_token"])

    async def token_url(self) -> str:
        """Where access tokens are made of a lasting one."""
        return str((await _ask(self._client.load_server_metadata()))["token_endpoint"])

    async def revoke(self, token: str) -> None:
        """Have a lasting token be none any more; that it is none already is just as well."""
        where = (await _ask(self._client.load_server_metadata()))["revocation_endpoint"]
        async with httpx2.AsyncClient(timeout=PATIENCE_SECONDS) as http:
            answer = await _ask(http.post(where, data={"token": token}))
        if answer.status_code >= SERVER_FAULT:
            raise Unavailable("Google does not answer now; try again.")


def _read(found: Mapping[str, Any]) -> Claims:
    if found.get("aud") is None or found.get("sub") is None:
        raise KeyError("sub")
    email = EMAIL.validate_python(found["email"])
    verified = found.get("email_verified") is True
    words = "".join(letter if letter.isprintable() else " " for letter in str(found.get("name") or "")).split()
    return Claims(
        issuer=found["iss"],
        subject=str(found["sub"]),
        email=email,
        owns_email=verified and (email.casefold().endswith(OWN_DOMAIN) or bool(found.get("hd"))),
        name=" ".join(words)[:MOST_NAME].strip() or email.partition("@")[0][:MOST_NAME],
    )


def _not_taken(field: str) -> Invalid:
    return Invalid.field(field, "Google does not vouch for this; begin again.", code="not_vouched_for")
