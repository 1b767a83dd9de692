"""A person's own profile. The public projection of others' is a view of its own."""

from typing import Annotated

from pydantic import Field

from handlers.account import access_self
from handlers.context import Context, people
from handlers.errors import NotFound
from handlers.events.accounts import PresenceChanged
from handlers.models import Command, Line, Prose, Query
from handlers.views.profiles import ProfileView
from handlers.visibility import contacts, seen
from store.users import Privacy

Phone = Annotated[str, Field(pattern=r"^\+?[0-9 ()./-]{3,32}$")]


class GetProfile(Query):
    """One's own."""


class UpdateProfile(Command):
    """The fields to change; those left out stay."""

    name: Line | None = None
    bio: Prose | None = None
    skills: Annotated[tuple[Line, ...], Field(max_length=30)] | None = None
    phone: Phone | None = None
    address: Prose | None = None
    privacy: Privacy | None = Field(default=None, description="What of your doings others get to see.")


async def get_profile(_: GetProfile, ctx: Context) -> ProfileView:
    """Your own profile, private fields included."""
    return ProfileView.of(await access_self(ctx))


async def update_profile(command: UpdateProfile, ctx: Context) -> ProfileView:
    """Change your profile; phone and address are cleared by null, the rest cannot be null."""
    me = ctx.actor.user_id
    # Asked before the first word to the database: nothing else may be waited for within a transaction.
    online = command.privacy is not None and me in await ctx.ports.presence.online([me])
    before = await access_self(ctx)
    clearable = {"phone", "address"}
    fields = {
        name: value
        for name, value in command.model_dump(exclude_unset=True).items()
        if value is not None or name in clearable
    }
    updated = await ctx.store.users.update(me, {**fields, "updated_at": ctx.now})
    if updated is None:
        raise NotFound("This account is gone.")
    if updated.privacy.presence != before.privacy.presence:
        # Others see at once what one shows from now on: who hides is gone from their screens, too.
        view = seen(updated, online=online, now=ctx.now)
        ctx.emit(PresenceChanged(presence=view), to=people(*await contacts(me, ctx)))
    return ProfileView.of(updated)
