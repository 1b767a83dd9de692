"""What a web process and a worker are both made of: store, fan-out and dispatcher, by plain constructor calls."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING

from handlers.ports import Blobs, Captcha, IdentityProvider, Ports, Texts
from handlers.rules import CallRules, Rules
from server.calendar_hook import PATH as HOOK_PATH
from server.captcha import SiteVerify
from server.config import Settings
from server.dispatch import Dispatcher
from server.embedded import Endpoints
from server.fanout import Deliver, Fanout, Reset
from server.images import ImagePress
from server.jobs import Worker
from server.limits import SharedLimiter
from server.mail import Mailer
from server.media import MediaStore
from server.meter import Meter
from server.publisher import Publisher
from server.pulse import Pulse
from server.push import WebPush
from server.reportables import REPORTABLES
from server.restraints import LivingRestraints
from server.security import AccessTokens, Argon2Passwords
from server.sightings import SightingCounter
from server.standing import Standing
from server.texts import DevelopmentTexts, TextGateway
from server.tracing import Trace, make_trace
from server.vault import KeyVault
from signaling.registry import PresenceRegistry
from signaling.rooms import Rooms
from store import Database, Store
from store.blobs import DatabaseBlobs

if TYPE_CHECKING:
    from server.google_calendar import GoogleCalendar


def utc_now() -> datetime:
    """The time, to the millisecond that MongoDB keeps."""
    return datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, UTC)


@dataclass(frozen=True, slots=True)
class Core:
    """What was made, and not started."""

    clock: Callable[[], datetime]
    store: Store
    fanout: Fanout
    publisher: Publisher
    passwords: Argon2Passwords
    tokens: AccessTokens
    presence: PresenceRegistry
    sightings: SightingCounter
    rooms: Rooms
    restraints: LivingRestraints
    push: WebPush | None
    calendar: "GoogleCalendar | None"
    dispatch: Dispatcher
    limiter: SharedLimiter
    meter: Meter
    trace: Trace
    standing: Standing
    pulse: Pulse

    def worker(self, mailer: Mailer) -> Worker:
        """A worker over these parts."""
        return Worker(self.store.jobs, self.dispatch, mailer, clock=self.clock, trace=self.trace)

    async def start(self, deliver: Deliver, reset: Reset) -> None:
        """Begin to publish and to hear; waits a second at most for Redis."""
        self.store.database.lifeline.start()
        await self.fanout.start(deliver, reset)
        self.publisher.start()
        self.sightings.start()

    async def stop(self) -> None:
        """End what was begun."""
        await self.presence.stop()
        await self.rooms.stop()
        await self.sightings.stop()
        await self.publisher.stop()
        await self.fanout.stop()
        self.passwords.close()
        if self.push is not None:
            await self.push.close()
        if self.calendar is not None:
            self.calendar.close()
        await self.store.database.close()
        await self.trace.stop()


def make_google(settings: Settings) -> IdentityProvider | None:
    """Google, where it is set up."""
    if not settings.google_client_id:
        return None
    # Half a second and 32 MiB, which nobody shall pay who does not use it.
    from server.google import Google  # noqa: PLC0415

    return Google(
        settings.google_issuer,
        settings.google_client_id,
        settings.google_client_secret.get_secret_value(),
        apps=settings.google_app_client_ids,
        redirect_uris=settings.google_redirect_uris,
    )


def make_calendar(settings: Settings) -> "GoogleCalendar | None":
    """Google's calendars, where Google is set up."""
    if not settings.google_client_id:
        return None
    from server.google import GoogleConsent  # noqa: PLC0415
    from server.google_calendar import GoogleCalendar  # noqa: PLC0415

    client = settings.google_client_id, settings.google_client_secret.get_secret_value()
    consent = GoogleConsent(settings.google_issuer, *client, redirect_uris=settings.google_redirect_uris)
    return GoogleCalendar(settings.google_calendar_url, *client, consent=consent)


def make_captcha(settings: Settings) -> Captcha | None:
    """The captcha, where it is set up."""
    secret = settings.captcha_secret.get_secret_value()
    return SiteVerify(settings.captcha_verify_url, secret) if settings.captcha_site_key else None


def make_texts(settings: Settings) -> Texts | None:
    """What sends text messages: the service that is set; where one develops, they are printed."""
    if settings.sms_url is not None:
        return TextGateway(settings.sms_url.get_secret_value(), settings.sms_from)
    return DevelopmentTexts() if settings.mongodb_url is None else None


def make_push(settings: Settings) -> WebPush | None:
    """What pushes to devices, where there is a key to do it by."""
    key = settings.vapid_private_key.get_secret_value()
    contact = parseaddr(settings.mail_from)[1]
    return WebPush(key, contact=contact, hosts=settings.push_hosts) if key else None


def make_blobs(settings: Settings, store: Store, clock: Callable[[], datetime]) -> Blobs:
    """Where the bytes of files are kept."""
    if settings.uploads_url is None:
        return DatabaseBlobs(store.blob_files, store.blob_chunks, clock=clock)
    # An extra that only such an installation needs.
    from server.blobs import ObjectBlobs  # noqa: PLC0415

    return ObjectBlobs(settings.uploads_url)


def make_rules(settings: Settings) -> Rules:
    """The numbers of the domain, as they are set."""
    return Rules(
        edit_window=timedelta(minutes=settings.edit_window_minutes),
        refresh_absolute=timedelta(days=settings.refresh_token_days),
        refresh_idle=timedelta(days=settings.refresh_idle_days),
        swap_answer=timedelta(days=settings.swap_answer_days),
        swap_silence=timedelta(days=settings.swap_silence_days),
        credit_limit=timedelta(minutes=settings.credit_limit_minutes),
        open_swaps=settings.open_swaps,
        first_contacts=settings.first_contacts,
        first_messages=settings.first_messages,
        nudge_after=timedelta(days=settings.nudge_days),
        reports_to_hide=settings.reports_to_hide,
        approved_offers=settings.approved_offers,
        late_cancel=timedelta(hours=settings.late_cancel_hours),
        confirms_email=settings.confirm_email,
        terms_version=settings.terms_version,
        terms_url=settings.terms_url,
        captcha_site_key=settings.captcha_site_key,
        newcomer_delay=timedelta(seconds=settings.newcomer_delay_seconds),
        newcomer_links=settings.newcomer_links,
        web_url=settings.web_url or f"http://{settings.host}:{settings.port}",
        calendar_hook=f"{settings.web_url}{HOOK_PATH}" if settings.web_url.startswith("https://") else "",
        calendar_poll=timedelta(minutes=settings.calendar_poll_minutes),
        calendar_grace=timedelta(minutes=settings.calendar_grace_minutes),
        calls=CallRules(
            rings=timedelta(seconds=settings.call_ring_seconds),
            capacity=settings.call_capacity,
            longest=timedelta(minutes=settings.call_max_minutes),
            empty=timedelta(seconds=settings.call_empty_seconds),
            stun_urls=settings.stun_urls,
            turn_urls=settings.turn_urls,
            turn_secret=settings.turn_secret.get_secret_value().encode(),
            turn_lifetime=timedelta(seconds=settings.turn_lifetime_seconds),
        ),
    )


def make_core(settings: Settings, endpoints: Endpoints, *, clock: Callable[[], datetime] = utc_now) -> Core:
    """The parts, as they are set."""
    trace = make_trace(settings)
    watch = trace.command if trace.on else None
    store = Store(Database(endpoints.mongodb_url, settings.mongodb_database, watch=watch))
    passwords = Argon2Passwords()
    keys = [one.get_secret_value().encode() for one in (settings.jwt_secret, settings.jwt_secret_also) if one]
    tokens = AccessTokens(*keys, lifetime=timedelta(minutes=settings.access_token_minutes))
    prefix = f"sn:{settings.mongodb_database}:"
    fanout = Fanout(endpoints.redis_url, prefix=prefix, window=settings.feed_window)
    publisher = Publisher(fanout, store.outbox, trace=trace)
    process = secrets.token_hex(4)
    presence = PresenceRegistry(endpoints.redis_url, prefix=prefix, process=process)
    rooms = Rooms(endpoints.redis_url, prefix=prefix, process=process, clock=lambda: clock().timestamp())
    rules = make_rules(settings)
    media = MediaStore(make_blobs(settings, store, clock), ImagePress())
    vault = KeyVault(*(key.get_secret_value().encode() for key in settings.data_keys))
    sightings = SightingCounter(store, tokens, clock=clock)
    restraints = LivingRestraints(store.statements, clock=clock)
    meter = Meter()
    pulse = Pulse(meter, process=process)
    standing = Standing(store.maintenance, by_setting=settings.maintenance)
    push, calendar = make_push(settings), make_calendar(settings)
    ports = Ports(
        passwords, tokens, vault, presence, media, sightings, rooms, rules, standing, pulse, REPORTABLES, restraints,
        google=make_google(settings), calendar=calendar, captcha=make_captcha(settings), push=push,
        texts=make_texts(settings),
    )  # fmt: skip
    limiter = SharedLimiter(endpoints.redis_url, prefix=f"{prefix}limit")
    at_once = settings.transactions_at_once
    dispatch = Dispatcher(store, ports, limiter, publisher, clock=clock, trace=trace, at_once=at_once)
    return Core(
        clock, store, fanout, publisher, passwords, tokens, presence, sightings, rooms, restraints, push, calendar,
        dispatch, limiter, meter, trace, standing, pulse,
    )  # fmt: skip
