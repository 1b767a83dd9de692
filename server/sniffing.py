"""What a file is, by its first bytes and never by its name or by what somebody says of it.

The list is of what is let in, so a kind that nobody thought of stays outside.
"""

import codecs
import re
from enum import StrEnum

import filetype

# What the library looks at; more changes nothing for it.
HEAD_BYTES = 8192


class MediaType(StrEnum):
    """The kinds that are let in."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    GIF = "image/gif"
    PDF = "application/pdf"
    MP4 = "video/mp4"
    MP3 = "audio/mpeg"
    OGG = "audio/ogg"
    WAV = "audio/wav"
    TEXT = "text/plain"


# An animated PNG is a PNG to everybody but the library, and WAV has an older name there.
BINARY = {
    **{str(kind): kind for kind in MediaType if kind is not MediaType.TEXT},
    "image/apng": MediaType.PNG,
    "audio/x-wav": MediaType.WAV,
}

CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
BYTE_ORDER_MARK = "\ufeff"
# SVG and HTML are programs to a browser, whatever stands before them.
MARKUP = re.compile(r"\s*<|.*<(svg|html|script|!doctype|\?xml)", re.IGNORECASE | re.DOTALL)


def sniff(head: bytes) -> MediaType | None:
    """The kind of a file that begins with these bytes, best `HEAD_BYTES` of them; None if it is not let in."""
    guess = filetype.guess_mime(head)
    # Three letters are enough for the library, but a note that begins with "GIF" or "BMW" is a note.
    # Only a PDF may be readable text throughout.
    if guess != MediaType.PDF and _is_plain_text(head):
        return MediaType.TEXT
    return BINARY.get(guess) if guess else None


def _is_plain_text(head: bytes) -> bool:
    try:
        # Incremental, because the head may end inside a character.
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    text = text.lstrip(BYTE_ORDER_MARK)
    return bool(text) and not CONTROL.search(text) and not MARKUP.match(text)
