"""What an account is held by: its password and its confirmed address, and changing them."""

from typing import Annotated

from pydantic import Field, SecretStr

from handlers.account import access_self, end_sessions, hash_new_password, note, require_password
from handlers.calendar_sync import forget_calendar
from handlers.context import Context
from handlers.errands import ask_later
from handlers.errors import Conflict, Invalid
from handlers.letters import ConfirmAddress, ResetPassword, redeem
from handlers.models import ByPeople, Command, Email, KnownPassword, NewPassword, email_key
from store.activity import What
from store.tickets import Purpose

LinkToken = Annotated[
    SecretStr, Field(min_length=20, max_length=128, description="What stands behind the # of the link in the letter.")
]


class ChangePassword(Command):
    """The old one shows that it is you, and not somebody at your desk."""

    current_password: KnownPassword | None = None
    new_password: NewPassword


class AskForReset(ByPeople):
    """The address of the account whose password is forgotten."""

    email: Email


class Reset(Command):
    """What came with the letter, and the new password."""

    token: LinkToken
    new_password: NewPassword


class ChangeEmail(Command):
    """The address to come."""

    email: Email
    current_password: KnownPassword | None = None


class ConfirmEmail(Command):
    """What came with the letter."""

    token: LinkToken


class AskForConfirmation(Command):
    """Of one's own address."""


async def change_password(command: ChangePassword, ctx: Context) -> None:
    """Change your password. Every other session ends: whoever knew the old one is out."""
    user = await access_self(ctx)
    await require_password(command.current_password, user, ctx)
    new = await hash_new_password(command.new_password, (user.name, user.email), ctx, field="new_password")
    # Nor is their address taken: the account stays with who has changed the password.
    await ctx.store.users.update(user.id, {"password_hash": new, "next_email": None, "updated_at": ctx.now})
    await end_sessions(user.id, ctx, because="password_changed", but=ctx.actor.session_id)
    await note(What.PASSWORD_CHANGED, user, ctx, session_id=ctx.actor.session_id)


async def ask_for_reset(command: AskForReset, ctx: Context) -> None:
    """Have a link sent by which a new password can be chosen; answers the same whether or not there is an account."""
    await ask_later(ResetPassword(email_key=email_key(command.email)), ctx)


async def reset_password(command: Reset, ctx: Context) -> None:
    """Choose a new password by the link of a letter, once. Every session ends; log in with the new one."""
    ticket = await redeem(command.token.get_secret_value(), Purpose.RESET, ctx)
    user = await ctx.store.users.get(ticket.user_id)
    if user is None or user.email != ticket.email:
        raise Invalid.field("token", "The account has another address now; ask for another link.", code="link_over")
    new = await hash_new_password(command.new_password, (user.name, user.email), ctx, field="new_password")
    fields = {"password_hash": new, "next_email": None, "updated_at": ctx.now}
    # Whoever reads the letter reads the address.
    if user.owned_email is None and await ctx.store.users.owner_of(user.email_key) is None:
        fields |= {"owned_email": user.email_key, "second_factor": None, "next_factor": None}
        # Whoever signed up with this address may have been another one, and have left themselves a way in.
        await forget_calendar(user.id, ctx)
        for identity in await ctx.store.identities.of_person(user.id):
            await ctx.store.identities.delete(identity.id)
    await ctx.store.users.update(user.id, fields)
    await end_sessions(user.id, ctx, because="password_changed")
    await note(What.PASSWORD_RESET, user, ctx, told_at=user.email)


async def change_email(command: ChangeEmail, ctx: Context) -> None:
    """Have a link sent to the address to come; the present one stays, and is told, until that is confirmed."""
    user = await access_self(ctx)
    await require_password(command.current_password, user, ctx)
    await ctx.store.users.update(user.id, {"next_email": command.email, "updated_at": ctx.now})
    await ask_later(ConfirmAddress(user_id=user.id, email=command.email), ctx)
    await note(What.EMAIL_CHANGE_ASKED, user, ctx, session_id=ctx.actor.session_id)


async def ask_for_confirmation(_: AskForConfirmation, ctx: Context) -> None:
    """Have the link that confirms your address sent again, to the one to come if you are changing it."""
    user = await access_self(ctx)
    await ask_later(ConfirmAddress(user_id=user.id, email=user.next_email or user.email), ctx)


async def confirm_email(command: ConfirmEmail, ctx: Context) -> None:
    """Confirm an address by the link of a letter, once; it is the account's from now on, and no other can have it."""
    ticket = await redeem(command.token.get_secret_value(), Purpose.CONFIRM, ctx)
    user = await ctx.store.users.get(ticket.user_id)
    if user is None or ticket.email not in (user.email, user.next_email):
        raise Invalid.field("token", "The account has another address now; ask for another link.", code="link_over")
    key = email_key(ticket.email)
    owner = await ctx.store.users.owner_of(key)
    if owner is not None and owner.id != user.id:
        raise Conflict("This address has become another account's.")
    is_new = ticket.email != user.email
    fields = {"email": ticket.email, "email_key": key, "owned_email": key, "updated_at": ctx.now}
    await ctx.store.users.update(user.id, fields | ({"next_email": None} if is_new else {}))
    # Told where it was: to the reader of the new one it is no news.
    await note(What.EMAIL_CHANGED if is_new else What.EMAIL_CONFIRMED, user, ctx)
