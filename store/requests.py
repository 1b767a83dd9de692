"""What was asked with a key and what was answered, so that asking again changes nothing.

The record is written in the transaction of its effect: there is never one without the other.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository

# A phone may come back from a long journey with messages it never saw acknowledged.
KEPT = timedelta(days=30)


class Request(Document):
    """An answered request. The id is made of who asked what under which key."""

    fingerprint: str
    answer: str
    created_at: datetime


class Requests(Repository[Request]):
    collection = "requests"
    document = Request
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("created_at", ASCENDING)], expireAfterSeconds=int(KEPT.total_seconds())),
    )
