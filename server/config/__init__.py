"""Every setting of the program, read once from the environment and from `.env`.

The class is the documentation: the README's table and `.env.example` are made from it, and a test holds them to it.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from server.config.kinds import (
    SECRET_BYTES,
    Address,
    Count,
    FilesUrl,
    Level,
    MailUrl,
    MongodbUrl,
    Networks,
    Origins,
    Port,
    RedisUrl,
    Seconds,
    Secret,
    Secrets,
    StunUrls,
    Texts,
    TurnUrls,
    VapidKey,
    WebUrl,
    texts,
)

# What is of no use without another.
GO_WITH = {
    "terms_url": "terms_version",
    "captcha_secret": "captcha_site_key",
    "google_client_secret": "google_client_id",
    "turn_secret": "turn_urls",
}


class SettingsError(Exception):
    """Some settings are wrong; each of `lines` names one and says why, and none repeats a value."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Settings(BaseSettings):
    """What can be set; an empty value counts as unset."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    host: str = Field("127.0.0.1", description="Address to listen on; `0.0.0.0` for all.")
    port: Port = Field(8080, description="Port to listen on; 0 takes a free one and says which.")

    mongodb_url: MongodbUrl | None = Field(
        None, repr=False, description="MongoDB to use (replica set or sharded). Unset: the embedded one."
    )
    mongodb_database: str = Field(
        "skillnet", min_length=1, max_length=63, description="Name of the database, which holds everything."
    )
    redis_url: RedisUrl | None = Field(
        None, repr=False, description="Redis to use: `redis://`, `rediss://` or `unix://`. Unset: the embedded one."
    )
    transactions_at_once: Annotated[int, Field(ge=1, le=1000)] = Field(
        4,
        description="Transactions that one process has under way at once, the others wait. The embedded database does"
        " most with few, a replica set takes more.",
    )
    data_folder: Path = Field(
        Path(".skillnet"), description="Where the embedded servers and the generated secret are kept."
    )

    jwt_secret: Secret = Field(
        SecretStr(""),
        validate_default=True,
        description=f"Signs access tokens; at least {SECRET_BYTES} bytes, the same for all processes. Required with"
        " `MONGODB_URL`; else one is generated and kept in `DATA_FOLDER`.",
    )
    jwt_secret_also: Secret | None = Field(
        None,
        description="While `JWT_SECRET` is exchanged, a second one whose tokens are good, too: first the next one, then"
        " the former one.",
    )
    data_keys: Secrets = Field(
        (),
        validate_default=True,
        description="Encrypt what the database shall not know, such as secrets of authenticator apps; each of at least"
        f" {SECRET_BYTES} bytes. The first encrypts; former ones, after commas, are still read. Required with"
        " `MONGODB_URL`; else one is generated and kept in `DATA_FOLDER`.",
    )
    access_token_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(15, description="Life of an access token.")
    refresh_token_days: Annotated[int, Field(ge=1, le=365)] = Field(
        30, description="Life of a sign-in, however often it is refreshed."
    )
    refresh_idle_days: Annotated[int, Field(ge=1, le=365)] = Field(
        7, description="A sign-in that was not refreshed for so long is over."
    )

    uploads_url: FilesUrl | None = Field(
        None,
        description="Where files that people send are kept: `file:///var/lib/skillnet` or `s3://bucket/folder`, with"
        " the names of S3's own tools in the environment (needs the extra `files`). Unset: in the database.",
    )
    confirm_email: bool = Field(
        True,
        description="Whether people have to confirm their e-mail address before they can turn to strangers. If not,"
        " whoever types an address first has it.",
    )
    maintenance: bool = Field(
        False,
        description="People read and sign in, and nobody but staff changes anything: `maintenance`, 503."
        " Without restarting anything, an admin says so at `/staff/`.",
    )
    terms_version: str = Field(
        "",
        max_length=64,
        description="Of the terms of use in force, such as `2026-11`: who has not agreed to them has no more than their"
        " own account. Unset: there are none.",
    )
    terms_url: str = Field("", description="Where they can be read; required with them.", validate_default=True)
    captcha_site_key: str = Field(
        "", description="Shows a captcha to who signs up or forgot their password. Unset: there is none."
    )
    captcha_secret: SecretStr = Field(
        SecretStr(""), validate_default=True, description="With which its answers are checked; required with it."
    )
    captcha_verify_url: str = Field(
        "https://challenges.cloudflare.com/turnstile/v0/siteverify",
        description="Where they are checked; hCaptcha and reCAPTCHA have such an address, too.",
    )
    google_client_id: str = Field("", description="Of the web client at Google. Unset: nobody signs in by Google.")
    google_client_secret: SecretStr = Field(
        SecretStr(""), validate_default=True, description="Of the same; required with it."
    )
    google_redirect_uris: Texts = Field(
        (), description="Pages of web clients that Google may lead back to, whole, with commas between."
    )
    google_app_client_ids: Texts = Field(
        (), description="Client ids of apps, whose tokens are taken as well, with commas between."
    )
    google_issuer: str = Field("https://accounts.google.com", description="Who vouches; another one for tests.")
    google_calendar_url: str = Field(
        "https://www.googleapis.com", description="Where Google's calendars are; another one for tests."
    )
    calendar_poll_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(
        10,
        description="How often a connected calendar is looked at where Google cannot tell of changes. It can once"
        " `WEB_URL` begins with `https://`.",
    )
    calendar_grace_minutes: Annotated[int, Field(ge=0, le=1440)] = Field(
        60, description="Who deletes a swap in their calendar has so long to put it back, before it is cancelled."
    )
    smtp_url: MailUrl | None = Field(
        None,
        description="Server that takes letters: `smtp://user:password@host:587` or `smtps://`. Unset, and over the"
        " embedded database: they are shown at `/outbox/`, to this machine alone.",
    )
    mail_from: Address = Field("SkillNet <skillnet@localhost>", description="Whom letters come from.")
    sms_url: SecretStr | None = Field(
        None,
        description="Service that takes text messages as Twilio does, to confirm telephone numbers:"
        " `https://account:token@api.twilio.com/2010-04-01/Accounts/account/Messages.json`. Unset with `MONGODB_URL`:"
        " none is confirmed; else they are printed.",
    )
    sms_from: str = Field("", description="The number or name that text messages come from.")
    vapid_private_key: VapidKey = Field(
        SecretStr(""),
        description="By which push services of browsers know this server: 32 bytes in URL-safe Base64, as `npx web-push"
        " generate-vapid-keys` prints the private one. Unset with `MONGODB_URL`: nothing is pushed; else one is"
        " generated and kept in `DATA_FOLDER`.",
    )
    push_hosts: Texts = Field(
        (
            "fcm.googleapis.com",
            "*.push.services.mozilla.com",
            "*.notify.windows.com",
            "*.push.apple.com",
        ),
        description="Hosts of push services that are asked, by HTTPS alone, with commas between; `*.` stands for any"
        " below.",
    )
    web_url: WebUrl = Field(
        "", description="Where people reach this server, for the links in letters: `https://skillnet.example.org`."
    )

    call_ring_seconds: Annotated[int, Field(ge=5, le=300)] = Field(45, description="How long a call rings.")
    call_capacity: Annotated[int, Field(ge=2, le=12)] = Field(
        6, description="People in one call, each of whom sends to all others; more than 6 need a fast line."
    )
    call_max_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(240, description="A call is over after so long.")
    call_empty_seconds: Annotated[int, Field(ge=5, le=3600)] = Field(
        60, description="A call that everybody has left is over after so long."
    )
    stun_urls: StunUrls = Field(
        (), description="STUN servers for calls, with commas between: `stun:turn.example.org:3478`."
    )
    turn_urls: TurnUrls = Field(
        (),
        description="TURN servers, which relay what finds no other way, with commas between:"
        " `turn:turn.example.org:3478,turns:turn.example.org:5349?transport=tcp`.",
    )
    turn_secret: SecretStr = Field(
        SecretStr(""),
        validate_default=True,
        description="The `static-auth-secret` of the TURN servers; required with them.",
    )
    turn_lifetime_seconds: Annotated[int, Field(ge=60, le=600)] = Field(
        600, description="How long what one peer is given for the TURN servers is good."
    )
    media_secret: Secret = Field(
        SecretStr(""),
        description="With which the server's own peer in calls signs in (`python -m signaling.media`), 32 bytes or"
        " more. Unset with `MONGODB_URL`: nobody tries their camera with it, and nothing is recorded; else one is"
        " generated and kept in `DATA_FOLDER`.",
    )

    allowed_origins: Origins = Field(
        (), description="Origins of web clients served from elsewhere, with commas between: `https://app.example.org`."
    )
    trusted_proxies: Networks = Field(
        (), description="Networks of proxies whose `X-Forwarded-For` is believed, with commas between: `10.0.0.0/8`."
    )
    max_connections_per_ip: Count = Field(50, description="Socket.IO connections from one address.")
    max_connections_per_user: Count = Field(10, description="Socket.IO connections of one user.")

    edit_window_minutes: Annotated[int, Field(ge=0, le=525_600)] = Field(
        15, description="How long an author may change a message."
    )
    newcomer_delay_seconds: Annotated[int, Field(ge=0, le=86_400)] = Field(
        60, description="Time between two forum posts of somebody of whom nothing has stood there for a day yet."
    )
    newcomer_links: Annotated[int, Field(ge=0, le=1000)] = Field(
        2, description="Links that a forum post of such a newcomer may hold."
    )
    swap_answer_days: Annotated[int, Field(ge=1, le=90)] = Field(
        14, description="A swap that nobody answered for so long expires."
    )
    swap_silence_days: Annotated[int, Field(ge=1, le=90)] = Field(
        7, description="A swap counts as held so long after it, unless one of its people says otherwise."
    )
    open_swaps: Count = Field(
        5,
        description="Requests of somebody new that may wait for an answer; more of them after a day, by a confirmed"
        " telephone number, and once they kept their word in a swap.",
    )
    first_contacts: Count = Field(
        5,
        description="Strangers whom somebody new may write to before one of them answers; more after a day, by a"
        " confirmed telephone number, and once they kept their word in a swap.",
    )
    first_messages: Count = Field(1, description="Messages that a stranger gets before they have answered.")
    nudge_days: Annotated[int, Field(ge=0, le=90)] = Field(
        3,
        description="Days after which who joined and said little of themselves is told so once; 0: never.",
    )
    reports_to_hide: Count = Field(
        3, description="People, none of them new, who report a forum post before it is hidden until staff has looked."
    )
    approved_offers: Annotated[int, Field(ge=0, le=1000)] = Field(
        0,
        description="Offers and requests that staff has to approve of somebody who has not kept their word in a swap"
        " yet, before others of theirs are seen at once; 0: none waits.",
    )
    credit_limit_minutes: Annotated[int, Field(ge=0, le=100_000)] = Field(
        300, description="Time credit that somebody may owe."
    )
    late_cancel_hours: Annotated[int, Field(ge=0, le=720)] = Field(
        24, description="Who cancels a swap later than so long before it has not kept their word."
    )
    feed_window: Annotated[int, Field(ge=10, le=100_000)] = Field(
        1000, description="Events kept for each audience, for clients that come back."
    )
    ping_interval_seconds: Seconds = Field(25, description="Time between two pings to an idle client.")
    ping_timeout_seconds: Seconds = Field(20, description="A client that does not answer a ping for so long is gone.")

    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="With which `/metrics` is read, as a bearer token. Unset: by this machine alone, past any proxy.",
    )
    otlp_url: WebUrl = Field(
        "",
        description="Collector that takes traces by OTLP over HTTP: `http://127.0.0.1:4318` (needs the extra `otel`;"
        " `OTEL_TRACES_SAMPLER` says how many). Unset: nothing is traced.",
    )
    log_format: Literal["console", "json"] = Field("console", description="`console` for people, `json` for machines.")
    log_level: Level = Field("INFO", description="Least important line to log: `DEBUG`, `INFO`, `WARNING` or `ERROR`.")

    @field_validator(*GO_WITH)
    @classmethod
    def _goes_with(cls, value: SecretStr | str, info: ValidationInfo) -> SecretStr | str:
        other = GO_WITH[info.field_name or ""]
        if info.data.get(other) and not texts(value):
            raise ValueError(f"required with {other.upper()}")
        return value

    @field_validator("jwt_secret", "data_keys")
    @classmethod
    def _is_given(cls, value: SecretStr | Secrets, info: ValidationInfo) -> SecretStr | Secrets:
        if not texts(value) and info.data.get("mongodb_url"):
            raise ValueError(
                "required with MONGODB_URL, for all processes the same; `openssl rand -base64 48` makes one"
            )
        return value
