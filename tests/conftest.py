"""What every test may ask for: real servers, once a run, and a database of its own.

A fixture here starts a process or names a thing; what people and documents look like stands beside the tests.
"""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.processes import Servers, started_servers


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The embedded servers on a fresh folder, one pair for each test process, with the database's failpoints on."""
    with started_servers(tmp_path_factory.mktemp("servers")) as servers:
        yield servers


@pytest.fixture(scope="session")
def mongodb_url(servers: Servers) -> str:
    """Where the database answers."""
    return servers.mongodb_url


@pytest.fixture(scope="session")
def redis_url(servers: Servers) -> str:
    """Where the Redis-compatible server answers."""
    return servers.redis_url


@pytest.fixture
def database_name() -> str:
    """A database that no other test has seen."""
    return f"test_{uuid4().hex}"
