"""What people are shown of what they are notified of."""

from datetime import datetime
from typing import Any

from pydantic import Field

from handlers.models import View
from handlers.topics import ABOUT, wants
from store.notification_preferences import Channel, NotificationPreferences, QuietRange
from store.notifications import Notification, Topic
from store.push_subscriptions import PushSubscription


class NotificationView(View):
    """Something to know of. While it is unread it may grow: keep the last one of an id."""

    id: str
    topic: Topic
    title: str
    text: str
    about: str = Field(description="The kind and the id of what it is about, such as `swap:65f0…`.")
    data: dict[str, Any] = Field(description="What a client may want to show beside it; by topic.")
    actor_id: str | None = Field(description="Who caused it; null if nobody did.")
    count: int = Field(description="How often it happened since it was last read.")
    urgent: bool
    unread: bool
    createdAt: datetime  # noqa: N815 - the blueprint's name
    at: datetime = Field(description="When it last happened; the list is in this order.")
    expires_at: datetime

    @classmethod
    def of(cls, one: Notification) -> "NotificationView":
        return cls(
            id=one.id,
            topic=one.topic,
            title=one.heading,
            text=one.words,
            about=one.about,
            data=one.data,
            actor_id=one.actor_id,
            count=one.count,
            urgent=one.urgent,
            unread=one.read_at is None,
            createdAt=one.created_at,
            at=one.at,
            expires_at=one.expires_at,
        )


class BadgeView(View):
    """How much a person has not read."""

    unread: int


class TopicView(View):
    """How one topic reaches you; what is `locked` cannot be switched off."""

    topic: Topic
    description: str
    channels: tuple[Channel, ...]
    locked: tuple[Channel, ...]

    @classmethod
    def of(cls, topic: Topic, preferences: NotificationPreferences) -> "TopicView":
        about = ABOUT[topic]
        return cls(
            topic=topic,
            description=about.description,
            channels=tuple(channel for channel in Channel if wants(preferences, topic, channel)),
            locked=tuple(channel for channel in Channel if channel in about.locked),
        )


class PreferencesView(View):
    """What reaches you how, and when you want quiet."""

    topics: tuple[TopicView, ...]
    time_zone: str | None = Field(description="By whose clock; null is that of your profile, wherever it moves.")
    quiet: tuple[QuietRange, ...]
    quiet_channels: tuple[Channel, ...]
    digest_hour: int = Field(description="At which hour, by your clock, the daily letter comes.")

    @classmethod
    def of(cls, preferences: NotificationPreferences) -> "PreferencesView":
        return cls(
            topics=tuple(TopicView.of(topic, preferences) for topic in Topic),
            time_zone=preferences.time_zone,
            quiet=preferences.quiet,
            quiet_channels=preferences.quiet_channels,
            digest_hour=preferences.digest_hour,
        )


class UnsubscribedView(View):
    """What somebody gets no more letters about."""

    topics: tuple[Topic, ...]


class PushSubscriptionView(View):
    """A device that is told also while it is closed."""

    id: str
    session_id: str
    device: str = Field(description="What the client called itself.")
    current: bool = Field(description="Whether it is the one that asks.")
    createdAt: datetime  # noqa: N815 - the blueprint's name

    @classmethod
    def of(cls, one: PushSubscription, *, session_id: str) -> "PushSubscriptionView":
        return cls(
            id=one.id,
            session_id=one.session_id,
            device=one.device,
            current=one.session_id == session_id,
            createdAt=one.created_at,
        )
