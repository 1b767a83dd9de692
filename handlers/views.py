"""What is answered: the wire's names, to the letter of the blueprint, and only what the reader may see.

A view is made from documents by its `of`; nothing else decides which fields leave the server.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, Protocol, TypeVar

from pydantic import Field

from handlers.models import View
from store.activity import Activity, What
from store.exports import Export
from store.memberships import Membership
from store.messages import Message
from store.sessions import Session
from store.staff_log import Act, StaffAct
from store.threads import Kind, Thread
from store.uploads import Size, Upload
from store.users import Privacy, Role, Status, User


class Ordered(Protocol):
    """What a list by time is made of."""

    @property
    def order(self) -> str: ...


V = TypeVar("V", bound=View)
Found = TypeVar("Found", bound=Ordered)


class Page(View, Generic[V]):
    """A part of a list. `next_cursor` brings the next part; null at the end."""

    items: list[V]
    next_cursor: str | None = None

    @classmethod
    def of(cls, found: Sequence[Found], view: Callable[[Found], V], *, limit: int) -> "Page[V]":
        """The first so many of what was found; one more was asked for, to see whether there is a next part."""
        page = found[:limit]
        return cls(items=[view(one) for one in page], next_cursor=page[-1].order if len(found) > limit else None)


class ProfileView(View):
    """The signed-in person's own profile, private fields included."""

    id: str
    name: str
    email: str
    email_confirmed: bool
    second_factor: bool = Field(description="Whether signing in asks for a code, too.")
    role: Role
    phone: str | None
    address: str | None
    profile_picture: str | None
    bio: str
    skills: tuple[str, ...]
    bannerImage: str | None  # noqa: N815 - the blueprint's name
    privacy: Privacy
    createdAt: datetime  # noqa: N815
    updatedAt: datetime  # noqa: N815

    @classmethod
    def of(cls, user: User) -> "ProfileView":
        return cls(
            id=user.id,
            name=user.name,
            email=user.email,
            email_confirmed=user.owned_email is not None,
            second_factor=user.second_factor is not None,
            role=user.role,
            phone=user.phone,
            address=user.address,
            profile_picture=user.profile_picture,
            bio=user.bio,
            skills=user.skills,
            bannerImage=user.bannerImage,
            privacy=user.privacy,
            createdAt=user.created_at,
            updatedAt=user.updated_at,
        )


class File(NamedTuple):
    """What is answered as it is, and not as JSON; by REST alone.

    `parts` are those from one byte up to another. With an `etag` a client may ask for a part, or whether it has it.
    """

    name: str
    media_type: str
    size: int
    parts: Callable[[int, int], AsyncIterator[bytes]]
    etag: str | None = None
    # Shown where it is fetched; anything else is only ever stored.
    is_picture: bool = False


class VariantView(View):
    """A file in one size; of what is no picture the pixels are null."""

    url: str
    media_type: str
    size: int = Field(description="In bytes.")
    width: int | None
    height: int | None


class UploadView(View):
    """A file. Nothing is shown of it elsewhere but its id; `in_use` once something refers to it."""

    id: str
    name: str = Field(description="As its sender called it.")
    in_use: bool
    variants: dict[Size, VariantView]
    createdAt: datetime  # noqa: N815

    @classmethod
    def of(cls, upload: Upload) -> "UploadView":
        url = f"/api/v1/uploads/{upload.id}/"
        return cls(
            id=upload.id,
            name=upload.name,
            in_use=upload.parent is not None,
            variants={
                size: VariantView(url=url if size is Size.ORIGINAL else f"{url}?size={size}", **variant.model_dump())
                for size, variant in upload.variants.items()
            },
            createdAt=upload.created_at,
        )


class ExportView(View):
    """A copy of all that is one's own; it can be fetched once `ready`."""

    id: str
    ready: bool
    size: int
    createdAt: datetime  # noqa: N815
    expires_at: datetime

    @classmethod
    def of(cls, export: Export) -> "ExportView":
        return cls(
            id=export.id,
            ready=export.ready_at is not None,
            size=export.size,
            createdAt=export.created_at,
            expires_at=export.expires_at,
        )


class GoogleBegunView(View):
    """A try to sign in by Google. An app gives the `nonce` to Google's library; a page goes to `authorization_url`."""

    state: str
    browser_key: str
    nonce: str
    authorization_url: str | None
    expires_at: datetime


class GoogleProofView(View):
    """Who somebody is at Google, and whether that is known here."""

    email: str
    name: str
    known: bool


class IdentitiesView(View):
    """By what one can sign in: a Google account, by its address; a password."""

    google: str | None
    has_password: bool


class DeletionView(View):
    """When an account will be gone."""

    deleted_at: datetime


class SignedInView(View):
    """Tokens of a session. The access token goes into `Authorization: Bearer` and the socket's `auth.token`."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - a scheme, not a secret
    expires_at: datetime
    refresh_token: str
    session_id: str
    user: ProfileView


class SecondFactorView(View):
    """What an authenticator app is given; it counts once a code of it was sent back."""

    secret: str = Field(description="In Base32, for those who type it.")
    uri: str = Field(description="The same for a QR code: `otpauth://totp/...`.")


class RecoveryCodesView(View):
    """Each signs in once instead of a code of the app. Shown now and never again."""

    recovery_codes: tuple[str, ...]


class SessionView(View):
    """One sign-in on one device."""

    id: str
    device: str = Field(description="What the client called itself.")
    ip_address: str = Field(description="Where it signed in from.")
    created_at: datetime
    last_seen_at: datetime = Field(description="When it last exchanged its refresh token.")
    current: bool = Field(description="Whether it is the one that asks.")

    @classmethod
    def of(cls, session: Session, *, current: bool) -> "SessionView":
        return cls(
            id=session.id,
            device=session.device,
            ip_address=session.address,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            current=current,
        )


class EndedSessionsView(View):
    """How many sessions were ended."""

    ended: int


class ActivityView(View):
    """Something that happened to an account, by which device and from where."""

    id: str
    what: What
    session_id: str
    device: str
    ip_address: str
    at: datetime

    @classmethod
    def of(cls, activity: Activity) -> "ActivityView":
        return cls(
            id=activity.id,
            what=activity.what,
            session_id=activity.session_id,
            device=activity.device,
            ip_address=activity.address,
            at=activity.at,
        )


class RoleView(View):
    """Who is what."""

    user_id: str
    role: Role


class BanView(View):
    """Who is kept out, why, and until when; without an end it is for good."""

    user_id: str
    reason: str
    until: datetime | None


class TermsView(View):
    """The terms of use in force."""

    version: str
    url: str


class ConfigView(View):
    """What a client has to know of this server before anybody signs in."""

    terms: TermsView | None = Field(description="What everybody has to agree to; null if there is nothing.")
    confirms_email: bool = Field(description="Whether an address has to be confirmed before one turns to strangers.")
    google: bool = Field(description="Whether one can sign in by Google.")
    captcha_site_key: str | None = Field(description="For the captcha's widget; null if none is asked for.")


class StaffActView(View):
    """What a member of staff did, or somebody at the command line, who has no id."""

    id: str
    act: Act
    actor_id: str | None
    target_id: str
    before: str
    after: str
    at: datetime

    @classmethod
    def of(cls, act: StaffAct) -> "StaffActView":
        return cls.model_validate(act.model_dump(exclude={"order", "list"}))


class PresenceView(View):
    """Whether somebody is there, as they let others see it."""

    user_id: str
    status: Status = Field(description="`offline` also for those who do not show it.")
    text: str | None
    last_seen: datetime | None = Field(description="To the hour; null while they are there.")


class QuoteView(View):
    """The message that is answered, as it was when it was quoted."""

    message_id: str
    seq: int
    sender: str
    message_content: str


class MessageView(View):
    """A message. `seq` numbers a conversation densely from 1; of two copies the higher `version` is the later."""

    id: str
    thread_id: str
    seq: int
    version: int
    sender: str
    recipient: str | None = Field(description="The other person; null in a group.")
    message_content: str = Field(description="The text as it was written; empty once deleted.")
    timestamp: datetime
    attachment_reference: str | None
    client_id: str | None
    reply_to: QuoteView | None
    mentions: tuple[str, ...]
    reactions: dict[str, tuple[str, ...]]
    edited_at: datetime | None
    deleted: bool
    system: str | None = Field(description="What a message of the system is about; null for people's.")

    @classmethod
    def of(cls, message: Message, thread: Thread) -> "MessageView":
        others = [person for person in thread.participants if person != message.sender]
        quote = message.quote
        return cls(
            id=message.id,
            thread_id=message.thread_id,
            seq=message.seq,
            version=message.version,
            sender=message.sender,
            recipient=others[0] if thread.kind == Kind.PAIR and others else None,
            message_content=message.text,
            timestamp=message.created_at,
            attachment_reference=message.attachment,
            client_id=message.client_id,
            reply_to=None
            if quote is None
            else QuoteView(message_id=quote.message_id, seq=quote.seq, sender=quote.sender, message_content=quote.text),
            mentions=message.mentions,
            reactions=message.reactions,
            edited_at=message.edited_at,
            deleted=message.deleted_at is not None,
            system=message.system,
        )


class ExcerptView(View):
    """The last message, as a list of conversations shows it."""

    message_id: str
    seq: int
    sender: str
    message_content: str
    timestamp: datetime


class MarkView(View):
    """How far somebody has got: every message up to a number."""

    user_id: str
    read_up_to: int
    delivered_up_to: int


class ThreadView(View):
    """A conversation as one of its people sees it."""

    id: str
    kind: Kind
    title: str | None
    participants: tuple[str, ...]
    admins: tuple[str, ...]
    gig: str | None
    swap: str | None
    last_seq: int
    last_message: ExcerptView | None
    unread_count: int
    read_up_to: int
    muted_until: datetime | None
    archived: bool
    pinned: tuple[str, ...]
    createdAt: datetime  # noqa: N815 - the blueprint's name
    last_activity: datetime

    @classmethod
    def of(cls, thread: Thread, mine: Membership, *, reader: str) -> "ThreadView":
        last = thread.last_message
        seen = max(mine.read_up_to, thread.sent.get(reader, 0))
        return cls(
            id=thread.id,
            kind=thread.kind,
            title=thread.title,
            participants=thread.participants,
            admins=thread.admins,
            gig=thread.gig,
            swap=thread.swap,
            last_seq=thread.last_seq,
            last_message=None
            if last is None
            else ExcerptView(
                message_id=last.message_id,
                seq=last.seq,
                sender=last.sender,
                message_content=last.text,
                timestamp=last.timestamp,
            ),
            unread_count=max(0, thread.last_seq - seen),
            read_up_to=mine.read_up_to,
            muted_until=mine.muted_until,
            archived=reader in thread.archived_by,
            pinned=thread.pinned,
            createdAt=thread.created_at,
            last_activity=thread.activity_at,
        )
