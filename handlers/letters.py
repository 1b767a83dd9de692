"""Letters: what a worker writes to people after the commit that asked for it, and what their links let them do.

Whether an address has an account is found out here and not where somebody asks: asking takes the same time for all.
"""

import html
from datetime import datetime, timedelta
from typing import NamedTuple

from handlers.context import Context
from handlers.errands import Errand
from handlers.errors import Invalid
from handlers.models import email_key
from store.activity import What
from store.jobs import Queue
from store.tickets import Purpose, Ticket
from store.users import User

LIFETIME = {Purpose.CONFIRM: timedelta(days=2), Purpose.RESET: timedelta(hours=1)}
PAGES = {Purpose.CONFIRM: "/account/confirm", Purpose.RESET: "/account/reset"}
ELSE_IGNORE = "If it was not you, you need not do anything."

# What is told by letter too, whatever else a person has switched off.
NOTICES = {
    What.NEW_DEVICE: "Somebody signed in to your account on a device that was not seen before.",
    What.REFRESH_REUSED: "A copy of one of your sign-ins was used, so it was ended.",
    What.PASSWORD_CHANGED: "Your password was changed, and every other device signed out.",
    What.PASSWORD_RESET: "Your password was reset by a letter to this address, and every device signed out.",
    What.EMAIL_CHANGE_ASKED: "Somebody asked to change the e-mail address of your account.",
    What.SECOND_FACTOR_ON: "Signing in to your account asks for a code of your authenticator app from now on.",
    What.SECOND_FACTOR_OFF: "Signing in to your account no longer asks for a code of your authenticator app.",
    What.RECOVERY_CODE_USED: "A recovery code was used to sign in to your account.",
    What.RECOVERY_CODES_MADE: "New recovery codes were made for your account; the old ones are worth nothing now.",
    What.IDENTITY_LINKED: "A Google account was linked to your account: it signs in to it from now on.",
    What.IDENTITY_UNLINKED: "The Google account was unlinked from your account.",
    What.EXPORT_ASKED: "Somebody asked for a copy of all that is in your account.",
    What.BANNED: "Your account was closed to you, and every device signed out.",
    What.BAN_LIFTED: "Your account is open to you again.",
    What.APPEAL_DECIDED: "What you appealed against was looked at again, by somebody else.",
    What.ROLE_CHANGED: "What you may do as staff was changed.",
    What.DELETION_ASKED: "Your account will be deleted in seven days. Sign in before then to keep it.",
    What.DELETION_UNDONE: "Your account is kept: it will not be deleted.",
    What.EMAIL_CHANGED: "The e-mail address of your account was changed; this one is no longer used.",
}


class Letter(NamedTuple):
    """What is sent: plain text, which every reader shows alike, and the same as a page beside it."""

    to: str
    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...] = ()


class ConfirmAddress(Errand):
    """Ask the reader of an address whether this account is theirs."""

    queue = Queue.LETTERS

    user_id: str
    email: str


class ResetPassword(Errand):
    """Somebody who says that this is their address forgot their password."""

    queue = Queue.LETTERS

    email_key: str


class Written(Errand):
    """What is to be written is known, and perhaps nobody to look it up from any more."""

    queue = Queue.LETTERS

    to: str
    subject: str
    text: str


class Notice(Errand):
    """Tell an account's owner, at the address that was theirs then, what happened to it."""

    queue = Queue.LETTERS

    what: What
    to: str
    name: str
    device: str
    address: str
    at: datetime
    more: str = ""
    statement_id: str | None = None


async def confirm_address(errand: ConfirmAddress, ctx: Context) -> Letter | None:
    """A letter with a link; whose address it is already learns of the attempt, and no more."""
    user = await ctx.store.users.get(errand.user_id)
    if user is None or errand.email not in (user.email, user.next_email):
        return None
    owner = await ctx.store.users.owner_of(email_key(errand.email))
    if owner is not None and owner.id == user.id:
        return None
    if owner is not None:
        return _letter(
            owner, ctx, "Somebody used your address",
            "Somebody gave your e-mail address to SkillNet, where you have an account already. If that was you: sign"
            " in, or have your password reset.", ELSE_IGNORE,
        )  # fmt: skip
    link = await _link(Purpose.CONFIRM, user, errand.email, errand.job, ctx)
    told = f"Is this your e-mail address? Confirm it within two days:\n\n{link}"
    return _letter(user, ctx, "Confirm your e-mail address", told, ELSE_IGNORE, to=errand.email)


async def reset_password(errand: ResetPassword, ctx: Context) -> Letter | None:
    """A letter with a link, if there is an account."""
    users = ctx.store.users
    user = await users.owner_of(errand.email_key) or await users.claimant_of(errand.email_key)
    if user is None:
        return None
    link = await _link(Purpose.RESET, user, user.email, errand.job, ctx)
    told = f"Choose a new password within the hour:\n\n{link}\n\nEvery device will be signed out."
    return _letter(user, ctx, "Reset your password", told, ELSE_IGNORE)


async def notice(errand: Notice, ctx: Context) -> Letter:
    """A letter about what happened to an account."""
    paragraphs = [f"Hello {errand.name},", NOTICES[errand.what], f"When: {errand.at:%Y-%m-%d %H:%M} UTC"]
    if errand.more:
        paragraphs.append(errand.more)
    if errand.statement_id is not None:
        link = f"{ctx.ports.rules.web_url}/account/appeal#{opening(errand.statement_id, ctx)}"
        paragraphs.append(f"If you think that this is wrong, say why; somebody else will decide:\n\n{link}")
    if errand.address:
        paragraphs[-1] += f"\nDevice: {errand.device or 'unknown'}\nFrom: {errand.address}"
        paragraphs.append("If it was not you: reset your password, which signs out every device.")
    return _plain(errand.to, "A change to your account", "\n\n".join(paragraphs) + "\n", ctx)


async def written(errand: Written, ctx: Context) -> Letter:
    """As it was said."""
    return _plain(errand.to, errand.subject, errand.text, ctx)


def page(subject: str, *parts: str) -> str:
    """The page that a letter is, of parts that are HTML: plain, so that nothing is fetched when somebody reads it."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(subject)}</title></head><body>{''.join(parts)}</body></html>\n"
    )


def lines(text: str, place: str | None = None) -> str:
    """What stands on lines of their own, as HTML; those that are an address at a place are links."""
    return "<br>".join(_line(one, place) for one in text.splitlines())


async def redeem(token: str, purpose: Purpose, ctx: Context) -> Ticket:
    """Use up what came with a letter; raises `Invalid` if it is none, was used, or is too old."""
    ticket_id, _, proof = token.partition(".")
    if ctx.ports.tokens.is_proof(proof, _proven(purpose, ticket_id)):
        ticket = await ctx.store.tickets.use(ticket_id, at=ctx.now)
        if ticket is not None and ticket.purpose is purpose and ctx.now < ticket.expires_at:
            return ticket
    raise Invalid.field("token", "This link was used already, or is too old; ask for another.", code="link_over")


def opening(statement_id: str, ctx: Context) -> str:
    """What opens one statement of staff's and nothing else, also for who is kept out."""
    return f"{statement_id}.{ctx.ports.tokens.prove(_of_statement(statement_id))}"


def is_opened(token: str, ctx: Context) -> str | None:
    """The id of the statement that it opens."""
    statement_id, _, proof = token.partition(".")
    return statement_id if ctx.ports.tokens.is_proof(proof, _of_statement(statement_id)) else None


def _of_statement(statement_id: str) -> str:
    return f"statement.{statement_id}"


async def _link(purpose: Purpose, user: User, email: str, ticket_id: str, ctx: Context) -> str:
    # A job that is done again makes no second ticket.
    if await ctx.store.tickets.get(ticket_id) is None:
        ticket = Ticket(
            id=ticket_id,
            purpose=purpose,
            user_id=user.id,
            email=email,
            created_at=ctx.now,
            expires_at=ctx.now + LIFETIME[purpose],
        )
        await ctx.store.tickets.insert(ticket)
    # Behind the #, so that it is in no server's log and in no Referer.
    token = f"{ticket_id}.{ctx.ports.tokens.prove(_proven(purpose, ticket_id))}"
    return f"{ctx.ports.rules.web_url}{PAGES[purpose]}#{token}"


def _proven(purpose: Purpose, ticket_id: str) -> str:
    return f"ticket.{purpose}.{ticket_id}"


def _letter(user: User, ctx: Context, subject: str, *paragraphs: str, to: str | None = None) -> Letter:
    return _plain(to or user.email, subject, "\n\n".join((f"Hello {user.name},", *paragraphs)) + "\n", ctx)


def _plain(to: str, subject: str, text: str, ctx: Context) -> Letter:
    place = ctx.ports.rules.web_url
    paragraphs = (f"<p>{lines(one, place)}</p>" for one in text.strip().split("\n\n"))
    return Letter(to, subject, text, page(subject, *paragraphs))


def _line(text: str, place: str | None) -> str:
    if place is None or not text.startswith(f"{place}/") or " " in text:
        return html.escape(text)
    # Read out, what is secret in it is noise.
    return f'<a href="{html.escape(text)}">{html.escape(text.partition("#")[0])}</a>'
