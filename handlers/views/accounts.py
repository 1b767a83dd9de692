"""What people are told of their own account: sessions, tokens, what happened to it."""

from datetime import datetime

from pydantic import Field

from handlers.models import View
from handlers.views.profiles import ProfileView
from store.activity import Activity, What
from store.exports import Export
from store.sessions import Session


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


class PhoneView(View):
    """Whether a number is confirmed, or how many tries the code has that was sent there, and until when."""

    confirmed: bool
    tries_left: int
    expires_at: datetime | None


class TermsView(View):
    """The terms of use in force."""

    version: str
    url: str


class CallsView(View):
    """What calls there can be."""

    capacity: int = Field(description="How many people one takes.")
    helper: bool = Field(
        description="Whether the server's own peer is there at this moment, to try things with and to record."
    )


class ConfigView(View):
    """What a client has to know of this server before anybody signs in."""

    terms: TermsView | None = Field(description="What everybody has to agree to; null if there is nothing.")
    confirms_email: bool = Field(description="Whether an address has to be confirmed before one turns to strangers.")
    confirms_phone: bool = Field(description="Whether one can show that a telephone number is one's own.")
    google: bool = Field(description="Whether one can sign in by Google.")
    push_key: str | None = Field(
        description="The `applicationServerKey` by which browsers subscribe to what is pushed; null if nothing is."
    )
    maintenance: str | None = Field(description="Why nothing can be changed now, for people; null if it can.")
    captcha_site_key: str | None = Field(description="For the captcha's widget; null if none is asked for.")
    calls: CallsView
