"""Other people: what they show of themselves, and the list of those one wants to find again."""

from datetime import datetime, timedelta

from handlers.between import access_person, access_wanted, circles_of, contact_of, mutual_of
from handlers.blocking import hidden_from
from handlers.context import Context
from handlers.errors import Invalid, NotFound
from handlers.evidence import Evidence
from handlers.models import Command, Cursor, Limit, Query, UserId
from handlers.trust import reliability_of
from handlers.views.base import Page
from handlers.views.profiles import Active, KeptView, PersonCardView, PersonView
from store.favourites import Favourite, favourite_id
from store.profiles import ShownTo
from store.repository import order_of
from store.users import Status, User

# Of the devices of one person the last ones to sign in are looked at; the others sleep.
MOST_SESSIONS = 20
ACTIVE = (
    (timedelta(days=1), Active.TODAY),
    (timedelta(days=7), Active.THIS_WEEK),
    (timedelta(days=30), Active.THIS_MONTH),
)


class GetPerson(Query):
    """Whom."""

    user_id: UserId


class AddFavourite(Command):
    """Whom."""

    user_id: UserId


class RemoveFavourite(AddFavourite):
    """Whom."""


class ListFavourites(Query):
    """Which part of the list."""

    cursor: Cursor | None = None
    limit: Limit = 30


async def get_person(query: GetPerson, ctx: Context) -> PersonView:
    """Somebody's profile, as far as they show it to who asks; what is null is not there, or not shown.

    Never the e-mail address; phone and address to a partner of an accepted swap, if the person gives them to that one.
    """
    person = await access_person(query.user_id, ctx)
    circles = await circles_of(person, ctx)
    phone, address = await contact_of(person, ctx)
    me = None if ctx.signed_in is None else ctx.signed_in.user_id
    is_favourite = me is not None and await ctx.store.favourites.get(favourite_id(me, person.id)) is not None
    return PersonView.of(
        person,
        circles,
        reliability=await _reliability(person, ctx),
        phone=phone,
        address=address,
        favourite=is_favourite,
        last_active=await _last_active(person, circles, ctx),
        mutual=await mutual_of(person, circles, ctx),
        now=ctx.now,
    )


async def add_favourite(command: AddFavourite, ctx: Context) -> PersonCardView:
    """Put somebody into your list; they do not hear of it."""
    me = ctx.actor.user_id
    if command.user_id == me:
        raise Invalid.field("user_id", "This is you.")
    person = await access_wanted(command.user_id, ctx)
    kept, order = favourite_id(me, person.id), order_of(ctx.now, person.id)
    await ctx.store.favourites.put(Favourite(id=kept, user_id=me, person_id=person.id, created_at=ctx.now, order=order))
    return PersonCardView.of(person)


async def remove_favourite(command: RemoveFavourite, ctx: Context) -> None:
    """Take somebody out of your list."""
    if not await ctx.store.favourites.delete(favourite_id(ctx.actor.user_id, command.user_id)):
        raise NotFound("This person is not in your list.")


async def list_favourites(query: ListFavourites, ctx: Context) -> Page[PersonCardView]:
    """The people in your list, the last added first; who is not there any more is left out."""
    me = ctx.actor.user_id
    found = await ctx.store.favourites.of_person(me, before=query.cursor, limit=query.limit + 1)
    page = found[: query.limit]
    users = await ctx.store.users.among([one.person_id for one in page]) if page else []
    hidden = await hidden_from(me, [user.id for user in users], ctx)
    around = {user.id: user for user in users if user.is_around(ctx.now) and user.id not in hidden}
    cards = [PersonCardView.of(around[one.person_id]) for one in page if one.person_id in around]
    return Page(items=cards, next_cursor=page[-1].order if len(found) > query.limit else None)


async def person_evidence(user_id: str, ctx: Context) -> Evidence:
    """What somebody shows of themselves to the actor, for whoever has to judge it; never how to reach them."""
    person = await access_person(user_id, ctx)
    circles = await circles_of(person, ctx)
    view = PersonView.of(
        person, circles, reliability=await _reliability(person, ctx), phone=None, address=None, favourite=False,
        last_active=None, mutual=None, now=ctx.now,
    )  # fmt: skip
    files = (person.profile_picture, person.bannerImage, *(work.upload_id for work in view.portfolio or ()))
    return Evidence(person.id, view.model_dump(mode="json"), tuple(file for file in files if file is not None))


async def _reliability(person: User, ctx: Context) -> KeptView:
    figure = await reliability_of(person.id, ctx)
    return KeptView(kept=figure.kept, of=figure.of)


async def _last_active(person: User, circles: frozenset[ShownTo], ctx: Context) -> Active | None:
    is_hidden = not person.privacy.presence or person.status is Status.INVISIBLE
    if is_hidden or person.visibility.last_active not in circles:
        return None
    sessions = await ctx.store.sessions.of_person(person.id, limit=MOST_SESSIONS)
    last = max([person.last_seen_at or person.created_at, *(session.last_seen_at for session in sessions)])
    return roughly(last, ctx.now)


def roughly(last: datetime, now: datetime) -> Active:
    """When somebody was last here, so roughly that nobody's day can be read from it."""
    return next((active for within, active in ACTIVE if now - last < within), Active.LONGER_AGO)
