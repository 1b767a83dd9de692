"""What a forum's discussions are sorted into. A few are there from the beginning; staff renames and adds."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from store.database import Duplicate
from store.repository import Document, Repository

# One list for all of it, so that an index can read it in its order.
ALL = "forum"
MOST_CATEGORIES = 100


class Category(Document):
    """One of them; `position` orders the list."""

    name: str
    description: str = ""
    position: int
    discussion_count: int = 0
    created_at: datetime
    list: str = ALL


BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
DEFAULTS = tuple(
    Category(id=f"{position:024x}", name=name, description=description, position=position, created_at=BEGINNING)
    for position, (name, description) in enumerate(
        (
            ("Introductions", "Who you are, what you teach and what you would like to learn."),
            ("Skills", "Questions and answers about learning and teaching a skill."),
            ("Swaps", "How a swap went, and how the next one goes better."),
            ("Events", "Meet-ups, online and around the corner."),
            ("Help and ideas", "How this place works, and how it could."),
            ("Everything else", "What fits nowhere else."),
        ),
        start=1,
    )
)


class Categories(Repository[Category]):
    collection = "forum_categories"
    document = Category
    indexes: ClassVar[Sequence[IndexModel]] = (IndexModel([("list", ASCENDING), ("position", ASCENDING)]),)  # all

    async def create_indexes(self) -> None:
        """And the categories there are at the beginning, unless they are there: renamed ones stay as they are."""
        await super().create_indexes()
        for category in DEFAULTS:
            if await self.get(category.id) is None:
                with suppress(Duplicate):
                    await self.insert(category)

    async def all(self) -> list[Category]:
        """Every one of them, in their order."""
        return await self._many({"list": ALL}, sort=(("position", 1),), limit=MOST_CATEGORIES)

    async def change(self, category_id: str, change: Mapping[str, Any]) -> Category | None:
        """Change one."""
        return await self._change({"_id": category_id}, change)
