"""Staff: the first admin by a command, the others by an admin; what they see, and that it is written down."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from server.config import Settings
from server.staff import give
from store.users import Role
from tests.people import Person, refused
from tests.processes import Servers, said_by

Command = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def command(settings: Settings, servers: Servers, tmp_path: Path) -> Command:
    """`python -m server.staff`: its exit code, and all that it said."""
    environment = {
        "MONGODB_URL": servers.mongodb_url,
        "REDIS_URL": servers.redis_url,
        "MONGODB_DATABASE": settings.mongodb_database,
        "JWT_SECRET": "s" * 32,
        "DATA_KEYS": "d" * 32,
    }

    async def run(*arguments: str) -> tuple[int, str]:
        return await said_by("server.staff", *arguments, cwd=tmp_path, env=environment)

    return run


async def test_staff(
    people: tuple[Person, Person, Person], command: Command, settings: Settings, servers: Servers
) -> None:
    ada, bob, eve = people
    path = f"/staff/people/{bob.id}/role/"
    with refused("forbidden"):
        await ada.rest("PUT", path, {"role": "moderator"})

    code, said = await command(ada.email, "admin")
    assert (code, said) == (0, f"{ada.email} is admin now.\n")

    # At once, with the token that she has.
    assert await ada.rest("PUT", path, {"role": "moderator"}) == {"user_id": bob.id, "role": "moderator"}
    assert (await bob.hears("account:activity"))["activity"]["what"] == "role_changed"
    assert (await bob.rest("GET", "/auth/profile"))["role"] == "moderator"
    found = await bob.rest("GET", f"/staff/people/{eve.id}/activity/")
    assert [one["what"] for one in found["items"]] == ["signed_up"]
    with refused("not_found"):
        await bob.rest("GET", f"/staff/people/{'0' * 24}/activity/")
    with refused("forbidden"):
        await bob.rest("PUT", f"/staff/people/{eve.id}/role/", {"role": "admin"})
    with refused("forbidden"):
        await eve.rest("GET", f"/staff/people/{bob.id}/activity/")
    with refused("forbidden"):
        await ada.rest("PUT", f"/staff/people/{ada.id}/role/", {"role": "user"})

    acts = (await ada.rest("GET", "/staff/acts/"))["items"]
    assert [(act["actor_id"], act["target_id"], act["before"], act["after"]) for act in acts] == [
        (ada.id, bob.id, "user", "moderator"),
        (None, ada.id, "user", "admin"),
    ]
    with refused("forbidden"):
        await bob.rest("GET", "/staff/acts/")
    assert (await ada.rest("GET", "/staff/acts/?limit=1"))["next_cursor"] is not None

    # Whose role is taken hears no more by it, at once; nor by the command.
    await bob.asks("figures:watch")
    await bob.hears("staff:figures")
    await ada.rest("PUT", path, {"role": "user"})
    ended = await bob.hears("session:ended")
    assert (ended["code"], ended["reconnect"]) == ("role_changed", False)
    over = {"mongodb_url": servers.mongodb_url, "redis_url": servers.redis_url}
    await give(ada.email, Role.USER, settings.model_copy(update=over))
    with refused("unauthenticated"):
        await ada.refresh()


async def test_the_command_says_what_is_wrong(command: Command) -> None:
    wrong = "skillnet: Nobody has confirmed the address nobody@example.org; sign up with it first.\n"
    assert await command("nobody@example.org", "admin") == (1, wrong)
    code, said = await command()
    assert code == 2
    assert "email" in said
    assert "the first admin" in (await command("--help"))[1]
