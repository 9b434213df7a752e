"""Light Markdown as safe HTML: headings, bold, lists, tables, links.

Text can only produce markup named here: HTML is off, the rules are an allowlist, links lead to
http, https, mailto or a path of the portal, pictures do not exist. Bold is a rule of our own: the
standard one does not close after a Chinese full stop or colon. A text crafted to be expensive (very
long, deeply nested, a huge table) is shown as plain paragraphs, without losing anything.
"""

from __future__ import annotations

import re
from functools import lru_cache

from flask import Flask
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as any_table
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup

from lab.web.filters import paragraphs
from lab.web.typed.text import unify_lines

LONGEST = 20_000  # characters; longer texts are plain paragraphs
DEEPEST = 10  # levels of tokens: five lists inside each other
MOST_COLUMNS, MOST_CELLS = 12, 2_000
MOST_BRACKETS = 200
FIRST_HEADING, LAST_HEADING = 3, 6  # the page itself uses the levels above
JOINER = "\u2060"  # the editor puts it between signs that are to be no markup; it is never shown
RULES = ("heading", "list", "newline", "link")
_SAFE = re.compile(r"(?:https?://[^/\\]|mailto:[^?]|/(?![/\\]))[^\\\s]*|/", re.IGNORECASE)


def safe_address(address: str) -> bool:
    """Return whether a link may lead there: the web, a mail address, or a path of the portal."""
    return bool(_SAFE.fullmatch(address))


def _bold(state: StateInline, silent: bool) -> bool:
    """Parse `**words**`, closed by the next two asterisks of the paragraph."""
    if not state.src.startswith("**", state.pos):
        return False
    start, last = state.pos + 2, state.posMax
    end = state.src.find("**", start, last)
    inner = state.src[start:end] if end > 0 else ""
    if not inner.strip() or inner[0] in " \n*" or inner[-1] in " \n":
        return False
    if not silent:
        state.push("strong_open", "strong", 1)
        state.pos, state.posMax = start, end
        state.md.inline.tokenize(state)
        state.push("strong_close", "strong", -1)
    state.pos, state.posMax = end + 2, last
    return True


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a standard table, unless it would be too wide to read."""
    line = state.src[state.bMarks[start] : state.eMarks[start]]
    return line.count("|") <= MOST_COLUMNS + 1 and any_table(state, start, end, silent)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": DEEPEST + 8})
    parser.enable(list(RULES))
    parser.block.ruler.before("paragraph", "small_table", _table, {"alt": ["paragraph"]})
    parser.inline.ruler.before("link", "bold", _bold)
    parser.validateLink = safe_address  # type: ignore[method-assign, assignment]
    return parser


PARSER = _parser()


def _too_costly(text: str) -> bool:
    rows = sum(1 for line in text.split("\n") if "|" in line)
    return (
        len(text) > LONGEST or rows * MOST_COLUMNS > MOST_CELLS or text.count("[") > MOST_BRACKETS
    )


def _level_headings(tokens: list[Token]) -> None:
    """Renumber headings so that levels follow each other without a gap."""
    above: list[int] = []
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type != "heading_open":
            continue
        if not inline.content:
            opening.hidden = closing.hidden = True
            continue
        typed = int(opening.tag[1])
        while above and above[-1] >= typed:
            above.pop()
        above.append(typed)
        level = min(FIRST_HEADING + len(above) - 1, LAST_HEADING)
        opening.tag = closing.tag = f"h{level}"


def _strip_attributes(token: Token) -> None:
    """Strip all attributes except the portal's own."""
    aligned = str(token.attrs.pop("style", ""))
    if token.type == "table_open":
        token.attrs["class"] = "table rich-table"
    elif token.type == "th_open":
        token.attrs["scope"] = "col"
    if token.type in ("th_open", "td_open") and aligned.endswith(("right", "center")):
        token.attrs["class"] = "num" if aligned.endswith("right") else "text-center"
    _secure_links(token.children or [])


def _secure_links(tokens: list[Token]) -> None:
    leads = False
    for token in tokens:
        if token.type == "link_open":
            leads = bool(token.attrs.get("href"))
            token.attrs = {"href": token.attrs.get("href") or "", "rel": "noopener"}
        if token.type in ("link_open", "link_close"):
            token.hidden = not leads


def _in_frame(html: str) -> str:
    """Put wide tables into a scrollable frame."""
    framed = html.replace("<table ", '<div class="table-responsive"><table ')
    return framed.replace("</table>", "</table></div>")


def parse_rich_text(unified: str) -> list[Token] | None:
    """Return the tokens of a text with unified line ends, headings levelled, links checked.

    None for a text that is shown as plain paragraphs.
    """
    if _too_costly(unified):
        return None
    tokens = PARSER.parse(unified)
    if any(token.level > DEEPEST for token in tokens):
        return None
    _level_headings(tokens)
    for token in tokens:
        _strip_attributes(token)
    return tokens


@lru_cache(maxsize=64)
def render_rich_text(text: str | None) -> Markup:
    """Return the text as safe HTML; text without markup looks as typed."""
    unified = unify_lines(text or "")
    tokens = parse_rich_text(unified)
    if tokens is None:
        return paragraphs(unified)
    renderer = PARSER.renderer
    assert isinstance(renderer, RendererHTML)
    html = renderer.render(tokens, PARSER.options, {}).replace(JOINER, "")
    # Every piece of text was escaped by the renderer; the tags are those of the rules above.
    return Markup(_in_frame(html))


def init(app: Flask) -> None:
    """Register the filter `rich`."""
    app.jinja_env.filters["rich"] = render_rich_text
