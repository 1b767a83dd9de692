"""What is done later: a line for each kind of job, and what is looked for though nobody asked."""

import typing
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NamedTuple

from handlers import (
    achievements,
    availability,
    calendar,
    chat,
    deletion,
    delivery,
    export,
    forum,
    gigs,
    letters,
    matches,
    missed,
    moderation,
    notifying,
    nudging,
    phones,
    responding,
    reviews,
    searches,
    statements,
    swaps,
    tidying,
    uploads,
)
from handlers.context import Context
from handlers.errands import Errand
from handlers.letters import Letter

LEASE = timedelta(minutes=1)
LONG_LEASE = timedelta(minutes=15)

Run = Callable[[Any, Context], Awaitable[Letter | None]]


class Work(NamedTuple):
    """How a kind of job is done.

    A long one reads more than a transaction may take, one that is outward asks somebody outside: both are in none.
    """

    errand: type[Errand]
    run: Run
    is_long: bool = False
    is_outward: bool = False
    # What is said once it was tried as often as it is tried.
    in_vain: Callable[[Any, Context], Awaitable[None]] | None = None
    # What is said where the domain refuses it, and why: then it is not tried again.
    refused: Callable[[Any, str, Context], Awaitable[None]] | None = None

    @property
    def lease(self) -> timedelta:
        return LONG_LEASE if self.is_long else LEASE

    @classmethod
    def of(
        cls,
        run: Run,
        *,
        is_long: bool = False,
        is_outward: bool = False,
        in_vain: Callable[[Any, Context], Awaitable[None]] | None = None,
        refused: Callable[[Any, str, Context], Awaitable[None]] | None = None,
    ) -> "Work":
        """By the use case, whose first argument says what it needs to know."""
        return cls(next(iter(typing.get_type_hints(run).values())), run, is_long, is_outward, in_vain, refused)


# A new kind of job is one line here.
KNOWN = (
    Work.of(letters.confirm_address),
    Work.of(letters.reset_password),
    Work.of(letters.notice),
    Work.of(letters.written),
    Work.of(phones.text_phone_code, is_outward=True),
    Work.of(deletion.erase_account),
    Work.of(export.gather_export, is_long=True, in_vain=export.give_up_export),
    Work.of(export.finish_export),
    Work.of(export.drop_export),
    Work.of(uploads.drop_upload, is_long=True),
    Work.of(nudging.nudge_profile),
    Work.of(gigs.age_gig),
    Work.of(gigs.list_anew),
    Work.of(gigs.sort_anew),
    Work.of(gigs.tell_keepers),
    Work.of(forum.tell_more_followers),
    Work.of(forum.take_followers),
    Work.of(statements.tell_statement),
    Work.of(matches.find_matches),
    Work.of(moderation.close_reports),
    Work.of(moderation.let_evidence_go),
    Work.of(moderation.hide_reported),
    Work.of(responding.reckon_response),
    Work.of(notifying.notify_people),
    Work.of(notifying.expire_notification),
    Work.of(chat.notice_messages),
    Work.of(missed.look_for_missed),
    Work.of(missed.write_missed),
    Work.of(delivery.push_notification),
    Work.of(delivery.push_summary),
    Work.of(delivery.clear_push),
    Work.of(delivery.send_push, is_outward=True),
    Work.of(swaps.expire_swap),
    Work.of(swaps.remind_of_swap),
    Work.of(swaps.plan_coming_lessons),
    Work.of(swaps.remind_of_lesson),
    Work.of(swaps.complete_swap),
    Work.of(swaps.close_competing),
    Work.of(swaps.end_swaps),
    Work.of(reviews.settle_swap),
    Work.of(achievements.score_swap),
    Work.of(achievements.count_anew),
    Work.of(achievements.tell_standing),
    Work.of(achievements.score_review),
    Work.of(achievements.stand_anew),
    Work.of(achievements.tell_badge),
    Work.of(reviews.remind_of_review),
    Work.of(reviews.open_reviews),
    Work.of(availability.refresh_next_free),
    Work.of(searches.match_gig, is_long=True),
    Work.of(searches.tell_matches),
    Work.of(searches.tell_digest),
    Work.of(calendar.write_anew),
    Work.of(calendar.write_event, is_outward=True, in_vain=calendar.give_up_event),
    Work.of(calendar.write_lessons, is_outward=True, in_vain=calendar.give_up_event),
    Work.of(calendar.leave_calendar, is_long=True, is_outward=True),
    Work.of(calendar.note_written),
    Work.of(calendar.note_revoked),
    Work.of(calendar.read_calendar, is_outward=True, in_vain=calendar.keep_reading),
    Work.of(calendar.note_read),
    Work.of(swaps.wish_time, refused=swaps.refuse_wish),
    Work.of(swaps.wish_end, refused=swaps.refuse_wish),
    Work.of(swaps.wish_lesson_time, refused=swaps.refuse_lesson_wish),
    Work.of(swaps.wish_lesson_end, refused=swaps.refuse_lesson_wish),
)
# What is looked for every few seconds, though nobody asked; any number of workers may do so beside each other.
LOOK_SECONDS = 1.0
SELDOM_SECONDS = 60.0
LOOKS: dict[Callable[[Context], Awaitable[None]], float] = {
    chat.look_for_absent: LOOK_SECONDS,
    tidying.drop_expired: SELDOM_SECONDS,
}
KINDS = {work.errand.__name__: work for work in KNOWN}
