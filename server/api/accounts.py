"""One's own account: signing in, tokens, sessions, passwords, leaving."""

from handlers import auth, config, consents, credentials, deletion, export, identities, phones, second_factor, sessions
from handlers.models import Access
from server.api.rates import GUESSING, REDEEMING, WRITING_TO
from server.operation import (
    HOUR,
    MINUTE,
    Operation,
    delete,
    get,
    per_address,
    per_field,
    per_field_from_address,
    per_person,
    post,
    put,
)

PUBLIC, ACCOUNT = Access.PUBLIC, Access.ACCOUNT

ROWS: tuple[Operation, ...] = (
    Operation(config.get_config, http=get("/config/"), access=PUBLIC),
    Operation(auth.sign_up, http=post("/auth/signup", 201), access=PUBLIC, limits=(per_address(50, HOUR),)),
    Operation(
        auth.log_in,
        http=post("/auth/login"),
        access=PUBLIC,
        limits=(
            per_address(20, MINUTE),
            per_field_from_address("email", 5, MINUTE),
            per_field_from_address("email", 30, HOUR),
        ),
    ),
    Operation(auth.refresh, http=post("/auth/refresh"), access=PUBLIC, limits=(per_address(120, MINUTE),)),
    Operation(auth.log_out, http=post("/auth/logout"), access=ACCOUNT),
    Operation(auth.accept_terms, http=post("/auth/terms"), access=ACCOUNT, limits=(per_person(10, MINUTE),)),
    Operation(credentials.change_password, http=put("/auth/password"), access=ACCOUNT, limits=GUESSING),
    Operation(credentials.ask_for_reset, http=post("/auth/password/forgotten"), access=PUBLIC, limits=WRITING_TO),
    Operation(credentials.reset_password, http=post("/auth/password/reset"), access=PUBLIC, limits=REDEEMING),
    Operation(
        credentials.change_email,
        http=put("/auth/email"),
        access=ACCOUNT,
        limits=(*GUESSING, per_field("email", 3, HOUR)),
    ),
    Operation(
        credentials.ask_for_confirmation, http=post("/auth/email/resend"), access=ACCOUNT, limits=(per_person(3, HOUR),)
    ),
    Operation(credentials.confirm_email, http=post("/auth/email/confirm"), access=PUBLIC, limits=REDEEMING),
    Operation(
        phones.ask_for_phone_code,
        http=post("/auth/phone/code"),
        access=ACCOUNT,
        limits=(per_person(5, HOUR), per_address(20, HOUR)),
    ),
    Operation(phones.confirm_phone, http=post("/auth/phone/confirm"), access=ACCOUNT, limits=GUESSING),
    Operation(
        identities.begin_google, http=post("/auth/google/begin"), access=PUBLIC, limits=(per_address(20, MINUTE),)
    ),
    Operation(
        identities.prove_google, http=post("/auth/google/prove"), access=PUBLIC, limits=(per_address(20, MINUTE),)
    ),
    Operation(
        identities.log_in_with_google,
        http=post("/auth/google/login"),
        access=PUBLIC,
        # As codes are guessed at the other door: a second factor is asked for here, too.
        limits=(per_address(20, MINUTE), per_address(60, HOUR), per_field("state", 5, HOUR)),
    ),
    Operation(identities.link_google, http=post("/auth/google/link"), access=ACCOUNT, limits=GUESSING),
    Operation(identities.unlink_google, http=post("/auth/google/unlink"), access=ACCOUNT, limits=GUESSING),
    Operation(identities.list_identities, http=get("/auth/identities/"), access=ACCOUNT),
    Operation(
        second_factor.begin_second_factor, http=post("/auth/second-factor/begin"), access=ACCOUNT, limits=GUESSING
    ),
    Operation(
        second_factor.confirm_second_factor, http=post("/auth/second-factor/confirm"), access=ACCOUNT, limits=GUESSING
    ),
    Operation(second_factor.end_second_factor, http=post("/auth/second-factor/end"), access=ACCOUNT, limits=GUESSING),
    Operation(
        second_factor.renew_recovery_codes, http=post("/auth/second-factor/recovery"), access=ACCOUNT, limits=GUESSING
    ),
    Operation(deletion.delete_account, http=post("/auth/deletion"), access=ACCOUNT, limits=GUESSING),
    # That it is one a day says the one that there is, not how often it is asked for.
    Operation(export.export_account, http=post("/auth/exports/", 201), access=ACCOUNT, limits=GUESSING),
    Operation(export.list_exports, http=get("/auth/exports/"), access=ACCOUNT),
    Operation(
        export.get_export_file,
        http=get("/auth/exports/{export_id}/file/"),
        access=ACCOUNT,
        limits=(per_person(20, HOUR),),
    ),
    Operation(
        export.delete_export,
        http=delete("/auth/exports/{export_id}/"),
        event="export:delete",
        access=ACCOUNT,
        limits=(per_person(20, HOUR),),
    ),
    Operation(consents.list_consents, http=get("/auth/consents/"), event="consent:list", access=ACCOUNT),
    Operation(sessions.list_sessions, http=get("/auth/sessions/"), access=ACCOUNT),
    Operation(sessions.end_one_session, http=delete("/auth/sessions/{session_id}/"), access=ACCOUNT),
    Operation(sessions.end_all_other_sessions, http=delete("/auth/sessions/"), access=ACCOUNT),
    Operation(sessions.list_activity, http=get("/auth/activity/"), access=ACCOUNT),
)
