"""The embedded servers start, stop, die and come back over one folder; nothing acknowledged is lost by it."""

import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.embedded import EmbeddedError, Endpoints, embedded_servers, supervisor_command
from tests.processes import Child, alive, eventually


async def write(endpoints: Endpoints, word: str) -> None:
    async with AsyncMongoClient[dict[str, str]](endpoints.mongodb_url, w="majority", journal=True) as client:
        await client["embedded"]["words"].insert_one({"_id": word})


async def words(endpoints: Endpoints) -> list[str]:
    async with AsyncMongoClient[dict[str, str]](endpoints.mongodb_url, timeoutMS=3000) as client:
        return [row["_id"] async for row in client["embedded"]["words"].find()]


async def ping(endpoints: Endpoints) -> bool:
    async with Redis.from_url(endpoints.redis_url) as redis:
        return bool(await redis.ping())


def processes_of(folder: Path) -> list[int]:
    """The servers that run over the folder, found by their command lines."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "pid"])
        if any(str(folder) in part for part in process.info["cmdline"] or [])
    ]


def supervisor_of(folder: Path) -> int:
    (pid,) = [pid for pid in processes_of(folder) if "server.embedded" in psutil.Process(pid).cmdline()]
    return pid


async def until(truth: Callable[[], bool], *, within: float = 15.0) -> None:
    async with asyncio.timeout(within):
        while not truth():
            await asyncio.sleep(0.02)


async def test_both_answer_and_the_data_is_kept_over_an_orderly_stop(tmp_path: Path) -> None:
    said: list[str] = []
    async with embedded_servers(tmp_path, on_log=said.append) as endpoints:
        assert await ping(endpoints)
        await write(endpoints, "kept")
        running = processes_of(tmp_path)
        start = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - start < 5  # 0.2 s on a quiet machine
    assert len(running) == 3
    assert processes_of(tmp_path) == []

    async with embedded_servers(tmp_path, on_log=said.append) as endpoints:
        assert await words(endpoints) == ["kept"]
    assert said == []


async def test_what_was_acknowledged_is_there_after_everything_was_killed(tmp_path: Path) -> None:
    with Child(supervisor_command(tmp_path, servers=("mongodb", "redis"))) as supervisor:
        endpoints = Endpoints(**json.loads(supervisor.line()))
        for number in range(20):
            await write(endpoints, f"{number:02}")
        for pid in processes_of(tmp_path):
            psutil.Process(pid).kill()

    async with embedded_servers(tmp_path, on_log=pytest.fail) as endpoints:
        assert await words(endpoints) == [f"{number:02}" for number in range(20)]
        assert await ping(endpoints)


PARENT = """
import asyncio, sys
from pathlib import Path
from server.embedded import embedded_servers

async def main():
    async with embedded_servers(Path(sys.argv[1]), on_log=print):
        print("up", flush=True)
        await asyncio.sleep(3600)

asyncio.run(main())
"""


def test_a_killed_program_takes_its_servers_down(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with Child([sys.executable, "-c", PARENT, str(folder)]) as parent:
        assert parent.line() == "up"
        running = [pid for pid in processes_of(folder) if pid != parent.pid]
        assert len(running) == 3
        parent.process.kill()
        eventually(lambda: not any(map(alive, running)), within=9, what="the servers end")  # 0.1 s when quiet


async def test_a_second_program_over_the_same_folder_is_told_so(tmp_path: Path) -> None:
    async with embedded_servers(tmp_path, on_log=pytest.fail) as endpoints:
        with pytest.raises(EmbeddedError, match="Another SkillNet uses the data folder") as refusal:
            async with embedded_servers(tmp_path, on_log=pytest.fail):
                pytest.fail("two programs over one folder")
        assert "\n" not in str(refusal.value)
        assert await ping(endpoints)


async def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedError, match=r"cannot be written \(Not a directory\): set DATA_FOLDER") as refusal:
        async with embedded_servers(tmp_path / "file" / "data", on_log=pytest.fail):
            pytest.fail("no folder, no servers")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", ["mongodb", "redis"])
async def test_a_server_that_dies_comes_back_at_the_same_address(tmp_path: Path, name: str) -> None:
    said: list[str] = []
    async with embedded_servers(tmp_path, on_log=said.append) as endpoints:
        await write(endpoints, "before")
        pid = int((tmp_path / f"{name}.pid").read_text())
        psutil.Process(pid).kill()
        await until(lambda: bool(said))
        assert said == [f"The embedded {name} server ended (code -9); it is started again."]

        async def both_answer() -> bool:
            try:
                return await words(endpoints) == ["before"] and await ping(endpoints)
            except (PyMongoError, RedisError):
                return False

        async with asyncio.timeout(20):
            while not await both_answer():
                await asyncio.sleep(0.05)
        assert int((tmp_path / f"{name}.pid").read_text()) != pid


async def test_a_server_for_which_there_was_no_room_comes_back_when_there_is(tmp_path: Path) -> None:
    said: list[str] = []
    async with embedded_servers(tmp_path, on_log=said.append, mongodb_url="mongodb://elsewhere") as endpoints:
        log = tmp_path / "redis.log"
        log.unlink()
        log.mkdir()
        psutil.Process(int((tmp_path / "redis.pid").read_text())).kill()
        await until(lambda: any("cannot be started: [Errno 21] Is a directory" in line for line in said), within=60)
        log.rmdir()
        async with asyncio.timeout(60):
            while True:
                with suppress(RedisError):
                    if await ping(endpoints):
                        break
                await asyncio.sleep(0.05)


async def test_a_killed_supervisor_ends_the_program_and_its_orphans_end_at_the_next_start(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match="was killed"):
        async with embedded_servers(tmp_path, on_log=pytest.fail) as endpoints:
            await write(endpoints, "before")
            psutil.Process(supervisor_of(tmp_path)).kill()
            await asyncio.sleep(30)
    orphans = processes_of(tmp_path)
    assert len(orphans) == 2

    async with embedded_servers(tmp_path, on_log=pytest.fail) as endpoints:
        assert not any(map(alive, orphans))
        assert await words(endpoints) == ["before"]


async def test_a_long_path_still_has_a_socket(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    async with embedded_servers(folder, on_log=pytest.fail, mongodb_url="mongodb://elsewhere") as endpoints:
        assert endpoints.mongodb_url == "mongodb://elsewhere"
        assert str(folder) not in endpoints.redis_url
        assert await ping(endpoints)
        socket = Path(endpoints.redis_url.removeprefix("unix://"))
        assert socket.parent.stat().st_mode & 0o777 == 0o700
    socket.parent.rmdir()


async def test_with_both_addresses_given_nothing_is_started(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with embedded_servers(folder, on_log=pytest.fail, mongodb_url="m", redis_url="r") as endpoints:
        assert endpoints == Endpoints("m", "r")
        assert not folder.exists()


async def test_without_the_extra_the_refusal_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "secantus", None)
    with pytest.raises(EmbeddedError, match=r"set MONGODB_URL, or install SkillNet's \[embedded\] extra"):
        async with embedded_servers(tmp_path, on_log=pytest.fail):
            pytest.fail("there is nothing to start")


async def test_the_programs_own_errors_pass_through_unchanged(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="mine"):
        async with embedded_servers(tmp_path, on_log=pytest.fail, mongodb_url="m"):
            raise LookupError("mine")
    assert processes_of(tmp_path) == []
