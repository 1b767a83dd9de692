"""Numbers of the domain, and a few addresses, that an operator may set; `server/config` says how."""

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class CallRules:
    """Those of calls."""

    rings: timedelta = timedelta(seconds=45)
    capacity: int = 6
    longest: timedelta = timedelta(hours=4)
    # A call that everybody has left, or that nobody has come to.
    empty: timedelta = timedelta(minutes=1)
    unused: timedelta = timedelta(minutes=15)
    stun_urls: tuple[str, ...] = ()
    turn_urls: tuple[str, ...] = ()
    turn_secret: bytes = field(default=b"", repr=False)
    turn_lifetime: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Rules:
    """All of them, as they are where nothing is set."""

    edit_window: timedelta = timedelta(minutes=15)
    refresh_absolute: timedelta = timedelta(days=30)
    refresh_idle: timedelta = timedelta(days=7)
    # A swap is answered within so long, and held once both have been silent for so long after it.
    swap_answer: timedelta = timedelta(days=14)
    swap_silence: timedelta = timedelta(days=7)
    # Nobody promises more time credit than would have them owe so much.
    credit_limit: timedelta = timedelta(hours=5)
    # So many requests of somebody new may wait for an answer; of others some times as many.
    open_swaps: int = 5
    # So many strangers may be waited for by somebody new; and so much is said to each before they answer.
    first_contacts: int = 5
    first_messages: int = 1
    # So long after they joined people are told what their profile lacks; nobody without it.
    nudge_after: timedelta = timedelta(0)
    # So many who are not new report a post before it is hidden until staff has looked.
    reports_to_hide: int = 3
    # So many offers of somebody who is not trusted yet are seen by others once staff has approved them.
    approved_offers: int = 0
    # Whoever cancels later than so long before has not kept their word.
    late_cancel: timedelta = timedelta(hours=24)
    # Else an address is believed as it is typed, and the first to type it has it.
    confirms_email: bool = True
    # The terms of use in force, and where they can be read; without a version there are none to agree to.
    terms_version: str = ""
    terms_url: str = ""
    # With which a page shows the captcha, where there is one.
    captcha_site_key: str = ""
    # What the forum asks of those of whom nothing has stood there yet: time between posts, and few links in each.
    newcomer_delay: timedelta = timedelta(seconds=60)
    newcomer_links: int = 2
    # Where the pages are that the links in letters lead to.
    web_url: str = ""
    # Where Google says that a calendar has changed; empty where it cannot reach this server.
    calendar_hook: str = ""
    # So often a calendar is read of which Google says nothing.
    calendar_poll: timedelta = timedelta(minutes=10)
    # Within so long it is put back what was deleted in a calendar by mistake; then the swap is cancelled.
    calendar_grace: timedelta = timedelta(hours=1)
    calls: CallRules = CallRules()
