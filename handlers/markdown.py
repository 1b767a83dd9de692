"""What people write becomes HTML here, and nowhere else: Markdown without HTML, then cleaned by an allow-list.

Two walls, of two makers: neither has to be perfect. Only this module knows their libraries.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

# Raised with whatever changes the outcome: what was kept by an older one is made anew before it is shown.
EDITION = 1

# Deeper is not read by anybody, and would be paid for by everybody.
MOST_NESTING = 12

UPLOAD = re.compile(r"(?:upload:|/api/v1/uploads/)([0-9a-f]{24})(?:/(?:\?size=(?:original|preview|thumbnail))?)?")
PICTURE = re.compile(r"/api/v1/uploads/[0-9a-f]{24}/\?size=preview")
OUTWARD = re.compile(r"https?://[^\s]|mailto:[^\s]", re.IGNORECASE)
BARE_URL = re.compile(r"https?://[^\s<>\"'`|\\^{}\[\]*]{1,1000}", re.IGNORECASE)
LEADS_ELSEWHERE = re.compile(r'<a href="(?:http|mailto)', re.IGNORECASE)
AFTER_A_SENTENCE = ".,:;!?"

TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "s", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "a", "img"),
}
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}


class Rendered(NamedTuple):
    """The HTML of a text, the uploads that it shows as pictures, and how many links lead elsewhere."""

    html: str
    uploads: tuple[str, ...]
    links: int


def render(text: str) -> Rendered:
    """HTML that is safe to show as it is: pictures are our own uploads, links lead to the web or to a mailbox."""
    found: dict[str, Any] = {"uploads": {}}
    html = _markdown.render(text, found)
    clean = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return Rendered(clean, tuple(found["uploads"]), len(LEADS_ELSEWHERE.findall(clean)))


@dataclass(frozen=True, slots=True)
class _Link:
    """A link that was found in plain text."""

    url: str
    text: str
    index: int
    last_index: int
    schema: str = "http:"


class _BareUrls:
    """Finds addresses that are written as they are; in the place of a library that would guess at more."""

    def pretest(self, text: str) -> bool:
        return "://" in text

    def test(self, text: str) -> bool:
        return BARE_URL.search(text) is not None

    def match(self, text: str) -> list[_Link]:
        return [_link(found) for found in BARE_URL.finditer(text)]


def _link(found: re.Match[str]) -> _Link:
    url = found[0].rstrip(AFTER_A_SENTENCE)
    if url.endswith(")") and "(" not in url:
        url = url[:-1].rstrip(AFTER_A_SENTENCE)
    return _Link(url, url, found.start(), found.start() + len(url))


def _is_valid(url: str) -> bool:
    return OUTWARD.match(url) is not None or UPLOAD.fullmatch(url) is not None


def _image(_: RendererHTML, tokens: Sequence[Token], at: int, __: Any, found: dict[str, Any]) -> str:
    """A picture of ours; of anybody else's only a link, since fetching it would tell them who reads."""
    token = tokens[at]
    source, alt = str(token.attrs["src"]), escapeHtml(token.content)
    upload = UPLOAD.fullmatch(source)
    if upload is None:
        return f'<a href="{escapeHtml(source)}">{alt or escapeHtml(source)}</a>'
    found["uploads"][upload[1]] = None
    return f'<img src="/api/v1/uploads/{upload[1]}/?size=preview" alt="{alt}">'


def _link_open(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: Any, found: dict[str, Any]) -> str:
    if upload := UPLOAD.fullmatch(str(tokens[at].attrs.get("href", ""))):
        tokens[at].attrs["href"] = f"/api/v1/uploads/{upload[1]}/"
    return renderer.renderToken(tokens, at, options, found)


def _attribute(tag: str, name: str, value: str) -> str | None:
    match tag, name:
        case "img", "src":
            return value if PICTURE.fullmatch(value) else None
        case "a", "href":
            return value if _is_valid(value) else None
        case "ol", "start":
            return value if value.isdecimal() else None
    return value


def _made() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "linkify": True, "maxNesting": MOST_NESTING})
    # No tables: a few bytes make thousands of cells.
    made.enable("strikethrough")
    # Of its two places the one that goes over the text once: the other begins anew at each colon.
    made.core.ruler.enable("linkify")
    made.linkify = _BareUrls()
    made.validateLink = _is_valid  # type: ignore[method-assign]
    made.add_render_rule("image", _image)
    made.add_render_rule("link_open", _link_open)
    return made


_markdown = _made()
