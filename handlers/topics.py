"""What each topic of notifications is, and how it reaches those who chose nothing."""

from typing import NamedTuple

from store.notification_preferences import Channel, NotificationPreferences
from store.notifications import Topic

IN_APP, PUSH, EMAIL, DIGEST = Channel


class About(NamedTuple):
    """A topic, for people who choose; what is locked nobody can do without."""

    description: str
    on: frozenset[Channel]
    locked: frozenset[Channel] = frozenset()


ABOUT: dict[Topic, About] = {
    Topic.MESSAGES: About("Messages that came while you were away.", frozenset({IN_APP, PUSH, EMAIL})),
    Topic.SWAPS: About("Requests to swap, and what becomes of them.", frozenset({IN_APP, PUSH, EMAIL})),
    Topic.REMINDERS: About("What is about to begin.", frozenset({IN_APP, PUSH, EMAIL})),
    Topic.MATCHES: About("People who teach what you want to learn.", frozenset({IN_APP, DIGEST})),
    Topic.GIGS: About("News of offers that concern you.", frozenset({IN_APP, DIGEST})),
    Topic.SAVED_SEARCHES: About("New offers that your saved searches find.", frozenset({IN_APP, PUSH, DIGEST})),
    Topic.REVIEWS: About("What others say of swaps with you.", frozenset({IN_APP, PUSH, EMAIL})),
    Topic.CALLS: About("Calls, and those you missed.", frozenset({IN_APP, PUSH})),
    Topic.FORUM: About("Answers in discussions that you follow.", frozenset({IN_APP, DIGEST})),
    Topic.ACHIEVEMENTS: About("Badges that you earned.", frozenset({IN_APP})),
    Topic.ACCOUNT: About(
        "What protects your account, which is always told.",
        frozenset({IN_APP, PUSH, EMAIL}),
        locked=frozenset({IN_APP, EMAIL}),
    ),
    Topic.MODERATION: About(
        "What becomes of reports, and what staff decided about you.",
        frozenset({IN_APP, PUSH, EMAIL}),
        locked=frozenset({IN_APP}),
    ),
}


def wants(preferences: NotificationPreferences, topic: Topic, channel: Channel) -> bool:
    """Whether a topic reaches a person by a channel."""
    about = ABOUT[topic]
    if channel in about.locked:
        return True
    return preferences.chosen.get(topic, {}).get(channel, channel in about.on)
