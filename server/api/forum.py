"""The forum."""

from handlers import forum
from handlers.models import Access
from server.api.rates import FINDING, MARKING, WRITING
from server.operation import HOUR, MINUTE, Operation, delete, get, per_address, per_person, post, put

PUBLIC, MODERATOR = Access.PUBLIC, Access.MODERATOR
# Anybody may read, at the pace of people; what a crawler asks for is counted by its address.
READING = (per_address(600, MINUTE),)
POSTING = (per_person(10, MINUTE), per_person(100, HOUR))

ROWS: tuple[Operation, ...] = (
    Operation(forum.list_discussions, http=get("/forums/"), event="discussion:list", access=PUBLIC, limits=READING),
    Operation(forum.search_posts, http=get("/forums/posts/"), event="post:search", access=PUBLIC, limits=FINDING),
    Operation(
        forum.create_discussion,
        http=post("/forums/", 201),
        event="discussion:create",
        access=Access.VOICE,
        limits=(per_person(5, MINUTE), per_person(20, HOUR)),
    ),
    Operation(
        forum.get_discussion,
        http=get("/forums/{thread_id}/"),
        event="discussion:get",
        access=PUBLIC,
        limits=READING,
    ),
    Operation(
        forum.create_post,
        http=post("/forums/{thread_id}/", 201),
        event="post:create",
        access=Access.VOICE,
        limits=POSTING,
    ),
    Operation(
        forum.edit_discussion,
        http=put("/forums/{thread_id}/"),
        event="discussion:edit",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(
        forum.edit_post,
        http=put("/forums/{thread_id}/{post_id}/"),
        event="post:edit",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(forum.delete_post, http=delete("/forums/{thread_id}/{post_id}/"), event="post:delete", limits=WRITING),
    Operation(
        forum.restore_post,
        http=post("/forums/{thread_id}/{post_id}/restore/"),
        event="post:restore",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(
        forum.vote_for_post,
        http=put("/forums/{thread_id}/{post_id}/vote/"),
        event="post:vote",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(
        forum.unvote_post, http=delete("/forums/{thread_id}/{post_id}/vote/"), event="post:unvote", limits=WRITING
    ),
    Operation(
        forum.accept_answer,
        http=put("/forums/{thread_id}/{post_id}/accepted/"),
        event="post:accept",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(
        forum.unaccept_answer,
        http=delete("/forums/{thread_id}/{post_id}/accepted/"),
        event="post:unaccept",
        limits=WRITING,
    ),
    Operation(forum.list_followed, http=get("/forums/followed/"), event="discussion:followed"),
    Operation(
        forum.follow_discussion, http=put("/forums/{thread_id}/follow/"), event="discussion:follow", limits=WRITING
    ),
    Operation(forum.mute_discussion, http=put("/forums/{thread_id}/mute/"), event="discussion:mute", limits=WRITING),
    Operation(
        forum.mark_discussion_read, http=post("/forums/{thread_id}/read/"), event="discussion:read", limits=MARKING
    ),
    Operation(forum.create_category, http=post("/forums/categories/", 201), access=MODERATOR, limits=WRITING),
    Operation(forum.edit_category, http=put("/forums/categories/{category_id}/"), access=MODERATOR, limits=WRITING),
    Operation(forum.moderate_discussion, http=put("/forums/{thread_id}/staff/"), access=MODERATOR, limits=WRITING),
    Operation(forum.merge_discussions, http=post("/forums/{thread_id}/merge/"), access=MODERATOR, limits=WRITING),
    Operation(forum.moderate_post, http=put("/forums/{thread_id}/{post_id}/staff/"), access=MODERATOR, limits=WRITING),
    Operation(
        forum.list_post_edits, http=get("/forums/{thread_id}/{post_id}/edits/"), access=MODERATOR, limits=WRITING
    ),
    Operation(forum.watch_discussion, event="discussion:watch", limits=MARKING),
    Operation(forum.unwatch_discussion, event="discussion:unwatch", limits=MARKING),
)
