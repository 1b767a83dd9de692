"""Owning an account: seeing where one is signed in, ending it from afar, and changing what protects it."""

from tests.people import PASSWORD, Person, refused

OTHER = "a quite other horse"


async def test_a_lost_phone_is_signed_out_from_the_laptop(
    ada: Person, bob_elsewhere: Person, other_server: str
) -> None:
    phone = await ada.signed_in_again()
    await phone.connect(url=other_server)
    assert (await ada.hears("account:activity"))["activity"]["what"] == "signed_in"

    page = await ada.rest("GET", "/auth/sessions/")
    assert [(one["id"], one["current"]) for one in page["items"]] == [(phone.session_id, False), (ada.session_id, True)]
    with refused("not_found"):
        await bob_elsewhere.rest("DELETE", f"/auth/sessions/{phone.session_id}/")
    await ada.rest("DELETE", f"/auth/sessions/{phone.session_id}/")

    ended = await phone.hears("session:ended", within=5)
    assert (ended["code"], ended["reconnect"]) == ("session_ended", False)
    for path in ("/auth/sessions/", "/auth/profile"):
        with refused("unauthenticated"):
            await phone.rest("GET", path)
    with refused("unauthenticated"):
        await phone.refresh()
    with refused("not_found"):
        await ada.rest("DELETE", f"/auth/sessions/{phone.session_id}/")
    assert [one["id"] for one in (await ada.rest("GET", "/auth/sessions/"))["items"]] == [ada.session_id]
    await phone.leave()


async def test_all_others_are_signed_out_at_once(ada: Person) -> None:
    others = [await ada.another_device() for _ in range(2)]
    assert await ada.rest("DELETE", "/auth/sessions/") == {"ended": 2}
    for other in others:
        assert (await other.hears("session:ended", within=5))["code"] == "session_ended"
        await other.leave()
    assert await ada.rest("DELETE", "/auth/sessions/") == {"ended": 0}
    await ada.rest("GET", "/auth/profile")


async def test_a_new_password_ends_every_other_session(ada: Person) -> None:
    thief = await ada.another_device()
    with refused("invalid"):
        await ada.rest("PUT", "/auth/password", {"current_password": "not this one", "new_password": OTHER})
    await thief.rest("GET", "/auth/profile")

    await ada.rest("PUT", "/auth/password", {"current_password": PASSWORD, "new_password": OTHER})

    assert (await thief.hears("session:ended", within=5))["code"] == "password_changed"
    with refused("unauthenticated"):
        await thief.refresh()
    with refused("unauthenticated"):
        await ada.signed_in_again()
    login = {"email": ada.email, "password": OTHER}
    assert (await ada.rest("POST", "/auth/login", login))["user"]["id"] == ada.id
    await ada.refresh()
    await thief.leave()


async def test_what_happened_is_written_down(ada: Person, bob: Person) -> None:
    phone = await ada.signed_in_again()
    await phone.rest("POST", "/auth/logout")
    await ada.rest("PUT", "/auth/password", {"current_password": PASSWORD, "new_password": OTHER})

    found: list[tuple[str, str]] = []
    path = "/auth/activity/?limit=2"
    while True:
        page = await ada.rest("GET", path)
        found += [(one["what"], one["session_id"]) for one in page["items"]]
        if page["next_cursor"] is None:
            break
        path = f"/auth/activity/?limit=2&cursor={page['next_cursor']}"

    assert found == [
        ("password_changed", ada.session_id),
        ("signed_out", phone.session_id),
        ("signed_in", phone.session_id),
        ("signed_up", ada.session_id),
    ]
    assert [one["what"] for one in (await bob.rest("GET", "/auth/activity/"))["items"]] == ["signed_up"]
