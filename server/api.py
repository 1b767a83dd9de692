"""The whole public surface as one table: what can be asked, by which doors, by whom, how often.

REST and Socket.IO shells, OpenAPI, AsyncAPI and the authorization matrix are made from these rows.
"""

from handlers import auth, chat, profiles
from handlers.models import Access
from server.operation import (
    HOUR,
    MINUTE,
    SECOND,
    Operation,
    get,
    per_address,
    per_field,
    per_person,
    post,
    put,
)

PUBLIC = Access.PUBLIC

OPERATIONS: tuple[Operation, ...] = (
    # Accounts
    Operation(auth.sign_up, http=post("/auth/signup", 201), access=PUBLIC, limits=(per_address(50, HOUR),)),
    Operation(
        auth.log_in,
        http=post("/auth/login"),
        access=PUBLIC,
        limits=(per_address(20, MINUTE), per_field("email", 5, MINUTE)),
    ),
    Operation(auth.refresh, http=post("/auth/refresh"), access=PUBLIC, limits=(per_address(120, MINUTE),)),
    Operation(auth.log_out, http=post("/auth/logout")),
    Operation(profiles.get_profile, http=get("/auth/profile")),
    Operation(profiles.update_profile, http=put("/auth/profile"), limits=(per_person(30, MINUTE),)),
    # Conversations
    Operation(chat.list_threads, http=get("/messages/"), event="thread:list"),
    Operation(chat.open_thread, http=post("/messages/", 201), event="thread:open", limits=(per_person(30, MINUTE),)),
    Operation(chat.get_thread, http=get("/messages/{thread_id}/about/"), event="thread:get"),
    Operation(chat.list_messages, http=get("/messages/{thread_id}/"), event="message:list"),
    Operation(
        chat.send_message,
        http=post("/messages/{thread_id}/", 201),
        event="message:send",
        limits=(per_person(30, 3 * SECOND),),
    ),
)
