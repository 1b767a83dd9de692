"""The program that re-encodes one picture: `python -I pressing.py SOURCE FOLDER`. server/images.py starts it.

Decoders are where hostile pictures strike, so it confines itself first and knows nothing but Pillow: nothing of ours.
"""

import io
import json
import resource
import signal
import struct
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

# The last for its side effect: without it the first WebP loads every format Pillow knows.
from PIL import Image, ImageOps, WebPImagePlugin  # noqa: F401

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_PIXELS = 25_000_000
PREVIEW = 1280
THUMBNAIL = 256
LONGEST_SIDE = 4096

# 25 megapixels of a lossless WebP, the costliest, take 780 MiB.
ADDRESS_SPACE = 1024**3
CPU_SECONDS = 10
# Longer than the server waits: for a child whose server was killed.
WALL_SECONDS = 30
# Above the largest picture that 4096 x 4096 pixels can make.
FILE_SIZE = 128 * 1024**2
OPEN_FILES = 16

# Pillow compares at the header, before it decodes. By default it would only warn, and refuse twice as many.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("ignore")
warnings.simplefilter("error", Image.DecompressionBombWarning)


class Unreadable(Exception):
    """The picture cannot be taken; the text is for the person who sent it."""


class Encoded(NamedTuple):
    """One variant, as it is stored."""

    data: bytes
    media_type: str
    width: int
    height: int


def press(file: BinaryIO) -> dict[str, Encoded]:
    """The picture without anything but its pixels and its colour profile, in three sizes.

    JPEG, PNG and WebP keep their kind. Of anything that moves the first frame stays; a GIF's becomes a PNG, which
    loses nothing.
    """
    try:
        with Image.open(file, formats=FORMATS) as opened:
            kind = opened.format
            _turn_upright(opened)
            picture = _plain(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable(f"The picture has more than {MOST_PIXELS // 1_000_000} megapixels.") from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    preview = _smaller(picture, PREVIEW)
    thumbnail = _smaller(preview, THUMBNAIL)
    match kind:
        # A camera's JPEG with a second picture behind it is an MPO to Pillow; the second one stays behind.
        case "JPEG" | "MPO":
            original = _encoded(picture, "JPEG", quality=88)
        case "WEBP":
            original = _webp(picture, quality=88)
        case _:
            # A third of the default level's time, for files 2 % larger.
            original = _encoded(picture, "PNG", compress_level=3)
    return {"original": original, "preview": _webp(preview, quality=80), "thumbnail": _webp(thumbnail, quality=80)}


def _turn_upright(picture: Image.Image) -> None:
    picture.load()
    # Notes that cannot be read say nothing about the pixels, which can.
    with suppress(SyntaxError, ValueError, TypeError, LookupError, OSError, struct.error):
        ImageOps.exif_transpose(picture, in_place=True)


def _plain(picture: Image.Image) -> Image.Image:
    """8 bits a channel, with alpha if it came with some; of what stood beside the pixels only the profile is left."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):
        # Pillow would cut 16 bits off at 255 instead of scaling them.
        plain = picture.point(lambda value: value * (1 / 256)).convert("L")
    elif picture.has_transparency_data:
        plain = picture.convert("RGBA")
    elif picture.mode in {"1", "L"}:
        plain = picture.convert("L")
    else:
        plain = picture.convert("RGB")
    # The encoders write some of it unasked: comments, for one.
    plain.info = {"icc_profile": _as_long_as_it_says(profile)} if profile else {}
    return plain


def _as_long_as_it_says(profile: bytes) -> bytes:
    """A profile begins with its own length; what is behind that is not colour."""
    return profile[: int.from_bytes(profile[:4], "big")]


def _profile(picture: Image.Image) -> bytes | None:
    """The colour profile, if it is one and speaks of the channels that are left: a CMYK picture's does not."""
    profile: bytes = picture.info.get("icc_profile", b"")
    channels = b"GRAY" if picture.mode == "L" else b"RGB "
    return profile if profile[16:20] == channels and profile[36:40] == b"acsp" else None


def _smaller(picture: Image.Image, longest_side: int) -> Image.Image:
    """A copy, smaller by so much that its longer side fits."""
    smaller = picture.copy()
    smaller.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    return smaller


def _webp(picture: Image.Image, *, quality: int) -> Encoded:
    # WebP knows no grey, so a grey profile would be a lie.
    coloured = picture.convert("RGB") if picture.mode == "L" else picture
    return _encoded(coloured, "WEBP", quality=quality)


def _encoded(picture: Image.Image, kind: str, **options: int) -> Encoded:
    file = io.BytesIO()
    picture.save(file, kind, icc_profile=_profile(picture), **options)
    return Encoded(file.getvalue(), Image.MIME[kind], *picture.size)


def confine() -> None:
    """Give up what no honest picture needs."""
    signal.alarm(WALL_SECONDS)
    # macOS maps more than this for every program, and refuses.
    if sys.platform != "darwin":
        _limit(resource.RLIMIT_AS, ADDRESS_SPACE)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_FSIZE, FILE_SIZE)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def main() -> None:
    """Write a file for each variant into the folder and say in one line of JSON what they are, or why there are none.

    What escapes is a fault of ours, a full disk for example, and not of the picture.
    """
    confine()
    source, folder = map(Path, sys.argv[1:])
    with source.open("rb") as file:
        try:
            pressed = press(file)
        except Unreadable as refused:
            report: dict[str, object] = {"unreadable": str(refused)}
        except MemoryError:
            report = {"unreadable": "The picture is too costly to read."}
        except Exception:
            # Pillow's decoders raise whatever they stumble over.
            report = {"unreadable": "The picture is damaged, or of a kind that is not taken."}
        else:
            report = {"variants": {name: _written(variant, folder / name) for name, variant in pressed.items()}}
    sys.stdout.write(json.dumps(report) + "\n")


def _written(variant: Encoded, path: Path) -> dict[str, object]:
    path.write_bytes(variant.data)
    return {
        "media_type": variant.media_type,
        "width": variant.width,
        "height": variant.height,
        "size": len(variant.data),
    }


if __name__ == "__main__":
    main()
