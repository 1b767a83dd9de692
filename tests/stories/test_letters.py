"""Letters over a real SMTP server: confirming an address, a forgotten password, a new address; and who learns what."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median
from uuid import uuid4

import aiohttp
import pytest

from server.config import Settings
from server.mail import SmtpMailer
from tests.conftest import serving
from tests.people import OTHER_PASSWORD, PASSWORD, Person, Refusal, key, refused
from tests.processes import Servers
from tests.smtp import PostOffice, link_of, part, post_office, token_of

CONFIRM = "Confirm your e-mail address"
USED = "Somebody used your address"
RESET = "Reset your password"
CHANGE = "A change to your account"
TRIES = 60


@pytest.fixture
def post(tmp_path: Path) -> Iterator[PostOffice]:
    """A mail server of this test's own."""
    folder = tmp_path / "letters"
    folder.mkdir()
    office, child = post_office(folder)
    with child:
        yield office


@pytest.fixture
async def server(settings: Settings, servers: Servers, post: PostOffice) -> AsyncIterator[str]:
    """A server that has addresses confirmed, and works off its own jobs."""
    confirming = settings.model_copy(update={"confirm_email": True, "web_url": "https://skillnet.example.org"})
    mailer = SmtpMailer(post.url, "SkillNet <letters@skillnet.example.org>")
    async with serving(confirming, servers, mailer=mailer) as url:
        yield url


def anonymous(server: str, http: aiohttp.ClientSession) -> Person:
    return Person("nobody", server, http)


async def confirmed(person: Person, post: PostOffice) -> None:
    token = token_of(await post.letter(person.email, CONFIRM))
    await person.rest("POST", "/auth/email/confirm", {"token": token})


async def test_an_address_is_confirmed_before_strangers_are_spoken_to(
    ada: Person, bob: Person, eve: Person, post: PostOffice
) -> None:
    with refused("email_unconfirmed"):
        await ada.asks("thread:open", {"participants": [bob.id], "client_id": key()})
    letter = await post.letter(ada.email, CONFIRM)
    assert letter["From"] == "SkillNet <letters@skillnet.example.org>"
    assert link_of(letter).startswith("https://skillnet.example.org/account/confirm#")

    await anonymous(ada.url, ada.http).rest("POST", "/auth/email/confirm", {"token": token_of(letter)})

    assert (await ada.hears("account:activity"))["activity"]["what"] == "email_confirmed"
    thread = await ada.asks("thread:open", {"participants": [bob.id], "title": "Guitar", "client_id": key()})
    # Bob has not confirmed his own; whom he shares a conversation with is no stranger, Eve is one.
    await bob.asks("thread:open", {"participants": [ada.id], "client_id": key()})
    await bob.asks("message:send", {"thread_id": thread["id"], "message_content": "Hi!", "client_id": key()})
    await ada.asks("thread:promote", {"thread_id": thread["id"], "user_id": bob.id})
    with refused("email_unconfirmed"):
        await bob.asks("thread:add", {"thread_id": thread["id"], "participants": [eve.id]})
    with refused("invalid"):
        await ada.rest("POST", "/auth/email/confirm", {"token": token_of(letter)})


async def test_a_link_is_for_its_own_purpose_and_account(ada: Person, post: PostOffice) -> None:
    token = token_of(await post.letter(ada.email, CONFIRM))
    ticket, _, proof = token.partition(".")
    for wrong in (f"{'0' * 24}.{proof}", f"{ticket}.{'A' * len(proof)}", ticket + proof, "x" * 64):
        with refused("invalid"):
            await ada.rest("POST", "/auth/email/confirm", {"token": wrong})
    with refused("invalid"):
        await ada.rest("POST", "/auth/password/reset", {"token": token, "new_password": OTHER_PASSWORD})
    await ada.rest("POST", "/auth/email/confirm", {"token": token})


async def test_a_forgotten_password_is_reset_once_and_everywhere(ada: Person, post: PostOffice) -> None:
    await confirmed(ada, post)
    thief = await ada.another_device()
    stranger = anonymous(ada.url, ada.http)
    await stranger.rest("POST", "/auth/password/forgotten", {"email": ada.email.upper()})
    letter = await post.letter(ada.email, RESET)
    new = {"token": token_of(letter), "new_password": OTHER_PASSWORD}

    await stranger.rest("POST", "/auth/password/reset", new)

    for device in (ada, thief):
        assert (await device.hears("session:ended", within=15))["code"] == "password_changed"
        for refresh in (device.refresh, device.connect):
            with refused("unauthenticated"):
                await refresh()
    await thief.leave()
    with refused("unauthenticated"):
        await ada.log_in()
    await stranger.rest("POST", "/auth/login", {"email": ada.email, "password": OTHER_PASSWORD})
    with refused("invalid"):
        await stranger.rest("POST", "/auth/password/reset", new)
    assert "was reset by a letter" in part(await post.letter(ada.email, CHANGE))


async def test_an_address_changes_when_its_reader_says_so(ada: Person, post: PostOffice) -> None:
    await confirmed(ada, post)
    old, new = ada.email, f"ada.{uuid4().hex}@example.org"
    with refused("invalid"):
        await ada.rest("PUT", "/auth/email", {"email": new, "current_password": "not this one"})
    await ada.rest("PUT", "/auth/email", {"email": new, "current_password": PASSWORD})
    assert "asked to change" in part(await post.letter(old, CHANGE))
    assert (await ada.rest("GET", "/auth/profile"))["email"] == old

    await ada.rest("POST", "/auth/email/confirm", {"token": token_of(await post.letter(new, CONFIRM))})

    assert (await ada.rest("GET", "/auth/profile"))["email"] == new
    assert "is no longer used" in part(await post.letter(old, CHANGE, number=2))
    with refused("unauthenticated"):
        await ada.log_in()
    ada.email = new
    await ada.log_in()


async def test_whose_address_it_is_says_who_reads_its_letters(ada: Person, post: PostOffice) -> None:
    """Signing up with an address reserves nothing, and tells nothing of who has it."""
    squatter, second = (Person(name, ada.url, ada.http, email=ada.email) for name in ("squatter", "second"))
    body = {"name": "Squatter", "email": ada.email, "password": OTHER_PASSWORD}
    await post.letter(ada.email, CONFIRM)
    before = await squatter.rest("POST", "/auth/signup", body)
    await post.letter(ada.email, CONFIRM, number=2)
    await confirmed(ada, post)
    after = await second.rest("POST", "/auth/signup", body)

    assert before.keys() == after.keys()
    assert before["user"].keys() == after["user"].keys()
    told = await post.letter(ada.email, USED)
    assert "http" not in part(told)
    # Each gets into their own account by their own password, and only one has the address.
    await ada.log_in()
    again = await second.rest("POST", "/auth/login", {"email": ada.email, "password": OTHER_PASSWORD})
    assert again["user"]["id"] == after["user"]["id"]
    # The link that the squatter's signing up had sent came to Ada.
    tokens = [token_of(letter) for letter in post.letters(ada.email) if letter["Subject"] == CONFIRM]
    with refused("conflict"):
        await squatter.rest("POST", "/auth/email/confirm", {"token": tokens[1]})


async def test_who_asks_learns_nothing_of_addresses(ada: Person, post: PostOffice) -> None:
    await confirmed(ada, post)
    stranger = anonymous(ada.url, ada.http)
    free = f"{uuid4().hex}@example.org"
    for email in (ada.email, free):
        assert await stranger.rest("POST", "/auth/password/forgotten", {"email": email}) is None
        with refused("unauthenticated"):
            await stranger.rest("POST", "/auth/login", {"email": email, "password": OTHER_PASSWORD})
    await post.letter(ada.email, RESET)
    assert post.letters(free) == []


@pytest.mark.usefixtures("unlimited")
async def test_the_time_an_answer_takes_tells_nothing_either(ada: Person, post: PostOffice) -> None:
    await confirmed(ada, post)
    stranger = anonymous(ada.url, ada.http)

    async def seconds(path: str, email: str, **more: str) -> float:
        start = time.perf_counter()
        with suppress(Refusal):
            await stranger.rest("POST", path, {"email": email, **more})
        return time.perf_counter() - start

    for path, more in (
        ("/auth/login", {"password": OTHER_PASSWORD}),
        ("/auth/signup", {"password": OTHER_PASSWORD, "name": "Eve"}),
        ("/auth/password/forgotten", {}),
    ):
        known, unknown = [], []
        for number in range(TRIES):
            # In turns, and either first, so that whatever else the machine does befalls both.
            for email in (ada.email, f"{uuid4().hex}@example.org")[:: 1 if number % 2 else -1]:
                (known if email == ada.email else unknown).append(await seconds(path, email, **more))
        # Of so many pairs chance alone leaves these bounds once in ten thousand; an answer that took a comparison, or
        # a letter, less would leave them nearly always. By counting, as no machine's seconds are like another's.
        slower = sum(one > other for one, other in zip(known, unknown, strict=True))
        assert TRIES * 0.25 <= slower <= TRIES * 0.75, (path, slower, median(known), median(unknown))


async def test_a_new_device_is_told_of_by_letter(ada: Person, post: PostOffice) -> None:
    await confirmed(ada, post)
    body = {"email": ada.email, "password": PASSWORD}
    await anonymous(ada.url, ada.http).rest("POST", "/auth/login", body, headers={"User-Agent": "An unknown telephone"})
    letter = await post.letter(ada.email, CHANGE)
    assert "An unknown telephone" in part(letter)
    await ada.log_in()
    assert len([one for one in post.letters(ada.email) if one["Subject"] == CHANGE]) == 1


@pytest.mark.parametrize(
    ("said", "to"), [("451 Come back later", "answer"), ("550 Who are you?", "answer-sender")], ids=("busy", "strict")
)
async def test_letters_wait_for_a_mail_server_that_is_busy_or_knows_us_not(
    ada: Person, post: PostOffice, said: str, to: str
) -> None:
    first = await post.letter(ada.email, CONFIRM)
    post.answers(said, to)
    await ada.rest("POST", "/auth/email/resend")
    await post.refusals(2)
    post.answers(None, to)

    again = await post.letter(ada.email, CONFIRM, number=2)
    assert again["Message-ID"] != first["Message-ID"]
    for letter in (again, first):
        # Either link is good until one is used; then the address is confirmed.
        await ada.rest("POST", "/auth/email/confirm", {"token": token_of(letter)})


async def test_what_is_told_once_is_told_though_the_mail_server_is_busy(ada: Person, post: PostOffice) -> None:
    await confirmed(ada, post)
    post.answers("451 Come back later")
    await ada.rest("POST", "/auth/exports/", {"current_password": PASSWORD})
    await post.refusals(2, CHANGE, "Your copy is ready")
    post.answers(None)
    assert "can be fetched" in part(await post.letter(ada.email, "Your copy is ready"))


async def test_a_letter_that_is_refused_for_good_is_not_tried_again(ada: Person, post: PostOffice) -> None:
    await post.letter(ada.email, CONFIRM)
    post.answers("550 Nobody of that name")
    await ada.rest("POST", "/auth/email/resend")
    await post.refusals(1)
    post.answers(None)
    await ada.rest("POST", "/auth/email/resend")
    await post.letter(ada.email, CONFIRM, number=2)
    await asyncio.sleep(3)  # The pause before a second attempt would be over.
    assert len(post.letters(ada.email)) == 2
