"""Documents and the questions asked of them. Imports nothing of ours; the only package that knows the driver."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

import pymongo

from store.activity import Activities
from store.agendas import Agendas
from store.availability import Availabilities
from store.awards import Awards
from store.blobs import BlobChunks, BlobFiles
from store.blocks import Blocks
from store.bookings import Bookings
from store.bookmarks import Bookmarks
from store.busy_times import BusyTimes
from store.calendar_events import CalendarEvents
from store.calendar_feeds import CalendarFeeds
from store.calendar_grants import CalendarGrants, Consents
from store.calendar_watches import CalendarWatches
from store.calls import Calls
from store.categories import Categories
from store.consent_log import ConsentLog
from store.contact_shares import ContactShares
from store.credits import Accounts, Transfers
from store.database import Database, Session, Unusable
from store.discussions import Discussions
from store.exports import ExportPieces, Exports
from store.favourites import Favourites
from store.follows import Follows
from store.gigs import Gigs
from store.identities import Identities, Proofs
from store.jobs import Jobs
from store.listings import Listings
from store.maintenance import Maintenance
from store.matches import Matches
from store.memberships import Memberships
from store.messages import Messages
from store.notification_marks import NotificationMarksOf
from store.notification_preferences import NotificationPreferencesOf
from store.notifications import Notifications
from store.outbox import Outbox
from store.post_votes import PostVotes
from store.posts import Posts
from store.push_subscriptions import PushSubscriptions
from store.reports import Cases, Reports
from store.repository import Kept, Repository
from store.requests import Requests
from store.reviews import Reviews
from store.saved import SavedMessages
from store.scores import Scores, Standings
from store.searches import SavedSearches, SearchMatches, Watches
from store.series import AllSeries
from store.sessions import Sessions
from store.sightings import Sightings
from store.staff_log import StaffLog
from store.statements import Statements
from store.swaps import Swaps
from store.threads import Threads
from store.tickets import Tickets
from store.uploads import Uploads
from store.users import Users
from store.vacations import VacationsOf

LONGEST_BUILD_SECONDS = 86_400

R = TypeVar("R", bound=Repository[Any])


class Collection(Generic[R]):
    """A field of a store: its repository, made when it is first asked for, and kept there in the place of this."""

    def __init__(self, made_by: Callable[[Database, Session | None], R]) -> None:
        self._made_by = made_by

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, store: "Store", _: type) -> R:
        repository = self._made_by(store.database, store.session)
        vars(store)[self._name] = repository
        return repository


class Store:
    """Every collection, within one transaction or none. A new collection is one field here."""

    users = Collection(Users)
    sessions = Collection(Sessions)
    activities = Collection(Activities)
    tickets = Collection(Tickets)
    jobs = Collection(Jobs)
    threads = Collection(Threads)
    memberships = Collection(Memberships)
    messages = Collection(Messages)
    saved = Collection(SavedMessages)
    gigs = Collection(Gigs)
    listings = Collection(Listings)
    saved_searches = Collection(SavedSearches)
    watches = Collection(Watches)
    search_matches = Collection(SearchMatches)
    categories = Collection(Categories)
    discussions = Collection(Discussions)
    posts = Collection(Posts)
    post_votes = Collection(PostVotes)
    follows = Collection(Follows)
    bookmarks = Collection(Bookmarks)
    sightings = Collection(Sightings)
    consent_log = Collection(ConsentLog)
    calls = Collection(Calls)
    requests = Collection(Requests)
    exports = Collection(Exports)
    export_pieces = Collection(ExportPieces)
    identities = Collection(Identities)
    proofs = Collection(Proofs)
    staff_log = Collection(StaffLog)
    uploads = Collection(Uploads)
    favourites = Collection(Favourites)
    matches = Collection(Matches)
    blocks = Collection(Blocks)
    contact_shares = Collection(ContactShares)
    blob_files = Collection(BlobFiles)
    blob_chunks = Collection(BlobChunks)
    bookings = Collection(Bookings)
    availability = Collection(Availabilities)
    agendas = Collection(Agendas)
    series = Collection(AllSeries)
    busy_times = Collection(BusyTimes)
    calendar_grants = Collection(CalendarGrants)
    calendar_consents = Collection(Consents)
    calendar_events = Collection(CalendarEvents)
    calendar_feeds = Collection(CalendarFeeds)
    calendar_watches = Collection(CalendarWatches)
    notifications = Collection(Notifications)
    notification_marks = Collection(NotificationMarksOf)
    credit_accounts = Collection(Accounts)
    credit_transfers = Collection(Transfers)
    swaps = Collection(Swaps)
    notification_preferences = Collection(NotificationPreferencesOf)
    push_subscriptions = Collection(PushSubscriptions)
    reviews = Collection(Reviews)
    scores = Collection(Scores)
    standings = Collection(Standings)
    awards = Collection(Awards)
    vacations = Collection(VacationsOf)
    cases = Collection(Cases)
    reports = Collection(Reports)
    statements = Collection(Statements)
    outbox = Collection(Outbox)
    maintenance = Collection(Maintenance)

    def __init__(self, database: Database, session: Session | None = None) -> None:
        self.database = database
        self.session = session

    def within(self, session: Session) -> "Store":
        """The same collections, inside a transaction."""
        return Store(self.database, session)

    async def create_indexes(self) -> None:
        """Create every collection and index that is missing; safe to repeat, and while others serve.

        Raises `Unusable` before it begins, in words for whoever set the address.

        A collection is made here and not by its first insert: inside a transaction that would conflict.
        """
        await self.database.require_usable()
        # An index over all that was written in years takes as long as it takes: nobody waits for it but a release.
        with pymongo.timeout(LONGEST_BUILD_SECONDS):
            for repository in self._repositories():
                await repository.create_indexes()

    async def delete_owned(self, user_id: str, *, most: int) -> bool:
        """Delete what is a person's own, so many of each collection at most; False if there was nothing left."""
        return any([await repository.delete_owned(user_id, most=most) for repository in self._repositories()])

    async def expire(self, *, at: datetime, most: int) -> None:
        """Delete what is over, so many documents of each collection, by its indexes.

        MongoDB does so by itself; the embedded database would read all of a collection for it.
        """
        for repository in self._repositories():
            await repository.expire(at=at, most=most)

    def _repositories(self) -> list[Repository[Kept]]:
        return [getattr(self, name) for name, field in vars(Store).items() if isinstance(field, Collection)]


__all__ = ["Database", "Store", "Unusable"]
