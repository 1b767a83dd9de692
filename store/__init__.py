"""Documents and the questions asked of them. Imports nothing of ours; the only package that knows the driver."""

from datetime import datetime
from functools import cached_property

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
from store.recording_consents import RecordingConsents
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


class Store:
    """Every collection, within one transaction or none. A new collection is one field here."""

    def __init__(self, database: Database, session: Session | None = None) -> None:
        self.database = database
        self._session = session

    def within(self, session: Session) -> "Store":
        """The same collections, inside a transaction."""
        return Store(self.database, session)

    @cached_property
    def users(self) -> Users:
        return Users(self.database, self._session)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.database, self._session)

    @cached_property
    def activities(self) -> Activities:
        return Activities(self.database, self._session)

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(self.database, self._session)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self.database, self._session)

    @cached_property
    def threads(self) -> Threads:
        return Threads(self.database, self._session)

    @cached_property
    def memberships(self) -> Memberships:
        return Memberships(self.database, self._session)

    @cached_property
    def messages(self) -> Messages:
        return Messages(self.database, self._session)

    @cached_property
    def saved(self) -> SavedMessages:
        return SavedMessages(self.database, self._session)

    @cached_property
    def gigs(self) -> Gigs:
        return Gigs(self.database, self._session)

    @cached_property
    def listings(self) -> Listings:
        return Listings(self.database, self._session)

    @cached_property
    def saved_searches(self) -> SavedSearches:
        return SavedSearches(self.database, self._session)

    @cached_property
    def watches(self) -> Watches:
        return Watches(self.database, self._session)

    @cached_property
    def search_matches(self) -> SearchMatches:
        return SearchMatches(self.database, self._session)

    @cached_property
    def categories(self) -> Categories:
        return Categories(self.database, self._session)

    @cached_property
    def discussions(self) -> Discussions:
        return Discussions(self.database, self._session)

    @cached_property
    def posts(self) -> Posts:
        return Posts(self.database, self._session)

    @cached_property
    def post_votes(self) -> PostVotes:
        return PostVotes(self.database, self._session)

    @cached_property
    def follows(self) -> Follows:
        return Follows(self.database, self._session)

    @cached_property
    def bookmarks(self) -> Bookmarks:
        return Bookmarks(self.database, self._session)

    @cached_property
    def sightings(self) -> Sightings:
        return Sightings(self.database, self._session)

    @cached_property
    def recording_consents(self) -> RecordingConsents:
        return RecordingConsents(self.database, self._session)

    @cached_property
    def calls(self) -> Calls:
        return Calls(self.database, self._session)

    @cached_property
    def requests(self) -> Requests:
        return Requests(self.database, self._session)

    @cached_property
    def exports(self) -> Exports:
        return Exports(self.database, self._session)

    @cached_property
    def export_pieces(self) -> ExportPieces:
        return ExportPieces(self.database, self._session)

    @cached_property
    def identities(self) -> Identities:
        return Identities(self.database, self._session)

    @cached_property
    def proofs(self) -> Proofs:
        return Proofs(self.database, self._session)

    @cached_property
    def staff_log(self) -> StaffLog:
        return StaffLog(self.database, self._session)

    @cached_property
    def uploads(self) -> Uploads:
        return Uploads(self.database, self._session)

    @cached_property
    def favourites(self) -> Favourites:
        return Favourites(self.database, self._session)

    @cached_property
    def matches(self) -> Matches:
        return Matches(self.database, self._session)

    @cached_property
    def blocks(self) -> Blocks:
        return Blocks(self.database, self._session)

    @cached_property
    def contact_shares(self) -> ContactShares:
        return ContactShares(self.database, self._session)

    @cached_property
    def blob_files(self) -> BlobFiles:
        return BlobFiles(self.database, self._session)

    @cached_property
    def blob_chunks(self) -> BlobChunks:
        return BlobChunks(self.database, self._session)

    @cached_property
    def bookings(self) -> Bookings:
        return Bookings(self.database, self._session)

    @cached_property
    def availability(self) -> Availabilities:
        return Availabilities(self.database, self._session)

    @cached_property
    def agendas(self) -> Agendas:
        return Agendas(self.database, self._session)

    @cached_property
    def series(self) -> AllSeries:
        return AllSeries(self.database, self._session)

    @cached_property
    def busy_times(self) -> BusyTimes:
        return BusyTimes(self.database, self._session)

    @cached_property
    def calendar_grants(self) -> CalendarGrants:
        return CalendarGrants(self.database, self._session)

    @cached_property
    def calendar_consents(self) -> Consents:
        return Consents(self.database, self._session)

    @cached_property
    def calendar_events(self) -> CalendarEvents:
        return CalendarEvents(self.database, self._session)

    @cached_property
    def calendar_feeds(self) -> CalendarFeeds:
        return CalendarFeeds(self.database, self._session)

    @cached_property
    def calendar_watches(self) -> CalendarWatches:
        return CalendarWatches(self.database, self._session)

    @cached_property
    def notifications(self) -> Notifications:
        return Notifications(self.database, self._session)

    @cached_property
    def notification_marks(self) -> NotificationMarksOf:
        return NotificationMarksOf(self.database, self._session)

    @cached_property
    def credit_accounts(self) -> Accounts:
        return Accounts(self.database, self._session)

    @cached_property
    def credit_transfers(self) -> Transfers:
        return Transfers(self.database, self._session)

    @cached_property
    def swaps(self) -> Swaps:
        return Swaps(self.database, self._session)

    @cached_property
    def notification_preferences(self) -> NotificationPreferencesOf:
        return NotificationPreferencesOf(self.database, self._session)

    @cached_property
    def push_subscriptions(self) -> PushSubscriptions:
        return PushSubscriptions(self.database, self._session)

    @cached_property
    def reviews(self) -> Reviews:
        return Reviews(self.database, self._session)

    @cached_property
    def scores(self) -> Scores:
        return Scores(self.database, self._session)

    @cached_property
    def standings(self) -> Standings:
        return Standings(self.database, self._session)

    @cached_property
    def awards(self) -> Awards:
        return Awards(self.database, self._session)

    @cached_property
    def vacations(self) -> VacationsOf:
        return VacationsOf(self.database, self._session)

    @cached_property
    def cases(self) -> Cases:
        return Cases(self.database, self._session)

    @cached_property
    def reports(self) -> Reports:
        return Reports(self.database, self._session)

    @cached_property
    def statements(self) -> Statements:
        return Statements(self.database, self._session)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.database, self._session)

    @cached_property
    def maintenance(self) -> Maintenance:
        return Maintenance(self.database, self._session)

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
        fields = [name for name, value in vars(Store).items() if isinstance(value, cached_property)]
        return [getattr(self, name) for name in fields]


__all__ = ["Database", "Store", "Unusable"]
