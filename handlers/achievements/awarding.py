"""Badges: found to be earned whenever points come or go, told once, and by hand given by staff alone."""

from handlers.account import access_self
from handlers.badges import BADGES, Progress, progress
from handlers.context import Context, people
from handlers.errands import Errand, ask_later
from handlers.errors import NotFound
from handlers.events.achievements import AchievementAwarded
from handlers.models import Command, Line, Query, UserId
from handlers.notifying import notify
from handlers.streaks import day_of, frozen_weeks
from handlers.views.achievements import AchievementsView, AchievementView
from store.awards import Award, award_id
from store.notifications import Topic
from store.staff_log import Act, StaffAct
from store.users import User


class ListAchievements(Query):
    """One's own."""


class UpdateAchievements(Command):
    """Nothing to say: what you have is reckoned from what you did."""


class GrantBadge(Command):
    """To whom, and which."""

    turn_by = "user_id"

    user_id: UserId
    badge: Line


class RevokeBadge(GrantBadge):
    """From whom, and which."""


class CountAnew(Errand):
    """Somebody asked that their points be reckoned anew."""

    user_id: str


class TellBadge(Errand):
    """Somebody was given a badge by staff."""

    user_id: str
    badge: str


async def list_achievements(_: ListAchievements, ctx: Context) -> AchievementsView:
    """All badges there are, what each is for, and how far you are."""
    user = await access_self(ctx)
    return AchievementsView.of(await _progress(user, ctx), await ctx.store.awards.of_person(user.id))


async def update_achievements(_: UpdateAchievements, ctx: Context) -> AchievementsView:
    """Reckon your own badges anew from what you did, and your points, a little later.

    Asked again it changes nothing; nobody awards themselves.
    """
    user = await access_self(ctx)
    await ask_later(CountAnew(user_id=user.id), ctx, key=f"count:{user.id}")
    done = await evaluate(user, ctx)
    return AchievementsView.of(done, await ctx.store.awards.of_person(user.id))


async def grant_badge(command: GrantBadge, ctx: Context) -> AchievementView:
    """Give somebody a badge by hand; it is written down who did."""
    user, award = await _access(command, ctx)
    if award is None or award.revoked_at is not None:
        if award is None:
            id_ = award_id(user.id, command.badge)
            new = Award(id=id_, user_id=user.id, badge=command.badge, awarded_at=ctx.now, by_staff=True)
            award = await ctx.store.awards.insert(new)
            # By an errand: who acts is named in what they notify others of, and staff is named to nobody.
            await ask_later(TellBadge(user_id=user.id, badge=command.badge), ctx)
        else:
            award = await ctx.store.awards.change(award, {"revoked_at": None, "by_staff": True})
        await _write_down(Act.BADGE_GRANTED, command, ctx)
    return AchievementView.of(command.badge, await _progress(user, ctx), award)


async def revoke_badge(command: RevokeBadge, ctx: Context) -> AchievementView:
    """Take a badge back by hand; what its person does brings it back no more."""
    user, award = await _access(command, ctx)
    if award is None or award.revoked_at is not None:
        raise NotFound("They do not have this badge.")
    award = await ctx.store.awards.change(award, {"revoked_at": ctx.now, "by_staff": True})
    await _write_down(Act.BADGE_REVOKED, command, ctx)
    return AchievementView.of(command.badge, await _progress(user, ctx), award)


async def tell_badge(errand: TellBadge, ctx: Context) -> None:
    """Tell somebody of a badge that staff gave them."""
    user = await ctx.store.users.get(errand.user_id)
    award = await ctx.store.awards.get(award_id(errand.user_id, errand.badge))
    if user is not None and award is not None and award.revoked_at is None:
        await _tell(award, await _progress(user, ctx), ctx)


async def evaluate(user: User, ctx: Context) -> Progress:
    """Award what somebody has earned, once, and take back what rests on what was taken back."""
    done = await _progress(user, ctx)
    awards = await ctx.store.awards.of_person(user.id)
    for name, badge in BADGES.items():
        award = awards.get(name)
        if badge.metric is None or (award is not None and award.by_staff):
            continue
        is_earned = done.counts[badge.metric] >= badge.goal
        if award is None and is_earned:
            award = Award(id=award_id(user.id, name), user_id=user.id, badge=name, awarded_at=ctx.now)
            await ctx.store.awards.insert(award)
            await _tell(award, done, ctx)
        elif award is not None and is_earned is (award.revoked_at is not None):
            await ctx.store.awards.change(award, {"revoked_at": None if is_earned else ctx.now})
    return done


async def _progress(user: User, ctx: Context) -> Progress:
    scores = await ctx.store.scores.of_person(user.id)
    vacations = await ctx.store.vacations.get(user.id)
    today = day_of(ctx.now, user.time_zone)
    away = () if vacations is None else vacations.away
    return progress(scores, frozen_weeks(away, today, user.time_zone), today)


async def _tell(award: Award, done: Progress, ctx: Context) -> None:
    view = AchievementView.of(award.badge, done, award)
    ctx.emit(AchievementAwarded(user_id=award.user_id, achievement=view), to=people(award.user_id))
    about = f"achievement:{award.badge}"
    await notify([award.user_id], Topic.ACHIEVEMENTS, ctx, title=f"You earned a badge: {view.name}.", about=about)


async def _access(command: GrantBadge, ctx: Context) -> tuple[User, Award | None]:
    user = await ctx.store.users.get(command.user_id)
    if user is None or user.erased_at is not None:
        raise NotFound("There is no such person.")
    if command.badge not in BADGES:
        raise NotFound(f"There is no such badge; there are {', '.join(BADGES)}.")
    return user, await ctx.store.awards.get(award_id(user.id, command.badge))


async def _write_down(act: Act, command: GrantBadge, ctx: Context) -> None:
    done = StaffAct.of(act, command.user_id, "", command.badge, by=ctx.actor.user_id, at=ctx.now)
    await ctx.store.staff_log.insert(done)
