"""What happens in the forum: told to those who watch a discussion; what one missed is fetched by the posts' numbers."""

from handlers.events.base import Event
from handlers.views.forum import DiscussionView, FollowView, PostView


class PostCreated(Event):
    """Somebody wrote in a discussion that you watch. A hole in `n` means that you missed a post: fetch it."""

    name = "post:created"
    durable = False
    post: PostView


class PostEdited(Event):
    """A post in a discussion that you watch has a new text, or was hidden, or is shown again."""

    name = "post:edited"
    durable = False
    post: PostView


class PostDeleted(Event):
    """A post in a discussion that you watch was deleted: its place stays, its text is gone."""

    name = "post:deleted"
    durable = False
    post: PostView


class PostRestored(Event):
    """A deleted post in a discussion that you watch is back."""

    name = "post:restored"
    durable = False
    post: PostView


class PostVoted(Event):
    """A post in a discussion that you watch has so many votes now."""

    name = "post:voted"
    durable = False
    thread_id: str
    post_id: str
    n: int
    version: int
    votes: int


class DiscussionUpdated(Event):
    """A discussion that you watch changed: its title, its answer, what staff did with it. `mine` is always null."""

    name = "discussion:updated"
    durable = False
    discussion: DiscussionView


class FollowChanged(Event):
    """You follow or ignore a discussion, or have read on in it, on another device of yours."""

    name = "follow:changed"
    thread_id: str
    mine: FollowView


EVENTS: tuple[type[Event], ...] = (
    PostCreated,
    PostEdited,
    PostDeleted,
    PostRestored,
    PostVoted,
    DiscussionUpdated,
    FollowChanged,
)
