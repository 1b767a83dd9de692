"""Letters about what somebody has not read: together, no more often than hourly, or once a day, and never of what was.

How far letters have told is a mark that moves once, in the transaction that asks for a letter; the letter itself tells
what lies between two marks, and so the same however often it has to be written. Of much it names the last.
"""

import html
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from handlers.context import Context
from handlers.delivery import is_news
from handlers.errands import Errand, ask_later
from handlers.letters import Letter, lines, page
from handlers.quiet import at_home, next_hour, quiet_until
from handlers.topics import ABOUT, wants
from store.jobs import Queue
from store.notification_preferences import Channel, NotificationPreferences
from store.notifications import Notification, Topic
from store.repository import order_of
from store.users import User

# Between two letters; the look itself waits, for it may be read meanwhile.
MISSED_AFTER = timedelta(minutes=15)
EVERY = timedelta(hours=1)
# What is written by now may be committed after what comes later in the list: a mark ends where all has arrived. What
# grows waits until it has rested for so long.
ARRIVES = timedelta(seconds=10)
MOST_TOLD = 30
AT_ONCE = 100
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
    if user is None or marks is None or not _is_reachable(user, ctx.now):
        return
    preferences = await at_home(user, ctx)
    later = None
    if not errand.digest and Channel.EMAIL in preferences.quiet_channels:
        later = quiet_until(preferences, ctx.now)
    if not errand.digest and marks.lettered_at is not None and ctx.now < marks.lettered_at + EVERY:
        later = max(later or ctx.now, marks.lettered_at + EVERY)
    if later is not None:
        await ask_later(errand, ctx, at=later, key=missed_key(user.id, digest=False))
        return
    after = marks.digested_up_to if errand.digest else marks.lettered_up_to
    found = await _found(user.id, ctx, after=after)
    arrived = [one for one in found if one.order < order_of(ctx.now - ARRIVES, "")]
    if _news(found[len(arrived) :], preferences, ctx, digest=errand.digest):
        await look_later(user.id, ctx, digest=errand.digest)
    if not arrived:
        return
    up_to = arrived[-1].order
    # Also where nothing is news: else each look would find again what was read.
    told: dict[str, Any] = {"digested_up_to": up_to} if errand.digest else {"lettered_up_to": up_to}
    if _news(arrived, preferences, ctx, digest=errand.digest):
        told |= {} if errand.digest else {"lettered_at": ctx.now}
        await ask_later(MissedLetter(user_id=user.id, after=after, up_to=up_to, digest=errand.digest), ctx)
    await ctx.store.notification_marks.update(user.id, told)


async def look_later(user_id: str, ctx: Context, *, digest: bool) -> None:
    """Have it looked for once what is new has had its time to be read: a quarter of an hour, or until the hour."""
    at = ctx.now + MISSED_AFTER
    if digest and (user := await ctx.store.users.get(user_id)) is not None:
        at = next_hour(await at_home(user, ctx), ctx.now)
    await ask_later(LookForMissed(user_id=user_id, digest=digest), ctx, at=at, key=missed_key(user_id, digest=digest))


async def write_missed(errand: MissedLetter, ctx: Context) -> Letter | None:
    """A letter about what somebody has still not read; none if they have."""
    user = await ctx.store.users.get(errand.user_id)
    if user is None or not _is_reachable(user, ctx.now):
        return None
    preferences = await at_home(user, ctx)
    found = await _found(user.id, ctx, after=errand.after, up_to=errand.up_to)
    news = _news(found[::-1], preferences, ctx, digest=errand.digest)
    return _letter(user, news, ctx, digest=errand.digest) if news else None


def missed_key(user_id: str, *, digest: bool) -> str:
    """By what it is asked for once to look for what somebody missed."""
    return f"{'digest' if digest else 'missed'}:{user_id}"


async def _found(user_id: str, ctx: Context, *, after: str, up_to: str | None = None) -> list[Notification]:
    """All that somebody was notified of between two marks, the first first."""
    found: list[Notification] = []
    while some := await ctx.store.notifications.since(user_id, after=after, up_to=up_to, limit=AT_ONCE):
        found += some
        after = some[-1].order
    return found


def _news(
    found: list[Notification], preferences: NotificationPreferences, ctx: Context, *, digest: bool
) -> list[Notification]:
    """What of it is still worth telling by such a letter."""
    unread = (one for one in found if is_news(one, ctx.now))
    return [one for one in unread if goes_by_letter(preferences, one.topic, digest=digest)]


def _is_reachable(user: User, now: datetime) -> bool:
    """Whether there is an address that is surely theirs, and they have not gone, nor are kept out."""
    is_kept_out = user.ban is not None and user.ban.holds(now)
    return user.owned_email is not None and user.closes_at is None and not is_kept_out


def _letter(user: User, news: list[Notification], ctx: Context, *, digest: bool) -> Letter:
    topics = list(dict.fromkeys(one.topic for one in news))
    stops = {topic: _stop_link(user.id, [topic], ctx) for topic in topics}
    one_click = _stop_link(user.id, topics, ctx)
    if digest:
        subject = "Your day on SkillNet"
    else:
        subject = news[0].heading if len(news) == 1 else f"{len(news)} notifications on SkillNet"
    subject = " ".join(subject.split())
    return Letter(
        to=user.email,
        subject=subject,
        text=_plain(user.name, news, stops, ctx.ports.rules.web_url),
        html=page(subject, *_markup(user.name, news, stops, ctx.ports.rules.web_url)),
        headers=(("List-Unsubscribe", f"<{one_click}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")),
    )


def _stop_link(user_id: str, topics: list[Topic], ctx: Context) -> str:
    # Encrypted: whoever sees the address learns neither who nor what; it is good as long as the letter is kept.
    token = ctx.ports.vault.seal(f"{user_id}:{','.join(topics)}", of=UNSUBSCRIBE)
    return f"{ctx.ports.rules.web_url}/unsubscribe/{token}"


def _plain(name: str, news: list[Notification], stops: dict[Topic, str], web_url: str) -> str:
    told = ["\n  ".join([f"* {one.heading}", *one.words.splitlines()]) for one in news[:MOST_TOLD]]
    told += [f"* and {left} more"] if (left := len(news) - MOST_TOLD) > 0 else []
    ways = [f"No more letters about this ({ABOUT[topic].description})\n{link}" for topic, link in stops.items()]
    return "\n\n".join([f"Hello {name},", "while you were away:", *told, web_url, *ways]) + "\n"


def _markup(name: str, news: list[Notification], stops: dict[Topic, str], web_url: str) -> Iterator[str]:
    told = "".join(f"<li><b>{html.escape(one.heading)}</b><br>{lines(one.words)}</li>" for one in news[:MOST_TOLD])
    told += f"<li>and {left} more</li>" if (left := len(news) - MOST_TOLD) > 0 else ""
    ways = "".join(
        f'<p><a href="{html.escape(link)}">No more letters about this</a>: {html.escape(ABOUT[topic].description)}</p>'
        for topic, link in stops.items()
    )
    place = html.escape(web_url)
    yield f"<p>Hello {html.escape(name)},</p><p>while you were away:</p><ul>{told}</ul>"
    yield f'<p><a href="{place}">{place}</a></p><hr>{ways}'
