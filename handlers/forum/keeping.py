"""The one way in which a discussion changes: its category counts it as long as it is listed there."""

from typing import Any

from handlers.context import Context
from handlers.errors import Conflict
from store.discussions import Discussion


async def change(discussion: Discussion, change: dict[str, Any], ctx: Context) -> Discussion:
    """Change a discussion, and count it where it is listed afterwards."""
    changed = await ctx.store.discussions.change(discussion.id, change)
    if changed is None:
        raise Conflict("This discussion is gone.")
    before, after = _counted_in(discussion), _counted_in(changed)
    if before != after:
        for category_id, by in ((before, -1), (after, 1)):
            if category_id is not None:
                await ctx.store.categories.change(category_id, {"$inc": {"discussion_count": by}})
    return changed


def _counted_in(discussion: Discussion) -> str | None:
    return discussion.category_id if discussion.is_listed else None
