"""Files are known by their first bytes, and only the kinds on the list are let in."""

import io
import wave
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from server.sniffing import HEAD_BYTES, MediaType, sniff


def picture(kind: str, *, frames: int = 1) -> bytes:
    file = io.BytesIO()
    first, *others = [Image.new("RGB", (40, 30), (50 * number, 0, 0)) for number in range(frames)]
    first.save(file, kind, save_all=frames > 1, append_images=others)
    return file.getvalue()


def archive(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        for name in names:
            opened.writestr(name, "text")
    return file.getvalue()


def sound() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(8000)
        opened.writeframes(bytes(100))
    return file.getvalue()


MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + bytes(100)
M4A = b"\x00\x00\x00\x1cftypM4A \x00\x00\x02\x00M4A isomiso2" + bytes(100)
HEIC = b"\x00\x00\x00\x1cftypheic\x00\x00\x00\x00mif1heicmp42" + bytes(100)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (picture("PNG"), MediaType.PNG),
        (picture("PNG", frames=3), MediaType.PNG),
        (picture("JPEG"), MediaType.JPEG),
        (picture("WEBP"), MediaType.WEBP),
        (picture("GIF"), MediaType.GIF),
        (picture("PDF"), MediaType.PDF),
        (b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", MediaType.PDF),
        (MP4, MediaType.MP4),
        (b"ID3\x03\x00\x00\x00\x00\x0f\x76TALB", MediaType.MP3),
        (b"\xff\xfb\x90\x64" + bytes(100), MediaType.MP3),
        (b"OggS\x00\x02" + bytes(100), MediaType.OGG),
        (sound(), MediaType.WAV),
    ],
)
def test_kinds_on_the_list_are_known(head: bytes, kind: MediaType) -> None:
    assert sniff(head) is kind
    assert sniff(head[:HEAD_BYTES]) is kind


@pytest.mark.parametrize(
    "text",
    [
        "Hello.",
        "Zwölf Boxkämpfer\r\n\tjagen Viktor\fquer über den Sylter Deich. 日本語 🎻",
        "\ufeffA note from Windows.",
        "if 2 < 3 and 4 > 3: print('less')",
        "a,b\n1,2\n",
        # What follows begins as a binary file does.
        "GIFs are pronounced as their author likes.",
        "BMW, MZ and other motorcycles",
        "ID3 tags explained",
        "RIFF raff",
    ],
)
def test_text_is_text(text: str) -> None:
    assert sniff(text.encode()) is MediaType.TEXT


def test_text_may_be_cut_inside_a_character() -> None:
    text = ("ä" + "日本語🎻" * 700).encode()

    assert {sniff(text[:length]) for length in range(2, len(text))} == {MediaType.TEXT}


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\xe6\x97",
        b"\x00",
        b"text with a \x00 in it",
        b"text that rings \x07 the bell",
        b"text that \x1b[31mpaints the terminal",
        b"text with \x7f in it",
        "text with \x85 in it".encode(),
        b"text that ends in half a character \xff",
        "Käse".encode("latin-1"),
        "A note".encode("utf-16"),
        "A note".encode("utf-16-le"),
        "A note".encode("utf-32"),
    ],
)
def test_what_is_not_clean_utf8_is_not_text(head: bytes) -> None:
    assert sniff(head) is None


@pytest.mark.parametrize(
    "markup",
    [
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        '<?xml version="1.0"?><svg/>',
        "<!DOCTYPE html><title>x</title>",
        "<html><body>x",
        "<a>",
        "<",
        "\n\t <b>bold</b>",
        "\u00a0\u2003<b>bold</b>",
        "\ufeff<p>",
        "\ufeff\ufeff \n<p>",
        "<!-- a comment --><SVG>",
        "harmless\n\n<SvG onload=alert(1)>",
        "x <HTML>",
        "x\n<ScRiPt>alert(1)</script>",
        "x <!doctype html>",
        "x <?xml version='1.0'?>",
    ],
)
def test_markup_is_not_let_in(markup: str) -> None:
    assert sniff(markup.encode()) is None
    assert sniff(markup.encode("utf-16")) is None


@pytest.mark.parametrize(
    "head",
    [
        archive("a.txt"),
        archive("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(100),
        b"\x7fELF\x02\x01\x01" + bytes(100),
        b"\x1f\x8b\x08\x00" + bytes(100),
        picture("TIFF"),
        picture("BMP"),
        picture("ICO"),
        HEIC,
        M4A,
        bytes(range(256)),
        # A box that says it is four gigabytes long.
        b"\xff\xff\xff\xffftypisom" + bytes(100),
    ],
)
def test_everything_else_is_not_let_in(head: bytes) -> None:
    assert sniff(head) is None


BEGINNINGS = [
    picture("PNG")[:40],
    picture("GIF")[:10],
    MP4[:20],
    archive("a")[:10],
    b"RIFF",
    b"%PDF",
    b"\xef\xbb\xbf<",
    b"",
]


@given(st.sampled_from(BEGINNINGS), st.binary(max_size=200))
def test_no_bytes_are_too_strange(beginning: bytes, rest: bytes) -> None:
    kind = sniff(beginning + rest)

    assert kind is None or kind in set(MediaType)
