"""The forum: discussions in categories, with numbered posts that answer each other; anybody may read it.

The package is one domain; its modules share `access`, through which alone a discussion is loaded.
"""

from handlers.forum.discussions import create_discussion, edit_discussion, list_discussions
from handlers.forum.posts import create_post, get_discussion
from handlers.forum.watching import unwatch_discussion, watch_discussion

__all__ = [
    "create_discussion",
    "create_post",
    "edit_discussion",
    "get_discussion",
    "list_discussions",
    "unwatch_discussion",
    "watch_discussion",
]
