"""Choosing what reaches one how: topics by channels, and quiet hours by the clock on one's wall."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from handlers.context import Context, people
from handlers.errors import Invalid
from handlers.events.notifications import PreferencesChanged
from handlers.models import Command, Query, Whole
from handlers.topics import ABOUT
from handlers.views.notifications import PreferencesView
from store.notification_preferences import Channel, NotificationPreferences, Weekday
from store.notifications import Topic


def known_zone(name: str) -> str:
    """A zone of the IANA database."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("Must be a zone of the IANA database, like Europe/Berlin.") from None
    return name


Zone = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$"), AfterValidator(known_zone)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class TopicChoice(BaseModel):
    """By which channels a topic shall reach you, and by no others."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: Topic
    channels: Annotated[tuple[Channel, ...], Field(max_length=len(Channel))]


class QuietChoice(BaseModel):
    """Quiet on some days, by the clock on your wall; where `end` is not later, it is on the day after."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)]
    start: Clock
    end: Clock


class GetPreferences(Query):
    """One's own."""


class SetPreferences(Command):
    """What shall change; what is left out stays."""

    topics: Annotated[tuple[TopicChoice, ...], Field(max_length=len(Topic))] = ()
    time_zone: Zone | None = Field(None, description="By whose clock; null is that of your profile again.")
    quiet: Annotated[tuple[QuietChoice, ...], Field(max_length=21)] | None = None
    quiet_channels: tuple[Literal[Channel.PUSH, Channel.EMAIL], ...] | None = Field(
        None, max_length=2, description="What waits in quiet hours, unless it is urgent."
    )
    digest_hour: Annotated[Whole, Field(ge=0, le=23)] | None = None


async def get_preferences(_: GetPreferences, ctx: Context) -> PreferencesView:
    """What reaches you how, and when you want quiet."""
    me = ctx.actor.user_id
    return PreferencesView.of((await ctx.store.notification_preferences.of([me]))[me])


async def set_preferences(command: SetPreferences, ctx: Context) -> PreferencesView:
    """Choose what reaches you how, and when you want quiet; what protects your account is told in any case."""
    me = ctx.actor.user_id
    before = (await ctx.store.notification_preferences.of([me]))[me]
    chosen = {topic: dict(channels) for topic, channels in before.chosen.items()}
    for choice in command.topics:
        _choose(choice, chosen)
    given = command.model_dump(include={"time_zone", "quiet", "quiet_channels", "digest_hour"}, exclude_unset=True)
    # Nothing else than a zone is taken back by null.
    fields = {name: value for name, value in given.items() if value is not None or name == "time_zone"}
    after = NotificationPreferences.model_validate(
        {**before.model_dump(), **fields, "chosen": chosen, "updated_at": ctx.now}
    )
    await ctx.store.notification_preferences.put(after, is_new=before.updated_at is None)
    view = PreferencesView.of(after)
    ctx.emit(PreferencesChanged(preferences=view), to=people(me))
    return view


def _choose(choice: TopicChoice, chosen: dict[Topic, dict[Channel, bool]]) -> None:
    if missing := ABOUT[choice.topic].locked.difference(choice.channels):
        told = ", ".join(sorted(missing))
        raise Invalid.field(f"topics.{choice.topic}", f"This is told in any case by: {told}.", code="locked")
    chosen[choice.topic] = {channel: channel in choice.channels for channel in Channel}
