"""Letters about what somebody has not read: together, no more often than hourly, or once a day, and never of what was.

How far letters have told is a mark that moves once, in the transaction that asks for a letter; the letter itself tells
what lies between two marks, and so the same however often it has to be written.
"""

import html
from datetime import timedelta

from handlers.context import Context
from handlers.delivery import is_news
from handlers.errands import Errand, ask_later
from handlers.letters import Letter
from handlers.quiet import quiet_until
from handlers.topics import ABOUT, wants
from store.jobs import Queue
from store.notification_preferences import Channel, NotificationPreferences
from store.notifications import Notification, Topic
from store.users import User

# Between two letters; the look itself waits, for it may be read meanwhile.
MISSED_AFTER = timedelta(minutes=15)
EVERY = timedelta(hours=1)
MOST_TOLD = 30
UNSUBSCRIBE = "unsubscribe"


class LookForMissed(Errand):
    """Somebody may not have read what they were notified of."""

    user_id: str
    digest: bool = False


class MissedLetter(Errand):
    """Write of what somebody has not read, between two marks."""

    queue = Queue.LETTERS

    user_id: str
    after: str
    up_to: str
    digest: bool


def goes_by_letter(preferences: NotificationPreferences, topic: Topic, *, digest: bool) -> bool:
    """Whether somebody is written to about a topic, at once or daily; what protects the account has its own letters."""
    if topic is Topic.ACCOUNT:
        return False
    at_once = wants(preferences, topic, Channel.EMAIL)
    return wants(preferences, topic, Channel.DIGEST) and not at_once if digest else at_once


async def look_for_missed(errand: LookForMissed, ctx: Context) -> None:
    """Have a letter written, if there is something that was not read and that no letter has told."""
    user = await ctx.store.users.get(errand.user_id)
    marks = await ctx.store.notification_marks.get(errand.user_id)
    if user is None or marks is None or not _is_reachable(user):
        return
    preferences = (await ctx.store.notification_preferences.of([user.id]))[user.id]
    later = None
    if not errand.digest and Channel.EMAIL in preferences.quiet_channels:
        later = quiet_until(preferences, ctx.now)
    if not errand.digest and marks.lettered_at is not None and ctx.now < marks.lettered_at + EVERY:
        later = max(later or ctx.now, marks.lettered_at + EVERY)
    if later is not None:
        await ask_later(errand, ctx, at=later, key=missed_key(user.id, digest=False))
        return
    after = marks.digested_up_to if errand.digest else marks.lettered_up_to
    if news := await _missed(user.id, preferences, ctx, after=after, digest=errand.digest):
        up_to = news[0].order
        told = {"digested_up_to": up_to} if errand.digest else {"lettered_up_to": up_to, "lettered_at": ctx.now}
        await ctx.store.notification_marks.update(user.id, told)
        await ask_later(MissedLetter(user_id=user.id, after=after, up_to=up_to, digest=errand.digest), ctx)


async def write_missed(errand: MissedLetter, ctx: Context) -> Letter | None:
    """A letter about what somebody has still not read; none if they have."""
    user = await ctx.store.users.get(errand.user_id)
    if user is None or not _is_reachable(user):
        return None
    preferences = (await ctx.store.notification_preferences.of([user.id]))[user.id]
    news = await _missed(user.id, preferences, ctx, after=errand.after, digest=errand.digest)
    news = [one for one in news if one.order <= errand.up_to]
    return _letter(user, news, ctx, digest=errand.digest) if news else None


def missed_key(user_id: str, *, digest: bool) -> str:
    """By what it is asked for once to look for what somebody missed."""
    return f"{'digest' if digest else 'missed'}:{user_id}"


async def _missed(
    user_id: str, preferences: NotificationPreferences, ctx: Context, *, after: str, digest: bool
) -> list[Notification]:
    found = await ctx.store.notifications.since(user_id, after=after, limit=MOST_TOLD)
    return [one for one in found if is_news(one, ctx.now) and goes_by_letter(preferences, one.topic, digest=digest)]


def _is_reachable(user: User) -> bool:
    """Whether there is an address that is surely theirs, and they have not gone."""
    return user.owned_email is not None and user.closes_at is None and user.ban is None


def _letter(user: User, news: list[Notification], ctx: Context, *, digest: bool) -> Letter:
    topics = list(dict.fromkeys(one.topic for one in news))
    stops = {topic: _stop_link(user.id, [topic], ctx) for topic in topics}
    one_click = _stop_link(user.id, topics, ctx)
    if digest:
        subject = "Your day on SkillNet"
    else:
        subject = news[0].heading if len(news) == 1 else f"{len(news)} notifications on SkillNet"
    return Letter(
        to=user.email,
        subject=" ".join(subject.split()),
        text=_plain(user.name, news, stops, ctx.ports.rules.web_url),
        html=_markup(user.name, news, stops, ctx.ports.rules.web_url),
        headers=(("List-Unsubscribe", f"<{one_click}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")),
    )


def _stop_link(user_id: str, topics: list[Topic], ctx: Context) -> str:
    # Encrypted: whoever sees the address learns neither who nor what; it is good as long as the letter is kept.
    token = ctx.ports.vault.seal(f"{user_id}:{','.join(topics)}", of=UNSUBSCRIBE)
    return f"{ctx.ports.rules.web_url}/unsubscribe/{token}"


def _plain(name: str, news: list[Notification], stops: dict[Topic, str], web_url: str) -> str:
    told = [f"* {one.heading}" + (f"\n  {one.text}" if one.text else "") for one in news]
    ways = [f"No more letters about this ({ABOUT[topic].description})\n{link}" for topic, link in stops.items()]
    return "\n\n".join([f"Hello {name},", "while you were away:", *told, web_url, *ways]) + "\n"


def _markup(name: str, news: list[Notification], stops: dict[Topic, str], web_url: str) -> str:
    told = "".join(f"<li><b>{html.escape(one.heading)}</b><br>{html.escape(one.text)}</li>" for one in news)
    ways = "".join(
        f'<p><a href="{html.escape(link)}">No more letters about this</a>: {html.escape(ABOUT[topic].description)}</p>'
        for topic, link in stops.items()
    )
    place = html.escape(web_url)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>SkillNet</title></head>'
        f"<body><p>Hello {html.escape(name)},</p><p>while you were away:</p><ul>{told}</ul>"
        f'<p><a href="{place}">{place}</a></p><hr>{ways}</body></html>\n'
    )
