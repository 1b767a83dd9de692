"""What every use case that touches somebody's account does with it: end sessions, and write down what happened."""

from datetime import datetime, timedelta

from pydantic import SecretStr

from handlers.context import PROCESSES, Caller, Context, people
from handlers.errands import ask_later
from handlers.errors import (
    Conflict,
    EmailUnconfirmed,
    Forbidden,
    Invalid,
    Maintenance,
    Muted,
    NotFound,
    SignInAgain,
    TermsNotAccepted,
    WarningUnread,
)
from handlers.events.accounts import AccountActivity, SessionEnded
from handlers.letters import NOTICES, Notice
from handlers.models import Access, Asked, ByPeople
from handlers.notifying import notify
from handlers.ports import Restraint
from handlers.views.accounts import ActivityView
from store.activity import Activity, What
from store.ids import new_id
from store.notifications import Topic
from store.repository import order_of
from store.users import Acceptance, Role, User

# Nobody has so many devices; a sign-in beyond that ends the one that was not used for the longest.
MOST_SESSIONS = 50
# Looked at, and ended at once: also those that were begun at the same moment, or before there was an end to them.
MOST_FOUND = 200
JUST_NOW = timedelta(minutes=5)

# Open also to who has not agreed to the terms, or not read a warning.
OWN = frozenset({Access.PUBLIC, Access.ACCOUNT})
# Who acts on somebody's account is not told to them: no name, no address.
STAFF_CALLER = Caller(address="", device="staff")
STAFF = {Access.MODERATOR: frozenset({Role.MODERATOR, Role.ADMIN}), Access.ADMIN: frozenset({Role.ADMIN})}


async def access_self(ctx: Context) -> User:
    """The actor, as kept."""
    user = await ctx.store.users.get(ctx.actor.user_id)
    if user is None:
        raise NotFound("This account is gone.")
    return user


async def require_role(access: Access, ctx: Context) -> None:
    """Refuse who is not staff, where that is asked for."""
    if access in STAFF and (await access_self(ctx)).role not in STAFF[access]:
        raise Forbidden("This is for staff.")


def require_terms(access: Access, ctx: Context) -> None:
    """Refuse who has not agreed to the terms of use in force, except about their own account."""
    version = ctx.ports.rules.terms_version
    if version and access not in OWN and ctx.actor.terms != version:
        raise TermsNotAccepted(f"Agree to the terms of use {version} first: send it to /auth/terms.")


async def require_unrestrained(access: Access, ctx: Context) -> None:
    """Refuse who was warned and has not read it, except about their own account; and whom to hear staff has muted."""
    if access in OWN:
        return
    restraint = await ctx.ports.restraints.of(ctx.actor.user_id)
    if restraint.warned:
        raise WarningUnread("Staff has warned you: read it in /auth/statements/, and acknowledge it there.")
    if access is Access.VOICE:
        _require_voice(restraint, ctx.now)


async def require_voice(asked: Asked, ctx: Context) -> None:
    """Refuse whom staff has muted, if others would read or hear of what is asked."""
    if asked.speaks():
        _require_voice(await ctx.ports.restraints.of(ctx.actor.user_id), ctx.now)


def _require_voice(restraint: Restraint, now: datetime) -> None:
    if restraint.is_muted(now):
        until = f"{restraint.muted_until:%Y-%m-%d %H:%M} UTC"
        raise Muted(f"Staff has muted you until {until}. Why, and how to appeal, says /auth/statements/.")


async def require_no_maintenance(access: Access, ctx: Context) -> None:
    """Refuse changes while the server is being worked on, but by staff; signing in goes on, to read."""
    words = ctx.ports.standing.words
    if words is None or access is Access.PUBLIC:
        return
    if (await access_self(ctx)).role is Role.USER:
        told = f"{words or 'SkillNet is being worked on.'} Reading goes on, changes do not; try again later."
        raise Maintenance(told, retry_after=timedelta(minutes=1))


def agreed(version: str, ctx: Context) -> Acceptance:
    """That somebody agrees to terms; they have to be those in force, if any are."""
    in_force = ctx.ports.rules.terms_version
    if in_force and version != in_force:
        raise Conflict(f"Other terms of use are in force: {in_force}.")
    return Acceptance(version=version, at=ctx.now)


async def require_confirmed(ctx: Context) -> User:
    """The actor, who has confirmed their address: others are turned to by what follows."""
    me = await access_self(ctx)
    if me.owned_email is None:
        raise EmailUnconfirmed("Confirm your e-mail address first, by the link in the letter that you were sent.")
    return me


async def require_human(command: ByPeople, ctx: Context) -> None:
    """Refuse programs, where a captcha is set up to tell them from people."""
    if ctx.ports.captcha is None:
        return
    answer = "" if command.captcha is None else command.captcha.get_secret_value()
    if not answer or not await ctx.ports.captcha.is_solved(answer, ctx.caller.address):
        raise Invalid.field("captcha", "Solve the captcha, anew for each try.", code="captcha_unsolved")


async def require_password(password: SecretStr | None, user: User, ctx: Context) -> None:
    """Refuse who is signed in as this person and does not know their password: somebody at their desk.

    Who has none, because they sign in by an account elsewhere, has to have done so just now.
    """
    if user.password_hash is None:
        session = await ctx.store.sessions.get(ctx.actor.session_id)
        if session is None or ctx.now - session.created_at > JUST_NOW:
            raise SignInAgain("Sign in again first, to show that it is you.")
        return
    given = "" if password is None else password.get_secret_value()
    if not await ctx.ports.passwords.matches(given, user.password_hash):
        raise Invalid.field("current_password", "This is not your password.", code="wrong_password")


async def hash_new_password(password: SecretStr, about: tuple[str, str], ctx: Context, *, field: str) -> str:
    """A hash to keep; refuses what is easily guessed, also by who knows the name and the address it is about."""
    text, (name, email) = password.get_secret_value(), about
    weakness = await ctx.ports.passwords.weakness(text, (name, email, *email.split("@"), "skillnet"))
    if weakness is not None:
        raise Invalid.field(field, f"{weakness} Choose another password.", code="weak_password")
    return await ctx.ports.passwords.hash(text)


async def note(
    what: What,
    user: User,
    ctx: Context,
    *,
    session_id: str = "",
    told_at: str | None = None,
    caller: Caller | None = None,
    more: str = "",
    statement_id: str | None = None,
) -> None:
    """Write down what happened to an account, tell the person's devices, and notify them of what should alarm them.

    That is told by letter, too, which goes to `told_at`, or to the account's address if it is confirmed; both say
    `more`, and the letter with a statement how to appeal. Whoever asks is named as the caller, unless another is given.
    """
    id_ = new_id()
    address, device = (caller or ctx.caller)[:2]
    device = device[:200]
    activity = Activity(
        id=id_,
        user_id=user.id,
        what=what,
        session_id=session_id,
        device=device,
        address=address,
        at=ctx.now,
        order=order_of(ctx.now, id_),
    )
    await ctx.store.activities.insert(activity)
    ctx.emit(AccountActivity(activity=ActivityView.of(activity)), to=people(user.id), unnamed=caller is not None)
    if what in NOTICES:
        # Nobody is named as who did it: staff is not, and whoever else it was may not be who they seem.
        await notify([user.id], Topic.ACCOUNT, ctx, title=NOTICES[what], text=more, about="account", by=user.id)
    to = told_at or (user.email if user.owned_email else None)
    if what in NOTICES and to is not None:
        told = Notice(what=what, to=to, name=user.name, device=device, address=address, at=ctx.now, more=more)
        await ask_later(told.model_copy(update={"statement_id": statement_id}), ctx)


async def end_session(session_id: str, user_id: str, ctx: Context, *, because: str) -> bool:
    """Revoke a session and have every process close its sockets; False if it had ended."""
    ended = await ctx.store.sessions.revoke(session_id, at=ctx.now, because=because)
    if ended:
        await ctx.store.push_subscriptions.end_session(session_id)
        told = SessionEnded(session_id=session_id, user_id=user_id, code=because, reconnect=False)
        ctx.emit(told, to=(PROCESSES,))
    return ended


async def end_sessions(user_id: str, ctx: Context, *, because: str, but: str | None = None) -> int:
    """Revoke every session of a person, perhaps but one; answers how many."""
    ended = 0
    for session in await ctx.store.sessions.of_person(user_id, limit=MOST_FOUND):
        if session.id != but:
            ended += await end_session(session.id, user_id, ctx, because=because)
    return ended
