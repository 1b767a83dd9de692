"""The directory of skills, as it is read."""

from collections.abc import Sequence

from pydantic import Field

from handlers.models import View
from store.skill_directory import DirectorySkill


class DirectorySkillView(View):
    """A skill that is known by name. The key stays for good, names and aliases may be corrected."""

    key: str
    name: str
    category: str
    aliases: tuple[str, ...] = Field(description="What else it is called, in several languages.")

    @classmethod
    def of(cls, skill: DirectorySkill) -> "DirectorySkillView":
        return cls(key=skill.key, name=skill.name, category=skill.category, aliases=skill.aliases)


class SkillsView(View):
    """Some skills, and the categories that all are sorted into."""

    items: list[DirectorySkillView]
    categories: tuple[str, ...]
    next_cursor: str | None = None

    @classmethod
    def of(
        cls, skills: Sequence[DirectorySkill], categories: tuple[str, ...], *, has_more: bool = False
    ) -> "SkillsView":
        items = [DirectorySkillView.of(skill) for skill in skills]
        return cls(items=items, categories=categories, next_cursor=skills[-1].key if has_more else None)
