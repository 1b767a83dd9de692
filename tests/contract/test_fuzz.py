"""The REST door against its own document, by a tool of others that knows neither.

Whatever it sends, the answer is one that the document knows and never a failure, and nobody gets in without a token.
"""

import asyncio
import sys
from pathlib import Path

import pytest

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
WITHIN = 240.0
# These end the session that everything else is asked with.
ENDING = r"/auth/logout$|/auth/sessions/\{session_id\}/$"


async def fuzzed(person: Person, folder: Path, *which: str) -> str:
    """Have some operations asked as somebody; what was said. AssertionError if anything was not as documented."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{person.url}/docs/openapi.json", *which),
        *("--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing"),
        *("--generation-deterministic", "--max-examples", str(EXAMPLES), "--workers", "2"),
        *("--header", f"Authorization: Bearer {person.token}", "--continue-on-failure"),
        *("--request-timeout", "10", "--warnings", "off", "--no-color"),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(WITHIN):
        output, _ = await process.communicate()
    said = output.decode()
    assert process.returncode == 0, said
    return said


@pytest.mark.usefixtures("unlimited")
async def test_whatever_is_sent_the_answer_is_as_documented(ada: Person, bob: Person, tmp_path: Path) -> None:
    said = await fuzzed(ada, tmp_path, "--exclude-path-regex", ENDING)
    # It was Ada who was asked for to the end, and not nobody.
    assert (await ada.rest("GET", "/auth/profile"))["id"] == ada.id
    assert "test cases" in said.lower()
    await fuzzed(bob, tmp_path, "--include-path-regex", ENDING)
