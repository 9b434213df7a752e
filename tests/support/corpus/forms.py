"""The forms of the portal as its pages show them, and what is stored of a text."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from tests.support.corpus import texts as data
from tests.support.corpus.cases import Case
from tests.support.permission_matrix.objects import PolicyObject
from tests.support.permission_matrix.requests import Rule, _filled


@dataclass(frozen=True)
class Control:
    """A text control of a page. `limit` in characters, None where the page names none."""

    name: str
    multiline: bool
    figure: bool  # reads numbers, dates or times, or finds a person
    required: bool
    limit: int | None

    def takes(self, case: Case) -> bool:
        """Whether the office's rules for texts allow the case here."""
        stored = stored_form(case, multiline=self.multiline)
        if not stored:
            return not self.required and not case.refused
        return not case.refused and (self.limit is None or len(stored) <= self.limit)


@dataclass(frozen=True)
class FormPage:
    """A form as one person finds it on a page."""

    rule: Rule
    obj: PolicyObject
    state: str
    visitor: str
    page: str
    path: str
    values: Mapping[str, Any]
    controls: tuple[Control, ...]

    @property
    def name(self) -> str:
        return f"{self.rule.endpoint} {self.path} ({self.state or '-'})"

    @property
    def edits(self) -> bool:
        """Whether the page shows what is stored: opened again, it shows what was sent."""
        return self.rule.endpoint.partition(".")[2].startswith("save")

    @property
    def free(self) -> tuple[Control, ...]:
        return tuple(c for c in self.controls if not c.figure and not self._in_blank_row(c))

    def _in_blank_row(self, control: Control) -> bool:
        """Whether the row of the control is left blank; a text alone would not make a row."""
        row = _ROW.search(control.name)
        if row is None or not row[0].strip("-_"):
            return False
        mates = [name for name in self.values if row[0] in name and _ROW.search(name)]
        return not any(_filled_in(self.values[name]) for name in mates if not _EXTRA.search(name))


# Which row a control belongs to, by its name; and what a blank row holds all the same.
_ROW = re.compile(r"(?<=[a-z])-\d+(-|$)|(?<!title)(?<!reason)(?<!due)_\d+$")
_EXTRA = re.compile(r"^(direction|lo|hi|step|required|key)_|csrf")


def _filled_in(value: Any) -> bool:
    return any(str(each).strip() for each in (value if isinstance(value, list) else [value]))


@cache
def _read_as(sign: str) -> str:
    """What a sign of another program was read as."""
    code = ord(sign)
    if code in data.UNSEEN:
        return ""
    if code in data.BLANKS and code > 0x7F and code not in (0x200C, 0x2060, 0x3000):
        return "\u3000" if code in data.WIDE_BLANKS else " "
    if 0x80 <= code < 0xA0 and code not in data.UNASSIGNED:
        return sign.encode("latin-1").decode("cp1252")
    if 0x2F00 <= code < 0x2FE0:
        return unicodedata.normalize("NFKC", sign)
    return {**data.WORD, **data.SYMBOLS}.get(code, sign) or ""


def stored_form(case: Case, *, multiline: bool = True) -> str:
    """What is stored of an accepted text: as it was read, composed, without outer blanks."""
    return _stored(case.text, multiline)


# Each control asks about the same cases, of which some are very long.
@lru_cache(maxsize=8192)
def _stored(typed: str, multiline: bool) -> str:
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    text = "".join(map(_read_as, text))
    while (less := text.strip().strip("\ufeff\u200b\u200c\u200d\u2060")) != text:
        text = less
    if not multiline:
        text = re.sub(" *[\n\t][\n\t ]*", " ", text)
    return unicodedata.normalize("NFC", text)


def _control(node: Any) -> Control:
    box = "date-box" in (node.getparent().get("class") or "")
    number = node.get("inputmode") in ("numeric", "decimal") or node.get("type") == "number"
    limit = node.get("data-limit")
    return Control(
        node.get("name"),
        node.tag == "textarea",
        box or number or node.get("data-person") is not None,
        node.get("aria-required") == "true",
        int(limit) if limit else None,
    )


def values_of(form: Any) -> dict[str, Any]:
    """What a person sends who fills in all that is required and leaves blank rows blank."""
    stood, values = dict(form.form_values()), _filled(form)
    rows = {name for name in values if _ROW.search(name) and not (stood.get(name) or "").strip()}
    return {name: "" if name in rows else value for name, value in values.items()}


def text_controls(form: Any) -> tuple[Control, ...]:
    for template in form.xpath(".//template"):
        template.drop_tree()
    nodes = form.xpath(".//textarea|.//input[not(@type) or @type='text' or @type='search']")
    return tuple(_control(node) for node in nodes if node.get("name"))


def in_json(text: str, cells: set[str]) -> bool:
    """Whether the text stands inside stored JSON."""
    written = json.dumps(text, ensure_ascii=False)[1:-1]
    return any(written in cell for cell in cells if cell[:1] in ("{", "["))
