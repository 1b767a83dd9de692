"""Conversations."""

from handlers import chat
from handlers.models import Access
from server.api.rates import MARKING, SEARCHING, WRITING
from server.operation import SECOND, Operation, delete, get, per_person, post, put

ROWS: tuple[Operation, ...] = (
    Operation(chat.list_threads, http=get("/messages/"), event="thread:list"),
    Operation(chat.open_thread, http=post("/messages/", 201), event="thread:open", access=Access.VOICE, limits=WRITING),
    Operation(chat.search_messages, http=get("/messages/search/"), event="message:search", limits=SEARCHING),
    Operation(chat.get_first_contacts, http=get("/messages/first-contacts/"), event="contact:left"),
    Operation(chat.accept_request, http=post("/messages/{thread_id}/accept/"), event="thread:accept", limits=WRITING),
    Operation(
        chat.decline_request, http=post("/messages/{thread_id}/decline/"), event="thread:decline", limits=WRITING
    ),
    Operation(chat.list_saved, http=get("/messages/saved/"), event="saved:list"),
    Operation(chat.get_thread, http=get("/messages/{thread_id}/about/"), event="thread:get"),
    Operation(
        chat.rename_thread,
        http=put("/messages/{thread_id}/about/"),
        event="thread:rename",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(
        chat.add_people,
        http=post("/messages/{thread_id}/people/"),
        event="thread:add",
        access=Access.VOICE,
        limits=WRITING,
    ),
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
        access=Access.VOICE,
        limits=(per_person(30, 3 * SECOND),),
    ),
    Operation(
        chat.edit_message,
        http=put("/messages/{thread_id}/{message_id}/"),
        event="message:edit",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(
        chat.delete_message, http=delete("/messages/{thread_id}/{message_id}/"), event="message:delete", limits=WRITING
    ),
    Operation(
        chat.restore_message,
        http=post("/messages/{thread_id}/{message_id}/restore/"),
        event="message:restore",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(
        chat.react,
        http=put("/messages/{thread_id}/{message_id}/reactions/"),
        event="message:react",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(
        chat.unreact,
        http=delete("/messages/{thread_id}/{message_id}/reactions/"),
        event="message:unreact",
        limits=WRITING,
    ),
    Operation(
        chat.pin_message,
        http=put("/messages/{thread_id}/{message_id}/pin/"),
        event="message:pin",
        access=Access.VOICE,
        limits=WRITING,
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
    Operation(chat.start_typing, event="typing:start", access=Access.VOICE, limits=(per_person(10, 5 * SECOND),)),
    Operation(chat.stop_typing, event="typing:stop", limits=(per_person(10, 5 * SECOND),)),
)
