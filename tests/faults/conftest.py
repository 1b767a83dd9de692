"""A scene of its own for every fault, since no fault leaves its servers as they were."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.scene import SEED, Scene
from tests.processes import started_servers


@pytest.fixture(autouse=True)
def say_the_seed() -> None:
    """By which a failure is made again."""
    print(f"FAULTS_SEED={SEED}")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Fresh servers and an empty folder."""
    with started_servers(tmp_path / "servers") as servers:
        yield Scene(servers, tmp_path)
