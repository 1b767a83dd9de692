"""Pictures are made anew: nothing hidden in them survives, and no picture harms the server that takes it."""

import asyncio
import io
import os
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from handlers.errors import Unavailable
from server.images import ImagePress, Pressed, UnreadableImage, Variant
from tests.files import png_bomb

ROOT = Path(__file__).parents[2]
MARKER = b"52.5200N 13.4050E is where she lives"
GPS_IFD = 0x8825
ORIENTATION = 0x0112
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>' + MARKER + b"</rdf:RDF></x:xmpmeta>"
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 220, 20), (20, 20, 220), (240, 240, 240)


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    """Zombies count."""
    before = {process.pid for process in psutil.Process().children()}
    yield
    assert {process.pid for process in psutil.Process().children()} <= before


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Where the picture of the test lies."""
    return tmp_path / "source"


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Where its variants come to lie."""
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


@pytest.fixture
def hanging(source: Path) -> Path:
    """A picture that nobody ever finishes reading: a pipe without a writer."""
    os.mkfifo(source)
    return source


def quarters(width: int = 60, height: int = 40) -> Image.Image:
    """Red and green above blue and white."""
    picture = Image.new("RGB", (2, 2))
    for at, colour in zip(((0, 0), (1, 0), (0, 1), (1, 1)), (RED, GREEN, BLUE, WHITE), strict=True):
        picture.putpixel(at, colour)
    return picture.resize((width, height), Image.Resampling.NEAREST)


def corners(picture: Image.Image) -> list[tuple[int, ...]]:
    """The colours of the four quarters, in reading order, as `quarters` names them."""
    rgb = picture.convert("RGB")
    seen = [rgb.getpixel((rgb.width * x // 4, rgb.height * y // 4)) for y in (1, 3) for x in (1, 3)]
    return [
        min((RED, GREEN, BLUE, WHITE), key=lambda colour: sum(abs(a - b) for a, b in zip(colour, pixel, strict=True)))
        for pixel in seen
        if isinstance(pixel, tuple)
    ]


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def notes(*, orientation: int = 1) -> Image.Exif:
    """What a telephone writes into a photograph."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010E] = MARKER.decode()
    exif[GPS_IFD] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0), 29: MARKER.decode()}
    return exif


def python(code: str) -> Sequence[str]:
    """A command that runs code in place of the press; `pressing` is imported."""
    return (
        sys.executable,
        "-I",
        "-c",
        f"import sys; sys.path[:0] = [{str(ROOT)!r}]\nfrom server import pressing\n{code}",
    )


async def pressed(data: bytes, source: Path, into: Path) -> Pressed:
    source.write_bytes(data)
    return await ImagePress().press(source, into)


async def opened(variant: Variant) -> Image.Image:
    """A variant as a browser would see it, after a check that it is what it is said to be."""
    with Image.open(variant.path) as picture:
        picture.load()
    assert picture.size == (variant.width, variant.height)
    assert picture.get_format_mimetype() == variant.media_type
    assert variant.path.stat().st_size == variant.size
    return picture


async def eventually(truth: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not truth():
            await asyncio.sleep(0.01)


def running(about: Path) -> int:
    """How many children of ours have it on their command lines."""
    count = 0
    for process in psutil.Process().children():
        try:
            count += str(about) in process.cmdline()
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return count


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/png")],
)
async def test_a_picture_comes_in_three_sizes(kind: str, media_type: str, source: Path, into: Path) -> None:
    variants = (await pressed(encoded(quarters(5000, 2500), kind), source, into)).variants

    assert {name: (v.media_type, v.width, v.height) for name, v in variants.items()} == {
        "original": (media_type, 4096, 2048),
        "preview": ("image/webp", 1280, 640),
        "thumbnail": ("image/webp", 256, 128),
    }
    for variant in variants.values():
        assert corners(await opened(variant)) == [RED, GREEN, BLUE, WHITE]
    assert set(into.iterdir()) == {variant.path for variant in variants.values()}


async def test_a_small_picture_stays_small(source: Path, into: Path) -> None:
    variants = (await pressed(encoded(quarters(60, 40), "PNG"), source, into)).variants

    assert {(variant.width, variant.height) for variant in variants.values()} == {(60, 40)}
    assert (await opened(variants["original"])).tobytes() == quarters(60, 40).tobytes()


async def test_a_line_of_pixels_keeps_its_height(source: Path, into: Path) -> None:
    variants = (await pressed(encoded(Image.new("RGB", (60_000, 1)), "PNG"), source, into)).variants

    assert (variants["original"].width, variants["original"].height) == (4096, 1)
    assert (variants["thumbnail"].width, variants["thumbnail"].height) == (256, 1)


async def test_the_largest_picture_fits_the_limits(source: Path, into: Path) -> None:
    data = encoded(
        Image.radial_gradient("L").resize((5000, 5000)).convert("RGBA"), "WEBP", method=0, exif=notes(orientation=6)
    )

    assert (await pressed(data, source, into)).variants["original"].width == 4096


async def test_of_what_moves_the_first_frame_stays(source: Path, into: Path) -> None:
    # An MPO is what some cameras call a JPEG with a second picture behind it.
    for kind, becomes in (("GIF", "PNG"), ("WEBP", "WEBP"), ("PNG", "PNG"), ("MPO", "JPEG")):
        data = encoded(quarters(), kind, save_all=True, append_images=[Image.new("RGB", (60, 40), "black")] * 3)

        original = await opened((await pressed(data, source, into)).variants["original"])

        assert (original.format, getattr(original, "n_frames", 1)) == (becomes, 1)
        assert corners(original) == [RED, GREEN, BLUE, WHITE]


async def test_what_is_transparent_stays_so(source: Path, into: Path) -> None:
    clear = quarters().convert("RGBA")
    clear.paste((0, 0, 0, 0), (0, 0, 30, 20))
    for data in (
        encoded(clear, "PNG"),
        encoded(clear, "GIF"),
        encoded(clear, "WEBP"),
        encoded(clear.quantize(), "PNG"),
    ):
        for variant in (await pressed(data, source, into)).variants.values():
            alpha = (await opened(variant)).getchannel("A")
            assert (alpha.getpixel((10, 10)), alpha.getpixel((50, 30))) == (0, 255)


async def test_every_depth_keeps_its_brightness(source: Path, into: Path) -> None:
    grey = Image.new("L", (40, 40), 128)
    deep = Image.frombytes("I;16", (40, 40), b"\x80\x80" * 1600)
    cyan = Image.new("CMYK", (40, 40), (127, 127, 127, 0))
    pictures = (encoded(grey, "PNG"), encoded(grey, "JPEG"), encoded(deep, "PNG"), encoded(cyan, "JPEG"))
    for data in (
        *pictures,
        encoded(deep, "PNG", transparency=7),
        encoded(grey.convert("LA"), "PNG"),
        encoded(grey.convert("P"), "PNG"),
    ):
        for variant in (await pressed(data, source, into)).variants.values():
            pixel = (await opened(variant)).convert("L").getpixel((20, 20))
            assert isinstance(pixel, int)
            assert abs(pixel - 128) <= 2


PHOTOGRAPHS = {
    "JPEG": encoded(quarters(), "JPEG", exif=notes(), xmp=XMP, comment=MARKER),
    "WEBP": encoded(quarters(), "WEBP", exif=notes(), xmp=XMP),
    "GIF": encoded(quarters(), "GIF", comment=MARKER),
}


def annotated_png() -> bytes:
    texts = PngInfo()
    texts.add_text("Comment", MARKER.decode())
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    texts.add(b"prVt", MARKER, after_idat=True)
    return encoded(quarters(), "PNG", exif=notes(), pnginfo=texts)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF", "PNG"])
async def test_nothing_hidden_in_a_picture_survives(kind: str, source: Path, into: Path) -> None:
    data = annotated_png() if kind == "PNG" else PHOTOGRAPHS[kind]
    if kind != "GIF":
        assert Image.open(io.BytesIO(data)).getexif().get_ifd(GPS_IFD)
    assert MARKER in data

    variants = (await pressed(data + MARKER, source, into)).variants

    for variant in variants.values():
        picture = await opened(variant)
        assert not picture.getexif()
        assert not picture.getexif().get_ifd(GPS_IFD)
        assert not {"exif", "xmp", "comment", "XML:com.adobe.xmp"} & picture.info.keys()
        written = variant.path.read_bytes()
        for trace in (MARKER, b"Exif", b"GPS", b"xmp", b"adobe"):
            assert trace not in written


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_is_turned_upright(kind: str, source: Path, into: Path) -> None:
    lying = encoded(quarters(60, 40).transpose(Image.Transpose.ROTATE_90), kind, exif=notes(orientation=6))

    for variant in (await pressed(lying, source, into)).variants.values():
        assert (variant.width, variant.height) == (60, 40)
        assert corners(await opened(variant)) == [RED, GREEN, BLUE, WHITE]


async def test_broken_notes_do_not_spoil_a_picture(source: Path, into: Path) -> None:
    for exif in (b"Exif\0\0II*\0", b"Exif\0\0nonsense", notes().tobytes()[:30]):
        variants = (await pressed(encoded(quarters(), "JPEG", exif=exif), source, into)).variants

        assert corners(await opened(variants["original"])) == [RED, GREEN, BLUE, WHITE]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_the_colour_profile_is_kept_and_nothing_behind_it(kind: str, source: Path, into: Path) -> None:
    data = encoded(quarters(), kind, icc_profile=SRGB + MARKER, exif=notes(orientation=3))

    for variant in (await pressed(data, source, into)).variants.values():
        assert (await opened(variant)).info["icc_profile"] == SRGB
        assert MARKER not in variant.path.read_bytes()


async def test_a_profile_that_does_not_fit_goes(source: Path, into: Path) -> None:
    cmyk = SRGB[:16] + b"CMYK" + SRGB[20:]
    grey = SRGB[:16] + b"GRAY" + SRGB[20:]
    kept: dict[str, list[bool]] = {}
    for what, mode, profile in (("cmyk", "CMYK", cmyk), ("none", "RGB", MARKER * 20), ("grey", "L", grey)):
        data = encoded(quarters().convert(mode), "JPEG", icc_profile=profile)
        variants = (await pressed(data, source, into)).variants
        kept[what] = ["icc_profile" in (await opened(variant)).info for variant in variants.values()]

    assert kept == {"cmyk": [False] * 3, "none": [False] * 3, "grey": [True, False, False]}


async def test_a_picture_that_is_something_else_too_is_only_a_picture(source: Path, into: Path) -> None:
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("run.sh", MARKER)
    page = b"<html><script>alert(1)</script>" + MARKER
    for data in (encoded(quarters(), "JPEG") + hidden.getvalue(), encoded(quarters(), "JPEG") + page):
        for variant in (await pressed(data, source, into)).variants.values():
            assert not zipfile.is_zipfile(variant.path)
            assert MARKER not in variant.path.read_bytes()
            assert b"<script" not in variant.path.read_bytes()


async def test_a_gif_that_is_a_script_too_is_a_picture_or_nothing(source: Path, into: Path) -> None:
    # Its width is the two bytes that open a comment in JavaScript; all that is no script stands in the comment.
    script = encoded(Image.new("P", (int.from_bytes(b"/*", "little"), 2)), "GIF") + b"*/=1;alert(1)//" + MARKER
    assert script.startswith((b"GIF89a/*", b"GIF87a/*"))

    for variant in (await pressed(script, source, into)).variants.values():
        assert not variant.path.read_bytes().startswith(b"GIF")
        assert b"alert" not in variant.path.read_bytes()
        assert MARKER not in variant.path.read_bytes()

    with pytest.raises(UnreadableImage):
        await pressed(b"GIF89a/*" + b"a" * 200 + b"*/=1;alert(1)", source, into)


def gif_bomb() -> bytes:
    data = bytearray(encoded(quarters(), "GIF"))
    data[6:10] = b"\xff\xff\xff\xff"
    return bytes(data)


def jpeg_bomb() -> bytes:
    data = bytearray(encoded(quarters(), "JPEG"))
    sizes = data.index(b"\xff\xc0") + 5
    data[sizes : sizes + 4] = b"\xff\xff\xff\xff"
    return bytes(data)


# 16,383 x 16,383 pixels of black, a whole picture.
WEBP_BOMB = bytes.fromhex("524946461a000000574542505650384c0e0000002ffebfff0f071011fd0f4444ff03")


@pytest.mark.parametrize("bomb", [png_bomb(50_000, 50_000), png_bomb(5001, 5000), gif_bomb(), jpeg_bomb(), WEBP_BOMB])
async def test_a_bomb_is_refused_before_it_goes_off(bomb: bytes, source: Path, into: Path) -> None:
    assert len(bomb) < 8 * 1024
    before, started = psutil.Process().memory_info().rss, time.monotonic()

    with pytest.raises(UnreadableImage, match="more than 25 megapixels"):
        await pressed(bomb, source, into)

    assert time.monotonic() - started < 20
    assert psutil.Process().memory_info().rss - before < 20 * 1024**2
    assert list(into.iterdir()) == []


JPEG = encoded(Image.effect_noise((400, 300), 80), "JPEG")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        os.urandom(50_000),
        JPEG[: len(JPEG) // 2],
        JPEG[:20],
        encoded(quarters(500, 500), "PNG")[:-40],
        encoded(quarters(500, 500), "WEBP")[:-40],
        b"\xff\xd8\xff" + os.urandom(5000),
        b"\x89PNG\r\n\x1a\n" + os.urandom(5000),
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<!DOCTYPE html><html></html>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        encoded(quarters(), "BMP"),
        encoded(quarters(), "TIFF"),
        encoded(quarters(), "ICO"),
        encoded(quarters(), "PDF"),
    ],
    ids=range(16),
)
async def test_what_is_no_whole_picture_is_refused(data: bytes, source: Path, into: Path) -> None:
    with pytest.raises(UnreadableImage) as refused:
        await pressed(data, source, into)

    assert refused.value.reason == "The picture is damaged, or of a kind that is not taken."
    assert list(into.iterdir()) == []


async def test_names_say_nothing(tmp_path: Path, into: Path) -> None:
    for name in ("photo.svg", "photo.eps", "photo.png", "-o.jpg", "a b\n.jpg", "фото.jpg"):
        assert (await pressed(encoded(quarters(), "WEBP"), tmp_path / name, into)).variants["original"].media_type == (
            "image/webp"
        )


async def test_a_child_that_hangs_is_killed(hanging: Path, into: Path) -> None:
    started = time.monotonic()

    with pytest.raises(UnreadableImage, match="too long"):
        await ImagePress(timeout=timedelta(seconds=0.5)).press(hanging, into)

    assert time.monotonic() - started < 20
    assert running(hanging) == 0


async def test_a_caller_who_leaves_takes_the_child_along(hanging: Path, into: Path) -> None:
    press = ImagePress()
    asking = asyncio.create_task(press.press(hanging, into))
    await eventually(lambda: running(hanging) == 1)

    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    assert running(hanging) == 0


async def test_a_caller_may_leave_at_any_moment(hanging: Path, into: Path) -> None:
    press = ImagePress()
    for moment in range(20):
        asking = asyncio.create_task(press.press(hanging, into))
        for _ in range(moment):
            await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert running(hanging) == 0

    hanging.unlink()
    hanging.write_bytes(encoded(quarters(), "PNG"))
    assert (await press.press(hanging, into)).variants["original"].width == 60


async def test_few_at_once_some_wait_and_others_are_refused(hanging: Path, into: Path) -> None:
    press = ImagePress(at_once=2, most_waiting=3)
    asking = [asyncio.create_task(press.press(hanging, into)) for _ in range(5)]
    await eventually(lambda: running(hanging) == 2)

    with pytest.raises(Unavailable) as refused:
        await press.press(hanging, into)

    assert refused.value.retry_after
    await asyncio.sleep(0.2)
    assert running(hanging) == 2
    for task in asking:
        task.cancel()
    assert all(isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*asking, return_exceptions=True))


async def test_many_pictures_take_turns(source: Path, tmp_path: Path) -> None:
    source.write_bytes(encoded(quarters(800, 600), "JPEG"))
    folders = [tmp_path / f"into-{number}" for number in range(8)]
    for folder in folders:
        folder.mkdir()
    press = ImagePress()
    asking = asyncio.gather(*(press.press(source, folder) for folder in folders))
    most = 0
    while not asking.done():
        most = max(most, running(source))
        await asyncio.sleep(0.005)

    assert [made.variants["thumbnail"].path.parent for made in await asking] == folders
    assert most == 2


@pytest.mark.parametrize(
    "code",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "import os; os.abort()",
        "pressing.CPU_SECONDS = 1; pressing.confine()\nwhile True: pass",
        "pressing.ADDRESS_SPACE = 100 * 1024**2; pressing.main()",
        "while True: print('A' * 100_000)",
        "print('A' * 100_000)",
        "print('A' * 20_000)",
    ],
    ids=["crash", "abort", "cpu", "memory", "flood", "much", "more than a report"],
)
async def test_a_child_that_dies_of_a_picture_says_so(code: str, source: Path, into: Path) -> None:
    source.write_bytes(encoded(quarters(5000, 5000), "PNG"))

    with pytest.raises(UnreadableImage, match="too costly"):
        await ImagePress(command=python(code)).press(source, into)


@pytest.mark.parametrize(
    "code",
    ["raise SystemExit(3)", "1 / 0", "pass", "print('{}')", "print('{\"variants\": {}}')", "print('[' * 9000)"],
)
async def test_a_press_that_is_broken_is_no_fault_of_a_picture(code: str, source: Path, into: Path) -> None:
    source.write_bytes(encoded(quarters(), "PNG"))

    with pytest.raises(Unavailable):
        await ImagePress(command=python(code)).press(source, into)


async def test_a_file_that_is_not_there_is_no_fault_of_a_picture(source: Path, into: Path) -> None:
    with pytest.raises(Unavailable):
        await ImagePress().press(source, into)


async def test_a_child_has_little(source: Path, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET", "planted")
    code = """
import os
pressing.confine()
def refused(what):
    try:
        what()
    except (MemoryError, OSError):
        return True
assert refused(lambda: bytearray(2 * 1024**3))
assert refused(lambda: [open(os.devnull) for _ in range(20)])
assert "JWT_SECRET" not in os.environ
assert not {name.partition(".")[0] for name in sys.modules} & {"aiohttp", "pydantic", "structlog", "handlers", "store"}
print('{"unreadable": "as it should be"}')
"""
    with pytest.raises(UnreadableImage, match="as it should be"):
        await ImagePress(command=python(code)).press(source, into)
