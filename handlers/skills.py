"""The directory of skills: found while one types, and by category; what is not in it may be taught all the same."""

from typing import Annotated

from pydantic import Field, StringConstraints

from handlers.context import Context
from handlers.errors import Invalid, NotFound
from handlers.models import Cursor, Limit, Query
from handlers.views.skills import DirectorySkillView, SkillsView
from store.skill_directory import load_directory


class SuggestSkills(Query):
    """What was typed so far; or a category, to look through. Without either the categories are answered."""

    q: Annotated[str, StringConstraints(max_length=64)] = Field("", description="The beginning of any of its names.")
    category: Annotated[str, StringConstraints(max_length=64)] | None = None
    cursor: Cursor | None = Field(None, description="Of a category's list.")
    limit: Limit = 10


class GetSkill(Query):
    """Which skill."""

    key: Annotated[str, StringConstraints(max_length=64)]


async def suggest_skills(query: SuggestSkills, _: Context) -> SkillsView:
    """Suggest skills for what somebody types, in whatever language and spelling: the likeliest first."""
    directory = load_directory()
    if query.category is not None and query.category not in directory.categories:
        raise Invalid.field("category", f"Must be one of {', '.join(directory.categories)}.")
    if query.q:
        found = directory.suggest(query.q, limit=len(directory) if query.category else query.limit)
        among = [skill for skill in found if query.category in {None, skill.category}]
        return SkillsView.of(among[: query.limit], directory.categories)
    if query.category is None:
        return SkillsView.of([], directory.categories)
    page = directory.of_category(query.category, after=query.cursor, limit=query.limit + 1)
    return SkillsView.of(page[: query.limit], directory.categories, has_more=len(page) > query.limit)


async def get_skill(query: GetSkill, _: Context) -> DirectorySkillView:
    """A skill of the directory, by its key."""
    skill = load_directory().get(query.key)
    if skill is None:
        raise NotFound("The directory has no such skill.")
    return DirectorySkillView.of(skill)
