"""The part of the README that is for whoever writes a client, as a page: what no table of the code can say."""

import html
import re
from functools import cache
from pathlib import Path

from handlers.markdown import render
from server.contract.frame import framed

README = Path(__file__).parents[2] / "README.md"
FIRST, AFTER = "## The wire\n", "## How nothing is lost\n"

INTRODUCTION = """<p>From this, and from what is made from the code, one writes a client: names and fields of all that
is said below are those of the <a href="/docs/api/">REST API</a> and of the <a href="/docs/events/">events</a>.</p>"""


@cache
def page() -> str:
    """Its sections, each below a heading that can be linked to."""
    text = README.read_text(encoding="utf-8")
    _, *found = re.split(r"^## (.+)\n", text[text.index(FIRST) : text.index(AFTER)], flags=re.MULTILINE)
    sections = dict(zip(found[::2], found[1::2], strict=True))
    list_of_all = "".join(f'<li><a href="#{_anchor(title)}">{html.escape(title)}</a></li>' for title in sections)
    told = "\n".join(
        f'<h2 id="{_anchor(title)}">{html.escape(title)}</h2>\n{_told(body)}' for title, body in sections.items()
    )
    return framed("how to write a client", f"{INTRODUCTION}\n<ul>{list_of_all}</ul>\n{told}")


def _told(body: str) -> str:
    body = re.sub(r"^<!--.*-->\n", "", body, flags=re.MULTILINE)
    # The Markdown of this program has no tables: they are read as they stand in the README.
    body = re.sub(r"(?:^\|.*\n)+", lambda table: f"```\n{table[0]}```\n", body, flags=re.MULTILINE)
    # Nor has it links within a page.
    return re.sub(r"\[([^]]+)\]\((#[\w-]+)\)", r'<a href="\2">\1</a>', render(body).html)


def _anchor(title: str) -> str:
    return re.sub(r"[^\w-]", "", title.lower().replace(" ", "-"))
