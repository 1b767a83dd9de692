"""Files, and what is known of them."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import NamedTuple

from pydantic import Field

from handlers.models import View
from store.uploads import Size, Upload


class File(NamedTuple):
    """What is answered as it is, and not as JSON; by REST alone.

    `parts` are those from one byte up to another. With an `etag` a client may ask for a part, or whether it has it.
    """

    name: str
    media_type: str
    size: int
    parts: Callable[[int, int], AsyncIterator[bytes]]
    etag: str | None = None
    # Shown where it is fetched; anything else is only ever stored.
    is_picture: bool = False


def url_of(upload_id: str, size: Size = Size.ORIGINAL) -> str:
    """Where a file is fetched; always here."""
    url = f"/api/v1/uploads/{upload_id}/"
    return url if size is Size.ORIGINAL else f"{url}?size={size}"


class ImageView(View):
    """A picture by its id, and where it is fetched in three sizes."""

    id: str
    url: str
    preview_url: str
    thumbnail_url: str

    @classmethod
    def of(cls, upload_id: str) -> "ImageView":
        preview, thumbnail = url_of(upload_id, Size.PREVIEW), url_of(upload_id, Size.THUMBNAIL)
        return cls(id=upload_id, url=url_of(upload_id), preview_url=preview, thumbnail_url=thumbnail)


def image(upload_id: str | None) -> ImageView | None:
    """Where a picture is fetched, if there is one."""
    return None if upload_id is None else ImageView.of(upload_id)


class VariantView(View):
    """A file in one size; of what is no picture the pixels are null."""

    url: str
    media_type: str
    size: int = Field(description="In bytes.")
    width: int | None
    height: int | None


class UploadView(View):
    """A file. Nothing is shown of it elsewhere but its id; `in_use` once something refers to it."""

    id: str
    name: str = Field(description="As its sender called it.")
    in_use: bool
    variants: dict[Size, VariantView]
    createdAt: datetime  # noqa: N815

    @classmethod
    def of(cls, upload: Upload) -> "UploadView":
        return cls(
            id=upload.id,
            name=upload.name,
            in_use=upload.parent is not None,
            variants={
                size: VariantView(url=url_of(upload.id, size), **variant.model_dump())
                for size, variant in upload.variants.items()
            },
            createdAt=upload.created_at,
        )
