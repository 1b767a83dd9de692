"""The files by which SkillNet is deployed, as far as a machine without containers can try them."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest
import yaml

from server.config import Settings
from server.embedded import supervisor_environment
from signaling.media import __main__ as media
from store.users import Role
from tests.backstage import Backstage
from tests.conftest import serving
from tests.faults.workers import SECRET, free_port
from tests.people import Person, Refusal, key, refused
from tests.processes import ROOT, Child, Servers, alive

FILES = ROOT / "server/deployment"


async def test_the_procfile_starts_serves_and_stops(
    servers: Servers, database_name: str, tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    port = free_port()
    environment = supervisor_environment() | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "MONGODB_URL": servers.mongodb_url,
        "REDIS_URL": servers.redis_url,
        "MONGODB_DATABASE": database_name,
        "JWT_SECRET": SECRET,
        "DATA_KEYS": SECRET,
        "DATA_FOLDER": str(tmp_path),
        "CONFIRM_EMAIL": "false",
    }
    for name, command in re.findall(r"^(\w+): python (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE):
        if name == "release":
            release = await asyncio.create_subprocess_exec(sys.executable, *command.split(), cwd=ROOT, env=environment)
            assert await release.wait() == 0
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "honcho", "start", "-p", str(port), "web", "worker"),
        cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    children: list[psutil.Process] = []
    try:
        async with asyncio.timeout(60):
            while not await _ready(http, f"http://127.0.0.1:{port}/readyz"):
                await asyncio.sleep(0.1)
        children = psutil.Process(process.pid).children(recursive=True)
        ada = await (await Person("ada", f"http://127.0.0.1:{port}", http).join()).connect()
        process.send_signal(signal.SIGTERM)
        assert await ada.hears("server:draining")
        await ada.leave()
        said, _ = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()
    assert len(children) >= 2
    assert not [child.pid for child in children if alive(child.pid)]
    assert "worker_ready" in said.decode(), said.decode()[-3000:]


async def _ready(http: aiohttp.ClientSession, url: str) -> bool:
    with suppress(aiohttp.ClientError):
        async with http.get(url) as answer:
            return answer.status == 200
    return False


def test_the_files_run_what_the_program_knows() -> None:
    parts = {"web", "worker"}
    units = {path.name: path.read_text() for path in FILES.glob("*.service")}
    started = {found[1] for text in units.values() for found in re.finditer(r"-m server (\w+)$", text, re.MULTILINE)}
    assert started == parts
    composed: dict[str, Any] = yaml.safe_load((FILES / "compose.yaml").read_text())
    services = composed["services"]
    assert {services[name]["command"][1] for name in ("web", "worker")} == parts
    named = {name.lower() for service in services.values() for name in service.get("environment", {})}
    assert named <= {*Settings.model_fields, *media.Settings.model_fields}, "a setting that there is not"
    handed_on = {name.lower() for name in services["web"]["environment"]}
    # The container says these itself.
    assert set(Settings.model_fields) - handed_on == {"host", "port", "data_folder", "log_format"}
    assert {"mongodb", "redis", "release", "web", "worker", "media", "turn"} == set(services)
    assert services["media"]["command"] == ["signaling.media"]
    assert "python -m signaling.media\n" in units["skillnet-media.service"]
    copied = re.findall(r"^COPY (\w+) ", (FILES / "Containerfile").read_text(), re.MULTILINE)
    assert [folder for folder in copied if not (ROOT / folder / "__init__.py").exists()] == []
    assert set(copied) == {"background", "handlers", "server", "signaling", "store"}


def test_no_door_for_an_admin_ui_is_built_in() -> None:
    """The library's own would show every packet to whoever finds it."""
    found = [path for path in (ROOT / "server").rglob("*.py") if re.search(r"\.instrument\(", path.read_text())]
    assert found == []


@asynccontextmanager
async def under_maintenance(settings: Settings, servers: Servers) -> AsyncIterator[str]:
    async with serving(settings.model_copy(update={"maintenance": True}), servers) as url:
        yield url


async def test_under_maintenance_people_read_and_staff_alone_writes(
    settings: Settings, servers: Servers, ada: Person, bob: Person, http: aiohttp.ClientSession
) -> None:
    await Backstage(settings, servers).promote(bob.id, Role.MODERATOR)
    async with under_maintenance(settings, servers) as url:
        reader = await Person("ada", url, http, token=ada.token).connect()
        assert (await reader.rest("GET", "/auth/profile"))["id"] == ada.id
        with refused("maintenance"):
            await reader.asks("thread:open", {"participants": [bob.id]})
        async with http.put(
            f"{url}/api/v1/auth/profile", json={"bio": "New"}, headers={"Authorization": f"Bearer {ada.token}"}
        ) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
            assert (await answer.json())["retryable"]
        await reader.leave()
        staff = await Person("bob", url, http, token=bob.token).connect()
        assert await staff.asks("thread:open", {"participants": [ada.id]})
        await staff.leave()
        # Who signs in reads more than who does not.
        signing = Person("ada", url, http)
        signed_in = await signing.rest("POST", "/auth/login", {"email": ada.email, "password": "correct horse battery"})
        assert signed_in["access_token"]


async def test_an_admin_has_everything_stand_still_without_restarting_it(
    settings: Settings, servers: Servers, ada: Person, bob_elsewhere: Person, http: aiohttp.ClientSession
) -> None:
    admin = await Person("admin", ada.url, http).join()
    await Backstage(settings, servers).promote(admin.id, Role.ADMIN)
    start = asyncio.get_running_loop().time()
    words = "We move to another house, until six."
    assert await admin.rest("PUT", "/staff/maintenance/", {"on": True, "words": words}) == {"on": True, "words": words}

    # Whichever process somebody is at.
    for person in (ada, bob_elsewhere):
        assert await person.hears("server:maintenance") == {"on": True, "words": words}
    assert asyncio.get_running_loop().time() - start < 10  # 5 s on a quiet machine
    for person in (ada, bob_elsewhere):
        with pytest.raises(Refusal, match=words):
            await person.asks("thread:open", {"participants": [admin.id]})
        assert (await person.rest("GET", "/config/"))["maintenance"] == words
        assert (await person.rest("GET", "/auth/profile"))["id"] == person.id
    late = await ada.another_device()
    assert (await late.hears("server:maintenance"))["on"]
    await late.leave()
    async with http.put(
        f"{bob_elsewhere.url}/api/v1/auth/profile", json={"bio": "New"},
        headers={"Authorization": f"Bearer {bob_elsewhere.token}"},
    ) as answer:  # fmt: skip
        assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert await admin.rest("PUT", "/auth/profile", {"bio": "At work"})
    # A process that starts now knows it, too.
    async with serving(settings, servers) as third:
        asked = await Person("admin", third, http, token=admin.token).rest("GET", "/staff/maintenance/")
        assert asked == {"on": True, "words": words}

    await admin.rest("PUT", "/staff/maintenance/", {"on": False})
    for person in (ada, bob_elsewhere):
        assert await person.hears("server:maintenance") == {"on": False, "words": ""}
    assert await ada.asks("thread:open", {"participants": [admin.id]})
    acts = (await admin.rest("GET", "/staff/acts/"))["items"]
    assert [(act["act"], act["after"]) for act in acts[:2]] == [("maintenance_ended", ""), ("maintenance_begun", words)]


@pytest.mark.system
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("systemd-analyze is missing: install Debian's package systemd (apt-get install systemd)")
    for unit in FILES.glob("*.service"):
        # What is to be there on the machine that is deployed to.
        text = unit.read_text().replace("/opt/skillnet/.venv/bin/python", sys.executable)
        (tmp_path / unit.name.replace("@", "@8081")).write_text(text.replace("/opt/skillnet", str(tmp_path)))
    units = sorted(map(str, tmp_path.glob("*.service")))
    assert units
    tried = subprocess.run([systemd, "verify", *units], capture_output=True, text=True, check=False, timeout=60)
    assert (tried.returncode, tried.stderr) == (0, "")


@pytest.mark.system
def test_compose_understands_its_file(tmp_path: Path) -> None:
    compose = shutil.which("docker-compose")
    if compose is None:
        pytest.skip("docker-compose is missing: install Debian's package docker-compose")
    # Debian's is of the time before projects were named in the file.
    text = (FILES / "compose.yaml").read_text().replace("name: skillnet\n", "", 1)
    (tmp_path / "compose.yaml").write_text(text.replace("context: ../..", f"context: {ROOT}"))
    command = [compose, "-f", str(tmp_path / "compose.yaml"), "--profile", "calls", "config"]
    secrets = {"JWT_SECRET": SECRET, "DATA_KEYS": SECRET, "TURN_SECRET": SECRET}
    told = subprocess.run(
        command, env={**os.environ, **secrets}, capture_output=True, text=True, check=False, timeout=60
    )
    assert told.returncode == 0, told.stderr
    services = yaml.safe_load(told.stdout)["services"]
    assert {"mongodb", "redis", "release", "web", "worker", "turn"} <= set(services)
    assert services["web"]["environment"]["JWT_SECRET"] == SECRET
    # What has no calls needs nothing of them.
    without = {**os.environ, **secrets, "TURN_SECRET": ""}
    told = subprocess.run(
        [*command[:3], "config"], env=without, capture_output=True, text=True, check=False, timeout=60
    )
    assert told.returncode == 0, told.stderr
    # Without its secrets nothing of it starts.
    nothing = {name: value for name, value in os.environ.items() if name not in secrets}
    refused = subprocess.run(command, env=nothing, capture_output=True, text=True, check=False, timeout=60)
    assert refused.returncode != 0
    assert "JWT_SECRET" in refused.stderr


async def test_a_copy_of_the_data_folder_is_all_that_one_needs_to_go_on(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    words = "what shall not be lost"
    first, copy = tmp_path / "data", tmp_path / "restored"
    async with at_home(first) as url:
        ada, bob = [await Person(name, url, http).join() for name in ("ada", "bob")]
        thread = await ada.rest("POST", "/messages/", {"participants": [bob.id]})
        sent = {"message_content": words, "client_id": key()}
        await ada.rest("POST", f"/messages/{thread['id']}/", sent)
        picture = await ada.upload(b"a file of hers")
    await asyncio.to_thread(shutil.copytree, first, copy)
    await asyncio.to_thread(shutil.rmtree, first)
    async with at_home(copy) as url:
        back = Person("ada", url, http, token=ada.token, email=ada.email, refresh_token=ada.refresh_token)
        # Its keys are in it: who was signed in still is.
        page = await back.rest("GET", f"/messages/{thread['id']}/")
        assert [one["message_content"] for one in page["items"]] == [words]
        assert await back.rest("GET", f"/uploads/{picture['id']}/") == b"a file of hers"
        await back.refresh()
        await back.log_in()


@asynccontextmanager
async def at_home(folder: Path) -> AsyncIterator[str]:
    """`python -m server` over a folder, until it is asked to stop; its address."""
    port = free_port()
    settings = {"PORT": str(port), "DATA_FOLDER": str(folder), "CONFIRM_EMAIL": "false"}
    with Child([sys.executable, "-m", "server"], env={**supervisor_environment(), **settings}) as child:
        while "Health" not in child.line(within=90):
            pass
        yield f"http://127.0.0.1:{port}"
        child.end()
