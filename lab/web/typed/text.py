"""Clean typed and pasted text. Pure: text in, stored form or Chinese message out.

Office rule: stored text must survive page, search, PDF, spreadsheet and re-import unchanged, so
characters that some of them drop or reject are refused at input, shown where they stand.
"""

from __future__ import annotations

import re
import unicodedata

from lab.web.typed.pasted import as_it_looked

REPLACEMENT = "\ufffd"
# Invisible characters that people paste without knowing; harmless inside, meaningless outside.
OUTER_BLANKS = "\ufeff\u200b\u200c\u200d\u2060"
_OVERRIDES = frozenset("\u202d\u202e")
_OBJECT = "\ufffc"  # where a picture stood in what was copied
# Every character that `character_problem` finds fault with, and no other: texts are searched by
# this first.
_SUSPECT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202d\u202e\ufdd0-\ufdef\ufff9-\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff"
    + "".join(f"{chr(n + 0xFFFE)}{chr(n + 0xFFFF)}" for n in range(0x10000, 0xF0000, 0x10000))
    + "]"
)
_AROUND, _MOST_SHOWN = 8, 3  # characters of context on either side; places that a message shows
_BREAKS = re.compile(r" *[\n\t][\n\t ]*")
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029]")


class TextError(ValueError):
    """A typed value is refused; the message is a Chinese sentence for the writer."""


def unify_lines(text: str) -> str:
    """Return `text` with every line end as a line feed."""
    if "\r" in text or "\u2028" in text or "\u2029" in text:
        return _LINE_ENDS.sub("\n", text)
    return text


def trim(text: str) -> str:
    """Return `text` without blanks (full-width and invisible ones included) at either end."""
    previous = None
    while previous != text:
        previous, text = text, text.strip().strip(OUTER_BLANKS)
    return text


def in_one_line(text: str) -> str:
    """Return `text` with a blank for each line end and tab, which a field of one line drops."""
    return _BREAKS.sub(" ", text)


def as_read(text: str) -> str:
    """Return `text` with line feeds, and the marks of other programs as they looked."""
    return as_it_looked(unify_lines(text))


def normalise(text: str) -> str:
    """Return the stored form of `text`: as it was read, trimmed, NFC."""
    previous = None
    while previous != text:  # a blank cut off may leave a mark at the start of its line
        previous, text = text, unicodedata.normalize("NFC", trim(as_read(text)))
    return text


def count_characters(text: str) -> int:
    """Return how many characters (code points, punctuation included) the stored form has."""
    return len(normalise(text))


def _is_noncharacter(code: int) -> bool:
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def _is_unprintable(character: str) -> bool:
    # Private use and annotation marks: with one of them in a PDF, none of its text can be
    # searched or copied any more.
    return unicodedata.category(character) == "Co" or "\ufff9" <= character <= "\ufffb"


def character_problem(character: str) -> str:
    """Return what is wrong with one character, in Chinese, "" when it may be stored."""
    code = ord(character)
    if character in "\n\t":
        return ""
    if code < 0x20 or 0x7F <= code <= 0x9F:
        return "看不见的控制字符"
    if 0xD800 <= code <= 0xDFFF:
        return "不完整的字符"
    if character == _OBJECT:
        return "图片或对象的占位"
    if _is_noncharacter(code) or character == REPLACEMENT:
        return "无法识别的字符"
    if _is_unprintable(character):
        return "打印不出的字符"
    return "改变文字方向的字符" if character in _OVERRIDES else ""


def check_characters(text: str) -> None:
    """Raise `TextError` that shows the refused characters where they stand, as `displayable` does.

    The message quotes the first places with what is around them, and says how many there are.
    """
    if _is_plain(text):
        return
    read = as_read(text)
    refused = [match.start() for match in _SUSPECT.finditer(read) if character_problem(match[0])]
    if refused:
        raise TextError(_refusal(read, refused))


def _refusal(text: str, places: list[int]) -> str:
    shown = _replace_refused(text, REPLACEMENT)
    quotes = "、".join(f"“{_excerpt(shown, place)}”" for place in _apart(places)[:_MOST_SHOWN])
    kinds = "、".join(dict.fromkeys(character_problem(text[place]) for place in places))
    count = f"，共{len(places)}处" if len(places) > 1 else ""
    return f"{quotes}中标“{REPLACEMENT}”的是{kinds}{count}，请改成正确的字或删去。"


def _apart(places: list[int]) -> list[int]:
    """The places that no excerpt of an earlier one shows."""
    apart: list[int] = []
    for place in places:
        if not apart or place > apart[-1] + _AROUND:
            apart.append(place)
    return apart


def _excerpt(text: str, place: int) -> str:
    start, end = max(place - _AROUND, 0), place + _AROUND + 1
    piece = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{piece}{'…' if end < len(text) else ''}"


def clean_text(text: str, *, limit: int | None = None, multiline: bool = False) -> str:
    """Return the stored form of `text`.

    `limit` is the maximum number of characters (code points of the stored form). In a single line,
    line ends and tabs become blanks. Raises `TextError` for a refused character or for text that
    is too long.
    """
    check_characters(text)
    clean = normalise(text)
    if not multiline:
        clean = in_one_line(clean)
    if limit is not None and len(clean) > limit:
        over = len(clean) - limit
        raise TextError(f"最多{limit}个字符，现有{len(clean)}个，请删去{over}个。")
    return clean


def displayable(text: str) -> str:
    """Return `text` as read, with refused characters as U+FFFD, so that a page can contain it.

    U+FFFD is itself refused, so resending the page cannot store it by accident.
    """
    return _replace_refused(as_read(text), REPLACEMENT)


def _is_plain(text: str) -> bool:
    """Return whether a single scan shows that no character needs its own check."""
    return text.isprintable() and REPLACEMENT not in text and _OBJECT not in text


def _replace_refused(text: str, instead: str) -> str:
    if _is_plain(text):
        return text
    return _SUSPECT.sub(lambda c: instead if character_problem(c[0]) else c[0], text)


def without_refused(text: str) -> str:
    """Return the stored form of `text` without refused characters (for saved drafts)."""
    return normalise(_replace_refused(as_read(text), ""))
