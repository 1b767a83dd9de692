"""Files. Nothing shows the ones that are asked for: they are Ada's alone."""

from server.operation import Operation
from tests.asks.base import EVERYBODY, Asker, Rights
from tests.people import Person

MAY: Rights = {
    **dict.fromkeys(("receive_upload", "list_uploads"), EVERYBODY),
    **dict.fromkeys(("get_upload", "get_upload_file", "delete_upload"), ("not_found", "not_found")),
}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of a note that Ada sent."""
    if row.takes_file:
        return ada, {"file": b"Some words."}
    upload = await ada.upload(b"Some words.")
    return ada, {} if row.name == "list_uploads" else {"upload_id": upload["id"]}
