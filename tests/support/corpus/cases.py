"""Bad and hard input: what people paste, what programs send, what breaks pages and files.

`CASES` holds every case once. `refused` was decided by hand: the text holds a character that no
text field may store. Everything else is stored, unless it is too long for its field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from urllib.parse import quote_from_bytes

from tests.support.corpus import texts as data

HUGE = 100_000


@dataclass(frozen=True)
class Case:
    """One text, or the bytes that arrive where no text stands for them (`raw`)."""

    id: str
    text: str
    why: str
    refused: bool = False
    raw: bytes = b""

    @property
    def family(self) -> str:
        return self.id.partition("/")[0]

    def as_sent(self) -> str:
        """The value as a browser writes it into a form post."""
        return _quoted(self.text, self.raw)


@lru_cache(maxsize=8192)
def _quoted(text: str, raw: bytes) -> str:
    return quote_from_bytes(raw or text.encode("utf-8", "surrogatepass"), safe="")


def _family(name: str, why: str, texts: Iterable[str], *, refused: bool = False) -> Iterator[Case]:
    for place, text in enumerate(texts, start=1):
        yield Case(f"{name}/{place:02d}", text, why, refused)


def _between(codes: Iterable[int]) -> Iterator[str]:
    return (f"甲{chr(code)}乙" for code in codes)


def _characters() -> Iterator[Case]:
    controls = [*range(0x07), 0x08, *range(0x0E, 0x1E), 0x7F, *data.UNASSIGNED]
    yield from _family("control", "a control character", _between(controls), refused=True)
    read = [*data.WORD, *range(0x80, 0xA0)]
    marks = [code for code in read if code not in data.UNASSIGNED]
    yield from _family("word", "a mark of another program", _between(marks))
    yield from _family(
        "surrogate", "half a character", _between((0xD800, 0xDBFF, 0xDC00, 0xDFFF)), refused=True
    )
    ends = [plane << 16 | low for plane in range(17) for low in (0xFFFE, 0xFFFF)]
    yield from _family(
        "noncharacter",
        "a code that will never be a character",
        _between([*range(0xFDD0, 0xFDF0), *ends]),
        refused=True,
    )
    yield from _family("replaced", "text lost before it came here", ["甲\ufffd乙"], refused=True)
    bidi = (0x202D, 0x202E)
    yield from _family("bidi", "turns the order of what is read", _between(bidi), refused=True)
    marks = [0x200E, 0x200F, 0x061C, *range(0x202A, 0x202D), *range(0x2066, 0x206A)]
    yield from _family("mark", "direction without override", _between(marks))
    yield from _family("invisible", "takes no room on the page", _between(data.INVISIBLE))
    yield from _family("blank", "nothing but blanks", (chr(code) * 3 for code in data.BLANKS))
    private = (0xE000, 0xF029, 0xF8FF, 0xF0000, 0x10FFFD)
    yield from _family("private", "no agreed picture", _between(private), refused=True)
    yield from _family("symbol", "a mark of a symbol font", _between(data.SYMBOLS))
    notes = range(0xFFF9, 0xFFFD)
    yield from _family("annotation", "spoils the text of a PDF", _between(notes), refused=True)


def _bytes() -> Iterator[Case]:
    for name, sent in data.BYTES.items():
        raw = b"A" + sent + b"B"
        text = raw.decode("utf-8", "replace")
        yield Case(f"bytes/{name}", text, "bytes that are not UTF-8", refused=True, raw=raw)


def _long() -> Iterator[Case]:
    texts = {
        "huge": "长" * HUGE,
        "paragraph": "数字人民币。" * (320_000 // 6),
        "unbroken": "W" * 5000,
        "lines": "行\n" * 2000,
        "blank-lines": "上" + "\n" * 3000 + "下",
        "blanks-between": "上" + " " * 5000 + "下",
        "emoji": "👩\u200d💻" * 900,
        "markup": "<b>" * 1000,
        "rare": "𬸚" * 3000,
    }
    for name, text in texts.items():
        yield Case(f"long/{name}", text, "longer than most fields take")


def _collected() -> Iterator[Case]:
    for name, (why, texts) in data.FAMILIES.items():
        yield from _family(name, why, texts)


CASES: tuple[Case, ...] = (*_characters(), *_bytes(), *_long(), *_collected())


def at_limit(limit: int) -> tuple[Case, Case, Case]:
    """One character less than a field takes, exactly as many, one too many."""
    return (
        Case("limit/less", "界" * (limit - 1), "one less than the limit"),
        Case("limit/equal", "𬸚" * limit, "as long as the limit, two code units each"),
        Case("limit/over", "界" * (limit + 1), "one more than the limit"),
    )


def families() -> dict[str, list[Case]]:
    """The cases by family."""
    found: dict[str, list[Case]] = {}
    for case in CASES:
        found.setdefault(case.family, []).append(case)
    return found


def sample(size: int) -> list[Case]:
    """`size` cases, as many from each family as will go round; the same ones every time."""
    by_turns = zip_longest(*families().values())
    return [case for turn in by_turns for case in turn if case is not None][:size]
