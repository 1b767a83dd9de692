"""Passwords, access tokens, and which sessions are alive: the only module that knows argon2 and jwt.

A token is verified once and remembered until it expires; a session is remembered until a process hears it ended.
"""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from handlers.context import Actor
from handlers.errors import TokenExpired, Unauthenticated, Unavailable
from handlers.ports import AccessToken
from server.rounds import BELATED, Rounds
from server.together import Together
from store.ids import new_id
from store.sessions import Sessions

T = TypeVar("T")

ALGORITHM = "HS256"
ISSUER = "skillnet"
AUDIENCE = "skillnet"
KIND = "access"
REQUIRED = ["exp", "iat", "iss", "aud", "sub", "jti", "sid", "typ"]
LONGEST_TOKEN = 4096
MOST_REMEMBERED = 50_000

# How often it looks for sessions that ended: the bound on a revocation that this process never heard of.
RECHECK = timedelta(seconds=15)

HASHING_THREADS = 2
MOST_WAITING = 64


# Of a password's beginning; the library's work grows faster than that.
MOST_GUESSED = 72
# Of 0 to 4: more than a hundred million guesses, where each has to be asked of us.
STRONG_ENOUGH = 2


# Argon2id at OWASP's minimum: 19 MiB, two passes.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared with when there is no such account, so that a stranger cannot tell by the time it takes.
NOBODYS_HASH = HASHER.hash("nobody has this password")


class Argon2Passwords:
    """Hashes and compares passwords, two at a time, beside the event loop."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(HASHING_THREADS, thread_name_prefix="argon2")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """A hash with its parameters and salt in it."""
        return await self._beside(lambda: HASHER.hash(password))

    async def weakness(self, password: str, about: Sequence[str]) -> str | None:
        """Why a password is easily guessed, by lists of those that leaked, by patterns and by whose it is."""
        found = await self._beside(lambda: zxcvbn(password[:MOST_GUESSED], user_inputs=list(about)))
        if found["score"] >= STRONG_ENOUGH:
            return None
        return str(found["feedback"]["warning"] or "This is easy to guess.")

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether it is the password of the hash; False, after the same work, for no hash."""
        right = await self._beside(lambda: self._verify(password_hash or NOBODYS_HASH, password))
        return right and password_hash is not None

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return HASHER.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _beside(self, work: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise Unavailable("Too many people sign in at this moment; try again.", retry_after=timedelta(seconds=2))
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


class SigningKey:
    """A secret, what is derived from it, and the name by which tokens call it."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:
            raise ValueError("The signing secret needs at least 32 bytes.")
        self.secret = secret
        self.id = hmac.digest(secret, b"key-id", hashlib.sha256).hex()[:16]
        self._proof = hmac.digest(secret, b"refresh-token", hashlib.sha256)

    def prove(self, text: str) -> str:
        """A message authentication code of a text, 256 bits, URL-safe."""
        mac = hmac.digest(self._proof, text.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


class AccessTokens:
    """Signs access tokens and reads them back; one algorithm, every claim required.

    Signs by the first secret. While keys are exchanged what another one signed is good, too.
    """

    def __init__(self, secret: bytes, *others: bytes, lifetime: timedelta) -> None:
        self._key = SigningKey(secret)
        self._keys = {key.id: key for key in (self._key, *map(SigningKey, others))}
        self._lifetime = lifetime
        self._known: dict[str, Actor] = {}

    def issue(self, *, user_id: str, session_id: str, now: datetime, terms: str = "") -> AccessToken:
        """A token for one session, good from now for the configured lifetime."""
        expires_at = (now + self._lifetime).replace(microsecond=0)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "typ": KIND,
            "sub": user_id,
            "sid": session_id,
            "jti": new_id(),
            "terms": terms,
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        return AccessToken(jwt.encode(claims, self._key.secret, ALGORITHM, {"kid": self._key.id}), expires_at)

    def prove(self, text: str) -> str:
        """A message authentication code of a text, 256 bits, URL-safe."""
        return self._key.prove(text)

    def is_proof(self, proof: str, text: str) -> bool:
        """Whether it was made for this text, by whichever key."""
        given = proof.encode(errors="replace")
        return any(hmac.compare_digest(given, key.prove(text).encode()) for key in self._keys.values())

    def known(self, token: str) -> Actor | None:
        """Whose token it was when it was read, if that is remembered."""
        return self._known.get(token)

    def read(self, token: str, *, now: datetime) -> Actor:
        """Whose token it is. Raises `TokenExpired`, or `Unauthenticated` for anything that is not ours."""
        actor = self._known.get(token)
        if actor is None:
            actor = self._verify(token)
            if len(self._known) >= MOST_REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[token] = actor
        if now >= actor.expires_at:
            self._known.pop(token, None)
            raise TokenExpired("The access token has expired; exchange your refresh token for a new one.")
        return actor

    def _verify(self, token: str) -> Actor:
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated("This is not an access token of ours.")
        try:
            key = self._keys[jwt.get_unverified_header(token).get("kid", self._key.id)]
            claims = jwt.decode(
                token,
                key.secret,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                audience=AUDIENCE,
                # Times are judged by our own clock, and tokens of a process whose clock is ahead are taken.
                options={"require": REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
            expires_at = datetime.fromtimestamp(claims["exp"], tz=UTC)
            terms = str(claims.get("terms", ""))
        except (jwt.PyJWTError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise Unauthenticated("This is not an access token of ours.") from error
        if claims["typ"] != KIND or not isinstance(claims["sid"], str):
            raise Unauthenticated("This is not an access token of ours.")
        return Actor(user_id=claims["sub"], session_id=claims["sid"], expires_at=expires_at, terms=terms)


class LivingSessions:
    """Which sessions are alive, as this process knows it: asked once, then told of every end."""

    def __init__(self, sessions: Sessions, *, clock: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._clock = clock
        self._on_ended: Callable[[str, str], None] = lambda _session_id, _code: None
        self._alive: dict[str, None] = {}
        self._newcomers = Together(self._ended, name="sessions of newcomers")
        self._looked_at = clock()
        self._rounds = Rounds(self.recheck, RECHECK, name="sessions")

    def start(self, on_ended: Callable[[str, str], None]) -> None:
        """Begin to look for sessions that ended again and again, and to report them."""
        self._on_ended = on_ended
        self._rounds.start()

    async def stop(self) -> None:
        """End the looking."""
        await self._rounds.stop()
        await self._newcomers.stop()

    @property
    def alive(self) -> Container[str]:
        """Those that this process believes in."""
        return self._alive

    async def require(self, session_id: str) -> None:
        """Raise `Unauthenticated` unless the session is alive."""
        if session_id in self._alive:
            return
        if await self._newcomers.ask(session_id):
            raise Unauthenticated("This session has ended; log in again.")
        if len(self._alive) >= MOST_REMEMBERED:
            self._alive.pop(next(iter(self._alive)))
        self._alive[session_id] = None

    async def _ended(self, session_ids: Sequence[str]) -> dict[str, bool]:
        ended = set(await self._sessions.ended(session_ids))
        return {session_id: session_id in ended for session_id in session_ids}

    def hear(self, body: str) -> None:
        """Take in an event of the audience of processes: `session:ended`."""
        data = json.loads(body)["data"]
        self.end(data["session_id"], data["code"])

    def doubt(self) -> None:
        """Some ends may have gone unheard: look for them at once."""
        self._rounds.hurry()

    def end(self, session_id: str, code: str) -> None:
        """Believe in a session no longer, and have its sockets closed."""
        self._alive.pop(session_id, None)
        self._on_ended(session_id, code)

    async def recheck(self) -> None:
        """Look for sessions that ended since the last look, and end those that are believed in."""
        now = self._clock()
        for session_id in await self._sessions.ended_since(self._looked_at - BELATED):
            if session_id in self._alive:
                self.end(session_id, "session_ended")
        self._looked_at = now


class Doorkeeper:
    """Admits whoever holds a good token of a living session, by whatever door."""

    def __init__(self, tokens: AccessTokens, sessions: LivingSessions, *, clock: Callable[[], datetime]) -> None:
        self._tokens = tokens
        self._sessions = sessions
        self._clock = clock

    def known(self, token: str) -> Actor | None:
        """Whose token it is, if it was admitted before and is good still."""
        actor = self._tokens.known(token)
        is_good = actor is not None and actor.session_id in self._sessions.alive and self._clock() < actor.expires_at
        return actor if is_good else None

    async def admit(self, token: str) -> Actor:
        """Whose token it is; raises `TokenExpired` or `Unauthenticated`."""
        actor = self._tokens.read(token, now=self._clock())
        await self._sessions.require(actor.session_id)
        return actor
