"""Files."""

from handlers import uploads
from handlers.models import Access
from server.api.rates import WRITING
from server.operation import HOUR, Operation, delete, get, per_person, post

PUBLIC = Access.PUBLIC

ROWS: tuple[Operation, ...] = (
    Operation(uploads.receive_upload, http=post("/uploads/", 201), limits=(per_person(60, HOUR),)),
    Operation(uploads.list_uploads, http=get("/uploads/")),
    Operation(uploads.get_upload, http=get("/uploads/{upload_id}/about/"), access=PUBLIC),
    Operation(uploads.get_upload_file, http=get("/uploads/{upload_id}/"), access=PUBLIC),
    Operation(uploads.delete_upload, http=delete("/uploads/{upload_id}/"), limits=WRITING),
)
