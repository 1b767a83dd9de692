"""Messages that people keep in a list of their own."""

from datetime import datetime

from store.own_list import OwnList
from store.repository import Document


class Saved(Document):
    """One message in one person's list. The id is `<user>:<message>`; `order` pages the list."""

    user_id: str
    thread_id: str
    message_id: str
    saved_at: datetime
    order: str


class SavedMessages(OwnList[Saved]):
    collection = "saved_messages"
    document = Saved
