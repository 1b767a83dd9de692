"""The types of the events compile, and a client's mistakes do not."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1] / "js"

pytestmark = pytest.mark.system


def test_a_client_is_checked_by_the_compiler() -> None:
    node = shutil.which("node")
    assert node, "needs Node.js; `make test` leaves this test out"
    compiler = HERE / "node_modules/typescript/bin/tsc"
    assert compiler.exists(), "run `make tests/js/node_modules` first"
    options = ["--noEmit", "--strict", "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022"]

    compiled = subprocess.run(
        [node, compiler, *options, "typed.ts"], cwd=HERE, capture_output=True, text=True, timeout=120, check=False
    )

    assert compiled.returncode == 0, compiled.stdout
