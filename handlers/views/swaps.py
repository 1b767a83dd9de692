"""Swaps, as both of their people see them."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import Field

from handlers.models import View
from handlers.times import Span
from handlers.views.files import ImageView, UploadView, url_of
from handlers.views.profiles import KeptView
from handlers.views.times import SlotView
from store.agendas import Agenda, Item
from store.calls import Call
from store.gigs import GigSkill, GigSnapshot, Kind
from store.profiles import Mode as GigMode
from store.swaps import Action, Mode, Outcome, Status, Step, Swap
from store.uploads import Upload
from store.users import Level, Place


class StepView(View):
    """One thing that was done to a swap, and what it was afterwards."""

    action: Action
    by: str | None = Field(description="Null where the server did it, because it was time.")
    at: datetime
    status: Status
    why: str
    old_time: datetime | None
    new_time: datetime | None

    @classmethod
    def of(cls, step: Step) -> "StepView":
        return cls.model_validate(step.model_dump())


class ReliabilityView(KeptView):
    """How far somebody can be relied on: "kept 14 of 15"."""

    user_id: str


class GigSnapshotView(View):
    """An offer as it was."""

    gig_id: str
    version: int
    created_by: str
    kind: Kind
    title: str
    description: str
    offered_skills: tuple[GigSkill, ...]
    desired_skills: tuple[GigSkill, ...]
    mode: GigMode
    category: str | None
    level: Level | None
    location: Place | None
    notice_hours: int | None
    images: tuple[ImageView, ...] = Field(description="For the two of the swap, also once the offer is gone.")
    tags: tuple[str, ...]
    languages: tuple[str, ...]

    @classmethod
    def of(cls, snapshot: GigSnapshot) -> "GigSnapshotView":
        return cls(**dict(snapshot) | {"images": tuple(map(ImageView.of, snapshot.images))})


class SwapView(View):
    """A swap. Of two copies the one with the higher `version` is the later."""

    id: str
    requestor: str
    responder: str
    status: Status
    turn: str | None = Field(description="Whose answer is waited for; null if nobody's is.")
    gig: str | None
    gig_snapshot: GigSnapshotView | None = Field(description="The offer as it was when the swap was asked for.")
    offered_skill: str
    desired_skill: str
    scheduled_time: datetime = Field(description="What is agreed; until then the first of what is proposed.")
    proposals: tuple[datetime, ...] = Field(description="What whose turn it is may choose from.")
    duration_minutes: int
    time_zone: str
    mode: Mode
    note: str
    thread_id: str = Field(description="The swap's own conversation, in which all that happens to it is said.")
    version: int
    history: tuple[StepView, ...]
    outcomes: dict[str, Outcome] = Field(description="What its people say became of it, by person.")
    delivered: dict[str, str] = Field(description="What they say that they gave, by person.")
    confirmed_by: tuple[str, ...]
    credit_minutes: int = Field(description="Time credit that goes over once it is held.")
    credit_from: str | None = Field(description="Whose credit it is.")
    expires_at: datetime | None = Field(description="Until when it may be answered.")
    completes_at: datetime | None = Field(description="When silence will count as consent.")
    createdAt: datetime  # noqa: N815 - the blueprint's name
    updatedAt: datetime  # noqa: N815

    @classmethod
    def of(cls, swap: Swap) -> "SwapView":
        return cls(
            id=swap.id,
            requestor=swap.requestor,
            responder=swap.responder,
            status=swap.status,
            turn=swap.turn,
            gig=swap.gig,
            gig_snapshot=None if swap.gig_snapshot is None else GigSnapshotView.of(swap.gig_snapshot),
            offered_skill=swap.offered_skill,
            desired_skill=swap.desired_skill,
            scheduled_time=swap.scheduled_time,
            proposals=swap.proposals,
            duration_minutes=swap.duration_minutes,
            time_zone=swap.time_zone,
            mode=swap.mode,
            note=swap.note,
            thread_id=swap.thread_id,
            version=swap.version,
            history=tuple(StepView.of(step) for step in swap.history),
            outcomes=swap.outcomes,
            delivered=swap.delivered,
            confirmed_by=tuple(who for who, outcome in swap.outcomes.items() if outcome is Outcome.HAPPENED),
            credit_minutes=swap.credit_minutes,
            credit_from=swap.credit_from,
            expires_at=swap.expires_at,
            completes_at=swap.completes_at,
            createdAt=swap.created_at,
            updatedAt=swap.updated_at,
        )


class SwapRecordingView(UploadView):
    """What was recorded in a call of a swap, with the consent of all: a file, which you fetch as any other."""

    session_id: str = Field(description="The call.")
    started: datetime | None = Field(description="When there were two in it.")

    @classmethod
    def of_call(cls, call: Call, upload: Upload) -> "SwapRecordingView":
        return cls(**dict(UploadView.of(upload)), session_id=call.id, started=call.started_at)


class DatedSwapView(SwapView):
    """A swap, with its times by the clocks of both, and what was recorded of it, as who asks may see them."""

    times: tuple[SlotView, ...] = Field(description="When it is, or as long as that is open, all that is proposed.")
    your_time_zone: str
    their_time_zone: str | None = Field(description="Null if they said none, or do not show it.")
    recordings: tuple[SwapRecordingView, ...] = Field(
        description="Of its calls, the first first; gone once one of a call's people takes back that it was recorded."
    )

    @classmethod
    def by_the_clocks(
        cls, swap: Swap, mine: ZoneInfo, theirs: ZoneInfo | None, *, recorded: Iterable[tuple[Call, Upload]]
    ) -> "DatedSwapView":
        starts = swap.proposals or (swap.scheduled_time,)
        return cls(
            **dict(SwapView.of(swap)),
            times=tuple(SlotView.of(Span(start, start + swap.duration), mine, theirs) for start in starts),
            your_time_zone=str(mine),
            their_time_zone=None if theirs is None else str(theirs),
            recordings=tuple(SwapRecordingView.of_call(*one) for one in recorded),
        )


class AgendaItemView(View):
    """Something that one of the two wants to get out of a swap; or with a link or a file, shares for it."""

    id: str
    by: str
    text: str
    link: str | None
    upload: str | None = Field(description="The id of a file, which both may fetch.")
    url: str | None = Field(description="Where that is fetched.")
    edited_by: str | None = Field(description="Whose these words are, if not of who put it in.")
    done_by: str | None = Field(description="Who ticked it off; null as long as it is not.")
    createdAt: datetime  # noqa: N815

    @classmethod
    def of(cls, item: Item) -> "AgendaItemView":
        url = None if item.upload is None else url_of(item.upload)
        return cls(**item.model_dump(exclude={"created_at"}), url=url, createdAt=item.created_at)


class AgendaView(View):
    """The agenda of a swap. Of two copies keep the one with the higher version."""

    swap_id: str
    items: tuple[AgendaItemView, ...] = Field(description="In the order in which they were put in.")
    version: int = Field(description="0 as long as nobody has put anything in.")
    updatedAt: datetime  # noqa: N815

    @classmethod
    def of(cls, agenda: Agenda) -> "AgendaView":
        items = tuple(map(AgendaItemView.of, agenda.items))
        return cls(swap_id=agenda.id, items=items, version=agenda.version, updatedAt=agenda.updated_at)


class PresenceView(View):
    """How long somebody was in the calls of a swap, from when until when."""

    user_id: str
    seconds: int
    first_at: datetime | None
    last_at: datetime | None


class Hint(StrEnum):
    """What the calls of a swap make likely: one was `absent`, it was `short`, or both were `together` for half of it.

    `unknown` while it is not over, and where they may have met elsewhere.
    """

    ABSENT = "absent"
    SHORT = "short"
    TOGETHER = "together"
    UNKNOWN = "unknown"


class AttendanceView(View):
    """Who was in the calls of a swap. Who met elsewhere was in none: it says who came, and not who did not."""

    swap_id: str
    scheduled_time: datetime
    calls: int
    people: tuple[PresenceView, ...]
    together_seconds: int
    hint: Hint = Field(description="For whoever is about to say what became of it. It decides nothing.")
