"""People that somebody wants to find again."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.own_list import OwnList
from store.repository import Document


class Favourite(Document):
    """One person in somebody's list. The id is `<user>:<person>`; `order` pages the list."""

    user_id: str
    person_id: str
    created_at: datetime
    order: str


class Favourites(OwnList[Favourite]):
    collection = "favourites"
    names = ("person_id",)
    document = Favourite
    indexes: ClassVar[Sequence[IndexModel]] = (
        *OwnList.indexes,
        IndexModel([("person_id", ASCENDING)]),  # delete_owned
    )


def favourite_id(user_id: str, person_id: str) -> str:
    """The id under which somebody is kept in a person's list."""
    return f"{user_id}:{person_id}"
