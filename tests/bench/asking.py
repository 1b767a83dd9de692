"""What one question and its answer cost: an acknowledged event, and an authenticated read by REST; no database.

Every connection has one question under way, and asks the next when its answer is there.
"""

import json
import os
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from tempfile import TemporaryDirectory

from server.security import AccessTokens
from tests.bench.contenders import (
    APP,
    DRF,
    FASTIFY,
    NODE,
    PLAIN,
    PROGRAMS,
    SECRET,
    Running,
    install_python,
    running,
)
from tests.bench.contest import OURS, Finding, Turn, contest
from tests.bench.crowd import Crowd, crowd
from tests.bench.events import ASK

ASKING = 16
QUESTIONS = 4000
SLOW_QUESTIONS = 800
LOGINS = 48
ADA = "ada@example.org"
PASSWORD = "correct horse battery"
ACK = "CPU of an acknowledged event, no database"
ENGINE = "CPU of an acknowledged event, the engine alone"
READ = "CPU of an authenticated read by REST, no database"
LOGIN = "CPU of a login by REST, with the same Argon2id"
PROFILE = json.dumps(
    {
        "id": "",
        "name": "Ada Lovelace",
        "email": "ada@example.org",
        "email_confirmed": True,
        "second_factor": False,
        "phone": None,
        "address": None,
        "profile_picture": None,
        "bio": "Teaches the analytical engine, learns the guitar ^",
        "skills": ["mathematics", "poetry"],
        "bannerImage": None,
        "privacy": {},
        "createdAt": "2026-11-23T07:30:00Z",
        "updatedAt": "2026-11-23T07:30:00Z",
    }
)


def run_acks(rounds: int) -> list[Finding]:
    """CPU of an inbound event with its acknowledgement, no database."""
    with ExitStack() as stack:
        places: dict[str, tuple[Running, Crowd]] = {}
        for name in (APP, OURS, NODE, PLAIN):
            server = stack.enter_context(running(PROGRAMS[name], {"BENCH_PROFILE": PROFILE}))
            people = stack.enter_context(crowd(server.port))
            token = _signed_up(server) if name == APP else _token()
            people.connect(ASKING, [token] * ASKING, join=False)
            people.forget()
            places[name] = server, people
        whole = {OURS: _turn(ACK, *places[APP], ASK)} | {n: _turn(ACK, *places[n], ASK) for n in (NODE, PLAIN)}
        engine = {name: _turn(ENGINE, *places[name], ASK) for name in (OURS, NODE, PLAIN)}
        found = contest(whole, {ACK: {NODE: 3.0, PLAIN: None}}, unit="µs", rounds=rounds)
        return found + contest(engine, {ENGINE: {NODE: None, PLAIN: None}}, unit="µs", rounds=rounds)


def run_rest(rounds: int) -> list[Finding]:
    """CPU of an authenticated read by REST, against Fastify and Django REST Framework."""
    install_python()
    with ExitStack() as stack:
        turns: dict[str, Turn] = {}
        for name, program in ((OURS, APP), (FASTIFY, FASTIFY), (DRF, DRF)):
            server = stack.enter_context(running(PROGRAMS[program], {"BENCH_PROFILE": PROFILE}))
            people = stack.enter_context(crowd(server.port))
            people.open_http(ASKING)
            request = _request(_signed_up(server) if program == APP else _token())
            turns[name] = _turn(READ, server, people, request, SLOW_QUESTIONS if name == DRF else QUESTIONS)
        return contest(turns, {READ: {FASTIFY: 1.5, DRF: 0.08}}, unit="µs", rounds=rounds)


def run_login(rounds: int) -> list[Finding]:
    """CPU of a login by REST, with the same Argon2id, against Django REST Framework."""
    install_python()
    login = {"email": ADA, "password": PASSWORD}
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="bench-"))
        turns: dict[str, Turn] = {}
        for name, program in ((OURS, APP), (DRF, DRF)):
            env = {"BENCH_PROFILE": PROFILE, "BENCH_SQLITE": f"{folder}/db"}
            server = stack.enter_context(running(PROGRAMS[program], env))
            people = stack.enter_context(crowd(server.port))
            # One account, which lets in one at a time.
            people.open_http(1)
            if program == APP:
                _signed_up(server)
            else:
                login = {"username": ADA, "password": PASSWORD}
            turns[name] = _turn(LOGIN, server, people, _posted("/api/v1/auth/login", login), LOGINS)
        return contest(turns, {LOGIN: {DRF: None}}, unit="µs", rounds=rounds)


def cpu_per_question(server: Running, people: Crowd, question: bytes, questions: int) -> float:
    """Microseconds of the server for each question."""
    asked = 0

    def ask(fd: int, answers: int) -> None:
        nonlocal asked
        if answers and asked < questions:
            asked += 1
            os.write(fd, question)

    before = server.cpu()
    for sock in people.sockets:
        ask(sock.fileno(), 1)
    people.until(questions, ask)
    used = server.cpu() - before
    people.settle_all(questions)
    return used / questions * 1e6


def _turn(what: str, server: Running, people: Crowd, question: bytes, questions: int = QUESTIONS) -> Turn:
    return lambda: {what: cpu_per_question(server, people, question, questions)}


def _request(token: str) -> bytes:
    return (
        f"GET /api/v1/bench/profile HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        "Accept: application/json\r\nUser-Agent: bench\r\n\r\n"
    ).encode()


def _posted(path: str, body: dict[str, str]) -> bytes:
    text = json.dumps(body)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(text)}\r\nUser-Agent: bench\r\n\r\n{text}"
    ).encode()


def _token() -> str:
    tokens = AccessTokens(SECRET.encode(), lifetime=timedelta(hours=1))
    return tokens.issue(user_id="ada", session_id="s1", now=datetime.now(UTC)).token


def _signed_up(server: Running) -> str:
    """The token of somebody whom SkillNet knows."""
    body = json.dumps({"name": "Ada ^", "email": ADA, "password": PASSWORD})
    http = HTTPConnection("127.0.0.1", server.port, timeout=30)
    http.request("POST", "/api/v1/auth/signup", body, {"Content-Type": "application/json"})
    token: str = json.load(http.getresponse())["access_token"]
    http.close()
    return token
