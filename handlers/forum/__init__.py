"""The forum: discussions in categories, with numbered posts that answer each other; anybody may read it.

The package is one domain; its modules share `access`, through which alone a discussion is loaded.
"""

from handlers.forum.discussions import create_discussion, edit_discussion, list_discussions
from handlers.forum.editing import delete_post, edit_post, list_post_edits, restore_post
from handlers.forum.evidence import discussion_evidence, post_evidence
from handlers.forum.finding import search_posts
from handlers.forum.following import follow_discussion, list_followed, mark_discussion_read, mute_discussion
from handlers.forum.moderating import (
    bring_discussion_back,
    bring_post_back,
    create_category,
    edit_category,
    merge_discussions,
    moderate_discussion,
    moderate_post,
    put_discussion_away,
    put_post_away,
    take_followers,
)
from handlers.forum.posts import create_post, get_discussion
from handlers.forum.telling import tell_more_followers
from handlers.forum.voting import accept_answer, unaccept_answer, unvote_post, vote_for_post
from handlers.forum.watching import unwatch_discussion, watch_discussion

__all__ = [
    "accept_answer",
    "bring_discussion_back",
    "bring_post_back",
    "create_category",
    "create_discussion",
    "create_post",
    "delete_post",
    "discussion_evidence",
    "edit_category",
    "edit_discussion",
    "edit_post",
    "follow_discussion",
    "get_discussion",
    "list_discussions",
    "list_followed",
    "list_post_edits",
    "mark_discussion_read",
    "merge_discussions",
    "moderate_discussion",
    "moderate_post",
    "mute_discussion",
    "post_evidence",
    "put_discussion_away",
    "put_post_away",
    "restore_post",
    "search_posts",
    "take_followers",
    "tell_more_followers",
    "unaccept_answer",
    "unvote_post",
    "unwatch_discussion",
    "vote_for_post",
    "watch_discussion",
]
