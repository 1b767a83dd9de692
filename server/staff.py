"""`python -m server.staff EMAIL ROLE`: make somebody user, moderator or admin; the first admin has to be made so."""

import argparse
import asyncio
import sys

from handlers.account import MOST_FOUND
from handlers.models import email_key
from handlers.staff import change_role
from server.config import Settings, SettingsError
from server.config.loading import load_settings
from server.core import utc_now
from server.embedded import EmbeddedError
from server.logs import refuse
from server.resting import resting_store
from store import Unusable
from store.database import Session
from store.users import Role


class NobodyThere(Exception):
    """One line on why nobody got a role."""


def main() -> int:
    """Give the role; the exit code is 1 if that could not be, with one line for each reason on standard error."""
    parser = argparse.ArgumentParser(prog="python -m server.staff", description=__doc__)
    parser.add_argument("email", help="a confirmed address")
    parser.add_argument("role", choices=list(Role), metavar="role", help=", ".join(Role))
    asked = parser.parse_args()
    try:
        asyncio.run(give(asked.email, Role(asked.role), load_settings()))
    except SettingsError as error:
        return refuse(*error.lines)
    except (EmbeddedError, NobodyThere, Unusable) as error:
        return refuse(str(error))
    sys.stdout.write(f"{asked.email} is {asked.role} now.\n")
    return 0


async def give(email: str, role: Role, settings: Settings) -> None:
    """Give a role to the owner of an address, in whichever database is set; the embedded one must not be in use."""
    async with resting_store(settings) as store:

        async def work(session: Session) -> None:
            within = store.within(session)
            user = await within.users.owner_of(email_key(email))
            if user is None:
                raise NobodyThere(f"Nobody has confirmed the address {email}; sign up with it first.")
            now = utc_now()
            await change_role(user, role, within, by=None, at=now)
            # Whoever is staff no more hears nothing more of what they watch: processes ask, if they are told nothing.
            for living in await within.sessions.of_person(user.id, limit=MOST_FOUND) if role is Role.USER else ():
                await within.sessions.revoke(living.id, at=now, because="role_changed")

        await store.database.transaction(work)


if __name__ == "__main__":
    sys.exit(main())
