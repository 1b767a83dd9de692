"""The forum."""

from handlers import forum
from handlers.models import Access
from server.api.rates import MARKING, WRITING
from server.operation import HOUR, MINUTE, Operation, get, per_address, per_person, post, put

PUBLIC = Access.PUBLIC
# Anybody may read, at the pace of people; what a crawler asks for is counted by its address.
READING = (per_address(600, MINUTE),)
POSTING = (per_person(10, MINUTE), per_person(100, HOUR))

ROWS: tuple[Operation, ...] = (
    Operation(forum.list_discussions, http=get("/forums/"), event="discussion:list", access=PUBLIC, limits=READING),
    Operation(
        forum.create_discussion,
        http=post("/forums/", 201),
        event="discussion:create",
        limits=(per_person(5, MINUTE), per_person(20, HOUR)),
    ),
    Operation(
        forum.get_discussion,
        http=get("/forums/{thread_id}/"),
        event="discussion:get",
        access=PUBLIC,
        limits=READING,
    ),
    Operation(forum.create_post, http=post("/forums/{thread_id}/", 201), event="post:create", limits=POSTING),
    Operation(forum.edit_discussion, http=put("/forums/{thread_id}/"), event="discussion:edit", limits=WRITING),
    Operation(forum.watch_discussion, event="discussion:watch", limits=MARKING),
    Operation(forum.unwatch_discussion, event="discussion:unwatch", limits=MARKING),
)
