"""The documents are valid, complete, and those that were committed; the pages are served and ask nobody else."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from openapi_spec_validator import validate
from pydantic_asyncapi import v3
from pytest_aiohttp.plugin import AiohttpClient

from handlers.errors import DomainError
from handlers.events import EVENTS
from server import docs
from server.api import OPERATIONS
from server.contract import asyncapi, catalogue, guide, openapi
from server.contract.__main__ import committed
from server.problems import STATUS
from server.protocol import PUSHED, TAKEN
from server.rest import PREFIX


@pytest.mark.parametrize("path", committed(), ids=lambda path: path.name)
def test_the_committed_document_is_that_of_the_code(path: Path) -> None:
    was = path.read_text() if path.exists() else ""
    assert was == committed()[path], (
        f"{path.name} is out of date: clients would see a change. "
        "If it is meant, run `python -m server.contract write` and commit what it writes."
    )


def test_openapi_is_valid() -> None:
    validate(openapi())


def test_asyncapi_is_valid() -> None:
    v3.AsyncAPI.model_validate(asyncapi())


@pytest.mark.parametrize("document", [openapi, asyncapi], ids=["openapi", "asyncapi"])
def test_every_reference_leads_somewhere(document: Callable[[], dict[str, Any]]) -> None:
    whole = document()
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(whole))):
        place = whole
        for part in reference.split("/"):
            place = place[part.replace("~1", "/")]


def test_every_door_is_documented() -> None:
    described = {(method.upper(), path) for path, item in openapi()["paths"].items() for method in item}
    doors = {(row.http.method, PREFIX + row.http.path) for row in OPERATIONS if row.http}
    assert doors <= described

    messages = asyncapi()["components"]["messages"].values()
    taken = {message["name"] for message in messages if "x-ack" in message}
    assert taken == {row.event for row in OPERATIONS if row.event} | set(TAKEN)
    # A relay is both.
    told = {message["name"] for message in messages if "x-delivery" in message}
    assert told == {event.name for event in EVENTS} | set(PUSHED)


def test_every_use_case_says_what_it_does() -> None:
    assert [row.name for row in OPERATIONS if not row.summary] == []


def test_an_action_has_one_name_at_all_its_addresses() -> None:
    """By its name it is limited, and known again by its key."""
    names = {(row.run, row.name) for row in OPERATIONS}
    assert len(names) == len({run for run, _ in names}) == len({name for _, name in names})


def test_every_operation_has_an_id_of_its_own() -> None:
    ids = [operation["operationId"] for item in openapi()["paths"].values() for operation in item.values()]
    assert len(ids) == len(set(ids))


def test_every_code_has_a_number_and_a_sentence() -> None:
    def codes(kind: type[DomainError]) -> Iterator[str]:
        for child in kind.__subclasses__():
            yield child.code
            yield from codes(child)

    assert {entry.code for entry in catalogue()} == set(STATUS) >= set(codes(DomainError))
    assert all(entry.says.endswith(".") for entry in catalogue())


def test_a_path_is_split_as_the_shell_puts_it_together() -> None:
    send = openapi()["paths"]["/api/v1/messages/{thread_id}/"]["post"]

    assert [(one["name"], one["in"]) for one in send["parameters"]] == [
        ("thread_id", "path"),
        ("Idempotency-Key", "header"),
    ]
    body = send["requestBody"]["content"]["application/json"]["schema"]
    assert "thread_id" not in body["properties"]
    assert body["required"] == ["message_content"]


def test_private_fields_leave_the_server_only_to_their_owner() -> None:
    private = {"email", "phone", "address", "password", "sub", "ip_address", "refresh_token", "access_token"}
    components = {**openapi()["components"]["schemas"], **asyncapi()["components"]["schemas"]}
    asked = {row.asked.__name__ for row in OPERATIONS}

    found = {
        name: sorted(private & schema.get("properties", {}).keys())
        for name, schema in components.items()
        if name not in asked and private & schema.get("properties", {}).keys()
    }

    assert found == {
        "ProfileView": ["address", "email", "phone"],
        # To one partner, by consent.
        "PersonView": ["address", "phone"],
        "SignedInView": ["access_token", "refresh_token"],
        "SessionView": ["ip_address"],
        "ActivityView": ["ip_address"],
        "GoogleProofView": ["email"],
    }


def test_vendored_files_are_those_that_were_noted() -> None:
    noted = dict(
        reversed(line.split("  "))
        for line in (docs.FOLDER / "README.md").read_text().splitlines()
        if re.match(r"[0-9a-f]{128}  ", line)
    )
    others = [name for name in docs.ASSETS if name not in {"docs.css", "api/start.js", "events/start.js"}]
    assert sorted(noted) == sorted(others)
    for name, digest in noted.items():
        assert hashlib.sha512((docs.FOLDER / name).read_bytes()).hexdigest() == digest, name


async def test_documentation_is_served_from_here_alone(aiohttp_client: AiohttpClient) -> None:
    app = web.Application()
    docs.add_routes(app)
    client = await aiohttp_client(app)

    for path in ("/docs/", "/docs/api/", "/docs/events/", "/docs/errors", "/docs/guide", "/docs", "/docs/api"):
        answer = await client.get(path)
        text = await answer.text()
        assert (answer.status, answer.content_type) == (200, "text/html"), path
        policy = answer.headers["Content-Security-Policy"]
        assert ("unsafe-eval" in policy) == (path == "/docs/events/"), path
        assert "unsafe-inline" not in policy, path
        links = re.findall(r'(?:src|href)="([^"]+)"', text)
        for link in links:
            assert link.startswith(("/docs/", "#", "data:,")), link
            if link.startswith("/"):
                assert (await client.get(link)).status == 200, link
        assert "<script>" not in text

    assert await (await client.get("/docs/openapi.json")).json() == openapi()
    assert await (await client.get("/docs/asyncapi.json")).json() == asyncapi()
    assert (await client.get("/docs/../app.py")).status == 404


async def test_a_document_that_did_not_change_is_not_sent_again(aiohttp_client: AiohttpClient) -> None:
    app = web.Application()
    docs.add_routes(app)
    client = await aiohttp_client(app)
    first = await client.get("/docs/openapi.json")

    again = await client.get("/docs/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status == 304
    assert await again.read() == b""


async def test_a_server_serves_its_documentation(server: str, http: aiohttp.ClientSession) -> None:
    for path in ("/docs/", "/docs/errors", "/docs/openapi.json"):
        async with http.get(server + path) as answer:
            assert answer.status == 200, path


def test_the_guide_names_all_that_a_call_is_made_of() -> None:
    told = guide.page()
    calls = told[told.index('<h2 id="calls">') : told.index('<h2 id="time">')]
    asked = {operation.event for operation in OPERATIONS if operation.event is not None}
    names = {name for name in asked | {event.name for event in EVENTS} if name.startswith("call:")}
    assert [name for name in sorted(names) if f"<code>{name}" not in calls] == []
    assert "](#" not in told and "\n|" not in re.sub("<pre>.*?</pre>", "", told, flags=re.DOTALL)
