"""A scene of its own for every fault, since no fault leaves its servers as they were."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.scene import Scene
from tests.processes import started_servers


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Fresh servers and an empty folder."""
    with started_servers(tmp_path / "servers") as servers:
        yield Scene(servers, tmp_path)
