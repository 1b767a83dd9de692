"""The REST door against its own document, by a tool of others that knows neither.

Whatever it sends, the answer is one that the document knows and never a failure, and nobody gets in without a token.
"""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from server import api
from server.rest import PREFIX
from tests.people import Person

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "ignored_auth",
    "unsupported_method",
)
EXAMPLES = 12
PATIENCE = 30.0
WITHIN = 240.0
# These end the session that everything else is asked with.
ENDING = r"/auth/logout$|/auth/sessions/\{session_id\}/$"
# An area at a time: each is done in a minute, and two test processes share them.
AREAS = {
    name: [row.http.path.rstrip("/") for row in module.ROWS if row.http is not None]
    for name, module in vars(api).items()
    if hasattr(module, "ROWS")
}


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that waits for its database: what it says where it does not is of other tests."""
    monkeypatch.setattr("store.database.PATIENCE_SECONDS", PATIENCE)
    monkeypatch.setattr("server.dispatch.PATIENCE_SECONDS", PATIENCE)
    monkeypatch.setattr("server.dispatch.LONGEST_WAIT", PATIENCE)


async def fuzzed(person: Person, folder: Path, *which: str) -> str:
    """Have some operations asked as somebody; what was said. AssertionError if anything was not as documented."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{person.url}/docs/openapi.json", *which),
        *("--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing"),
        # By one thread: two that parse Python at once end in CPython 3.11's "recursion depth mismatch".
        *("--generation-deterministic", "--max-examples", str(EXAMPLES), "--workers", "1"),
        *("--header", f"Authorization: Bearer {person.token}", "--continue-on-failure"),
        *("--request-timeout", str(2 * PATIENCE), "--warnings", "off", "--no-color"),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(WITHIN):
        output, _ = await process.communicate()
    said = output.decode()
    assert process.returncode == 0, said
    return said


@pytest.mark.usefixtures("unlimited", "patient")
@pytest.mark.parametrize("area", AREAS)
async def test_whatever_is_sent_the_answer_is_as_documented(area: str, ada: Person, tmp_path: Path) -> None:
    which = "|".join(rf"^{re.escape(PREFIX + path)}/?$" for path in AREAS[area])
    said = await fuzzed(ada, tmp_path, "--include-path-regex", which, "--exclude-path-regex", ENDING)
    # It was Ada who was asked for to the end, and not nobody.
    assert (await ada.rest("GET", "/auth/profile"))["id"] == ada.id
    assert "test cases" in said.lower()


@pytest.mark.usefixtures("unlimited", "patient")
async def test_what_ends_the_session_is_as_documented(ada: Person, tmp_path: Path) -> None:
    await fuzzed(ada, tmp_path, "--include-path-regex", ENDING)
