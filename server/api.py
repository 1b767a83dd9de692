"""The whole public surface as one table: what can be asked, by which doors, by whom, how often.

REST and Socket.IO shells, OpenAPI, AsyncAPI and the authorization matrix are made from these rows.
"""

from handlers import (
    auth,
    chat,
    config,
    credentials,
    deletion,
    export,
    identities,
    presence,
    profiles,
    second_factor,
    sessions,
    staff,
    uploads,
)
from handlers.models import Access
from server.operation import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
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

# What changes something, what moves a mark, what searches: by person, on all devices.
WRITING = (per_person(60, MINUTE),)
MARKING = (per_person(50, 5 * SECOND),)
SEARCHING = (per_person(30, MINUTE),)
# What a thief of a device could try passwords by; what has letters written to anybody; what takes links.
GUESSING = (per_person(5, MINUTE),)
WRITING_TO = (per_address(20, HOUR), per_field("email", 3, HOUR))
REDEEMING = (per_address(30, HOUR),)

OPERATIONS: tuple[Operation, ...] = (
    Operation(config.get_config, http=get("/config/"), access=PUBLIC),
    # Accounts
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
        identities.begin_google, http=post("/auth/google/begin"), access=PUBLIC, limits=(per_address(20, MINUTE),)
    ),
    Operation(
        identities.prove_google, http=post("/auth/google/prove"), access=PUBLIC, limits=(per_address(20, MINUTE),)
    ),
    Operation(
        identities.log_in_with_google, http=post("/auth/google/login"), access=PUBLIC, limits=(per_address(20, MINUTE),)
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
    Operation(
        export.export_account, http=post("/auth/exports/", 201), access=ACCOUNT, limits=(*GUESSING, per_person(3, DAY))
    ),
    Operation(export.list_exports, http=get("/auth/exports/"), access=ACCOUNT),
    Operation(
        export.get_export_file,
        http=get("/auth/exports/{export_id}/file/"),
        access=ACCOUNT,
        limits=(per_person(20, HOUR),),
    ),
    Operation(sessions.list_sessions, http=get("/auth/sessions/"), access=ACCOUNT),
    Operation(sessions.end_one_session, http=delete("/auth/sessions/{session_id}/"), access=ACCOUNT),
    Operation(sessions.end_all_other_sessions, http=delete("/auth/sessions/"), access=ACCOUNT),
    Operation(sessions.list_activity, http=get("/auth/activity/"), access=ACCOUNT),
    Operation(profiles.get_profile, http=get("/auth/profile"), access=ACCOUNT),
    Operation(profiles.update_profile, http=put("/auth/profile"), limits=(per_person(30, MINUTE),)),
    # Staff
    Operation(
        staff.list_activity_of, http=get("/staff/people/{user_id}/activity/"), access=Access.MODERATOR, limits=WRITING
    ),
    Operation(staff.set_role, http=put("/staff/people/{user_id}/role/"), access=Access.ADMIN, limits=WRITING),
    Operation(staff.ban_person, http=put("/staff/people/{user_id}/ban/"), access=Access.MODERATOR, limits=WRITING),
    Operation(staff.lift_ban, http=delete("/staff/people/{user_id}/ban/"), access=Access.MODERATOR, limits=WRITING),
    Operation(staff.list_staff_acts, http=get("/staff/acts/"), access=Access.ADMIN, limits=WRITING),
    # Conversations
    Operation(chat.list_threads, http=get("/messages/"), event="thread:list"),
    Operation(chat.open_thread, http=post("/messages/", 201), event="thread:open", limits=WRITING),
    Operation(chat.search_messages, http=get("/messages/search/"), event="message:search", limits=SEARCHING),
    Operation(chat.list_saved, http=get("/messages/saved/"), event="saved:list"),
    Operation(chat.get_thread, http=get("/messages/{thread_id}/about/"), event="thread:get"),
    Operation(chat.rename_thread, http=put("/messages/{thread_id}/about/"), event="thread:rename", limits=WRITING),
    Operation(chat.add_people, http=post("/messages/{thread_id}/people/"), event="thread:add", limits=WRITING),
    Operation(
        chat.remove_person,
        http=delete("/messages/{thread_id}/people/{user_id}/"),
        event="thread:remove",
        limits=WRITING,
    ),
    Operation(
        chat.promote_person,
        http=post("/messages/{thread_id}/people/{user_id}/admin/"),
        event="thread:promote",
        limits=WRITING,
    ),
    Operation(chat.list_marks, http=get("/messages/{thread_id}/marks/"), event="mark:list"),
    Operation(chat.mark_read, http=post("/messages/{thread_id}/read/"), event="mark:read", limits=MARKING),
    Operation(chat.mark_unread, http=post("/messages/{thread_id}/unread/"), event="mark:unread", limits=MARKING),
    Operation(
        chat.mark_delivered, http=post("/messages/{thread_id}/delivered/"), event="mark:delivered", limits=MARKING
    ),
    Operation(chat.mute_thread, http=put("/messages/{thread_id}/mute/"), event="thread:mute", limits=WRITING),
    Operation(chat.archive_thread, http=put("/messages/{thread_id}/archive/"), event="thread:archive", limits=WRITING),
    Operation(
        chat.unarchive_thread, http=delete("/messages/{thread_id}/archive/"), event="thread:unarchive", limits=WRITING
    ),
    Operation(chat.list_messages, http=get("/messages/{thread_id}/"), event="message:list"),
    Operation(
        chat.send_message,
        http=post("/messages/{thread_id}/", 201),
        event="message:send",
        limits=(per_person(30, 3 * SECOND),),
    ),
    Operation(chat.edit_message, http=put("/messages/{thread_id}/{message_id}/"), event="message:edit", limits=WRITING),
    Operation(
        chat.delete_message, http=delete("/messages/{thread_id}/{message_id}/"), event="message:delete", limits=WRITING
    ),
    Operation(
        chat.restore_message,
        http=post("/messages/{thread_id}/{message_id}/restore/"),
        event="message:restore",
        limits=WRITING,
    ),
    Operation(
        chat.react, http=put("/messages/{thread_id}/{message_id}/reactions/"), event="message:react", limits=WRITING
    ),
    Operation(
        chat.unreact,
        http=delete("/messages/{thread_id}/{message_id}/reactions/"),
        event="message:unreact",
        limits=WRITING,
    ),
    Operation(
        chat.pin_message, http=put("/messages/{thread_id}/{message_id}/pin/"), event="message:pin", limits=WRITING
    ),
    Operation(
        chat.unpin_message,
        http=delete("/messages/{thread_id}/{message_id}/pin/"),
        event="message:unpin",
        limits=WRITING,
    ),
    Operation(
        chat.save_message, http=put("/messages/{thread_id}/{message_id}/save/"), event="message:save", limits=WRITING
    ),
    Operation(
        chat.unsave_message,
        http=delete("/messages/{thread_id}/{message_id}/save/"),
        event="message:unsave",
        limits=WRITING,
    ),
    # Files
    Operation(uploads.receive_upload, http=post("/uploads/", 201), limits=(per_person(60, HOUR),)),
    Operation(uploads.list_uploads, http=get("/uploads/")),
    Operation(uploads.get_upload, http=get("/uploads/{upload_id}/about/"), access=PUBLIC),
    Operation(uploads.get_upload_file, http=get("/uploads/{upload_id}/"), access=PUBLIC),
    Operation(uploads.delete_upload, http=delete("/uploads/{upload_id}/"), limits=WRITING),
    # Of the moment
    Operation(chat.start_typing, event="typing:start", limits=(per_person(10, 5 * SECOND),)),
    Operation(chat.stop_typing, event="typing:stop", limits=(per_person(10, 5 * SECOND),)),
    Operation(presence.get_presence, http=get("/presence/"), event="presence:get", limits=MARKING),
    Operation(
        presence.set_presence, http=put("/presence/"), event="presence:set", limits=(per_person(10, 10 * SECOND),)
    ),
)
