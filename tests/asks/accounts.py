"""One's own account: signing in, tokens, sessions, passwords, leaving."""

from typing import Any
from uuid import uuid4

from pyotp import TOTP

from server.operation import Operation
from store.tickets import Purpose
from tests.asks.base import EVERYBODY, Asker, Rights, backstage
from tests.fake_google import PAGE, FakeGoogle, somebody
from tests.people import OTHER_PASSWORD, PASSWORD, Person

MAY: Rights = {
    **dict.fromkeys(("get_config", "accept_terms"), EVERYBODY),
    **dict.fromkeys(("sign_up", "log_in", "refresh", "log_out"), EVERYBODY),
    **dict.fromkeys(("consent:list", "list_sessions", "end_all_other_sessions", "list_activity"), EVERYBODY),
    **dict.fromkeys(("change_password", "ask_for_reset", "reset_password"), EVERYBODY),
    **dict.fromkeys(("change_email", "ask_for_confirmation", "confirm_email"), EVERYBODY),
    **dict.fromkeys(("ask_for_phone_code", "confirm_phone"), EVERYBODY),
    **dict.fromkeys(("begin_second_factor", "confirm_second_factor"), EVERYBODY),
    **dict.fromkeys(("end_second_factor", "renew_recovery_codes"), EVERYBODY),
    **dict.fromkeys(("begin_google", "prove_google", "log_in_with_google"), EVERYBODY),
    **dict.fromkeys(("link_google", "unlink_google", "list_identities"), EVERYBODY),
    **dict.fromkeys(("delete_account", "export_account", "list_exports"), EVERYBODY),
    **dict.fromkeys(("get_export_file", "export:delete"), ("not_found", "not_found")),
    "end_one_session": ("not_found", "not_found"),
}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of Ada's account where nothing is lost by it, else of a newcomer's."""
    if row.name in {"get_config", "consent:list", "list_sessions", "list_activity", "list_exports", "list_identities"}:
        return ada, {}
    if row.name == "end_one_session":
        return ada, {"session_id": (await ada.signed_in_again()).session_id}
    if row.is_file or row.name == "export:delete":
        return ada, {"export_id": await backstage(ada).export(ada.id)}
    newcomer = Person("newcomer", ada.url, ada.http)
    if row.name in {"begin_google", "prove_google", "log_in_with_google"}:
        return newcomer, await _of_google(row, newcomer)
    if row.name == "sign_up":
        return newcomer, {"name": "Newcomer", "email": f"{uuid4().hex}@example.org", "password": PASSWORD}
    await newcomer.join()
    payloads: dict[str, dict[str, Any]] = {
        "log_in": {"email": newcomer.email, "password": PASSWORD},
        "refresh": {"refresh_token": newcomer.refresh_token},
        "log_out": {},
        "accept_terms": {"terms": "2026-11"},
        "change_password": {"current_password": PASSWORD, "new_password": OTHER_PASSWORD},
        "ask_for_reset": {"email": newcomer.email},
        "change_email": {"email": f"{uuid4().hex}@example.org", "current_password": PASSWORD},
        "ask_for_confirmation": {},
        "ask_for_phone_code": {},
        "confirm_phone": {"code": "123456"},
        "begin_second_factor": {"current_password": PASSWORD},
        "end_all_other_sessions": {},
        "export_account": {"current_password": PASSWORD},
        "delete_account": {"current_password": PASSWORD},
    }
    if row.name in {"ask_for_phone_code", "confirm_phone"}:
        await newcomer.rest("PUT", "/auth/profile", {"phone": "+49 30 1234567"})
    if row.name == "confirm_phone":
        await newcomer.rest("POST", "/auth/phone/code", {})
    if row.name == "end_all_other_sessions":
        await newcomer.signed_in_again()
    if row.name in {"link_google", "unlink_google"}:
        return newcomer, await _of_google(row, newcomer)
    if row.name in {"confirm_second_factor", "end_second_factor", "renew_recovery_codes"}:
        return newcomer, await _of_second_factor(row, newcomer)
    if row.name == "confirm_email":
        coming = f"{uuid4().hex}@example.org"
        await newcomer.rest("PUT", "/auth/email", {"email": coming, "current_password": PASSWORD})
        return newcomer, {"token": await backstage(ada).link(Purpose.CONFIRM, newcomer.id, coming)}
    if row.name == "reset_password":
        token = await backstage(ada).link(Purpose.RESET, newcomer.id, newcomer.email)
        return newcomer, {"token": token, "new_password": OTHER_PASSWORD}
    return newcomer, payloads[row.name]


def consents(words: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What was said, without when and by what."""
    return [tuple(one[name] for name in ("kind", "granted", "what", "to", "about")) for one in words]


async def _of_google(row: Operation, person: Person) -> dict[str, Any]:
    page = {"redirect_uri": PAGE}
    if row.name == "begin_google":
        return page
    made = await person.rest("POST", "/auth/google/begin", page)
    google = FakeGoogle(made["authorization_url"].partition("/authorize")[0], person.http)
    await google.sets(somebody())
    back = await google.agree(made["authorization_url"])
    ours = {"state": made["state"], "browser_key": made["browser_key"]}
    code = {"authorization_code": back["code"]}
    if row.name == "prove_google":
        return ours | code
    await person.rest("POST", "/auth/google/prove", ours | code)
    if row.name == "unlink_google":
        await person.rest("POST", "/auth/google/link", ours | {"current_password": PASSWORD})
        return {"current_password": PASSWORD}
    return ours if row.name == "log_in_with_google" else ours | {"current_password": PASSWORD}


async def _of_second_factor(row: Operation, person: Person) -> dict[str, Any]:
    begun = await person.rest("POST", "/auth/second-factor/begin", {"current_password": PASSWORD})
    code = {"code": TOTP(begun["secret"]).now()}
    if row.name == "confirm_second_factor":
        return code
    made = await person.rest("POST", "/auth/second-factor/confirm", code)
    return {"current_password": PASSWORD, "code": made["recovery_codes"][0]}
