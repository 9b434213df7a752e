"""Full-text matching: index words, query terms, snippets. Pure.

Text is compared folded: NFKC, case-insensitive. A run of Chinese characters is indexed as its
overlapping pairs plus the last character alone, so that a phrase of pairs matches exactly where the
characters occur, and a single character as the beginning of a pair. Letters and digits are indexed
as words; SB-2022-01-007 is the phrase of its four parts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import add

MAX_QUERY_LENGTH = 100  # characters; a longer one is cut
MAX_TERMS = 8  # further ones are left out: nobody types more, and each costs a look-up
MAX_WORD_LENGTH = 64  # letters and figures of one word that the index keeps
CONTEXT_BEFORE, SNIPPET_LENGTH = 20, 80  # characters of a snippet before the first hit, and in all
# Ideographs with their extensions and marks, kana, hangul: written without spaces.
_HAN = (
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_RUN = re.compile(rf"([{_HAN}]+)|[^\W_{_HAN}]+")


@dataclass(frozen=True)
class Term:
    """One required term: consecutive words, the last one perhaps a prefix.

    `narrow`: too short to search in the long texts. `pattern` finds it in folded text.
    """

    words: tuple[str, ...]
    begun: bool
    narrow: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class SnippetPart:
    """A part of a snippet; `hit` where a term matches."""

    text: str
    hit: bool = False


def fold(text: str) -> str:
    """Return the form in which texts are compared."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def displayable_query(query: str) -> str:
    """Return a query for display: cut, with unprintable characters as blanks."""
    return "".join(sign if sign.isprintable() else " " for sign in query[:MAX_QUERY_LENGTH])


def index_words(text: str) -> list[str]:
    """Return the index words of a text, in reading order."""
    tokens: list[str] = []
    for run in _RUN.finditer(fold(text)):
        han = run.group(1)
        if han is None:
            tokens.append(run.group()[:MAX_WORD_LENGTH])
        else:
            tokens += map(add, han, han[1:])
            tokens.append(han[-1])
    return tokens


def parse_terms(query: str) -> tuple[Term, ...]:
    """Parse a query into terms that must all match; empty when there is nothing to search."""
    runs = [run for word in fold(query[:MAX_QUERY_LENGTH]).split() for run in _runs(word)]
    runs = list(dict.fromkeys(runs))[:MAX_TERMS]
    # 年 beside 2022 may stand anywhere; alone it would be found in every text.
    alone = all(_is_single(run) for run in runs)
    return tuple(_term(run, narrow=alone) for run in runs)


def _runs(word: str) -> Iterator[tuple[str, ...]]:
    """Iterate over runs: each Chinese run, and neighbouring words of letters and digits joined."""
    joined: list[str] = []
    for run in _RUN.finditer(word):
        if run.group(1) is None:
            joined.append(run.group()[:MAX_WORD_LENGTH])
            continue
        if joined:
            yield tuple(joined)
        joined = []
        yield (run.group(),)
    if joined:
        yield tuple(joined)


def _is_single(run: tuple[str, ...]) -> bool:
    return len(run) == 1 and len(run[0]) == 1


def _term(run: tuple[str, ...], *, narrow: bool) -> Term:
    if len(run) == 1 and _RUN.fullmatch(run[0]).group(1):  # type: ignore[union-attr]
        han = run[0]
        pairs = tuple(han[i : i + 2] for i in range(max(1, len(han) - 1)))
        return Term(pairs, len(han) == 1, narrow, re.compile(re.escape(han)))
    pattern = r"[\W_]+".join(map(re.escape, run))
    return Term(run, True, narrow, re.compile(rf"(?<![^\W_{_HAN}]){pattern}"))


def fields_with_hits(query_terms: Sequence[Term], fields: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the fields that contain a term, in the order of `fields`."""
    return tuple(name for name, text in fields.items() if _contains_all(query_terms, text))


def _contains_all(query_terms: Sequence[Term], text: str) -> bool:
    # Folding a long text costs more than all the rest of a page; most hits stand there as typed.
    if any(term.pattern.search(text) for term in query_terms):
        return True
    folded = fold(text)
    return any(term.pattern.search(folded) for term in query_terms)


# -- snippets ----------------------------------------------------------------------------------


def mark_hits(query_terms: Sequence[Term], text: str) -> tuple[SnippetPart, ...]:
    """Return the whole text as parts, with the hits marked."""
    return _cut(text, _spans(query_terms, text), 0, len(text))


def snippet(query_terms: Sequence[Term], text: str) -> tuple[SnippetPart, ...]:
    """Return the part of a text around the first hit, about SNIPPET_LENGTH characters at most.

    () without one.
    """
    spans = _spans(query_terms, text)
    if not spans:
        return ()
    start = max(0, spans[0][0] - CONTEXT_BEFORE)
    end = min(len(text), max(start + SNIPPET_LENGTH, spans[0][1]))
    shown = _cut(text, spans, start, end)
    head = (SnippetPart("…"),) if start else ()
    tail = (SnippetPart("…"),) if end < len(text) else ()
    return (*head, *shown, *tail)


def _spans(query_terms: Sequence[Term], text: str) -> list[tuple[int, int]]:
    """Return where terms occur in the original text, in order, without overlaps."""
    hits = sorted(m.span() for term in query_terms for m in term.pattern.finditer(text))
    positions: Sequence[int] = range(len(text) + 1)
    if not hits:
        folded = fold(text)
        if len(folded) != len(text):
            positions = _source_positions(text)
        if len(positions) != len(folded) + 1:
            return []  # signs fold together with their neighbours: no mark rather than a wrong one
        hits = sorted(m.span() for term in query_terms for m in term.pattern.finditer(folded))
    spans: list[tuple[int, int]] = []
    for start, end in hits:
        left, right = positions[start], max(positions[end], positions[start] + 1)
        if spans and left <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(right, spans[-1][1]))
        else:
            spans.append((left, right))
    return spans


def _source_positions(text: str) -> list[int]:
    """Return, for each character of the folded text, the source position; the end as well."""
    positions = [position for position, sign in enumerate(text) for _ in fold(sign)]
    return [*positions, len(text)]


def _cut(
    text: str, spans: Sequence[tuple[int, int]], start: int, end: int
) -> tuple[SnippetPart, ...]:
    pieces, at = [], start
    for left, right in spans:
        if right <= start or left >= end:
            continue
        left, right = max(left, start), min(right, end)
        pieces += [SnippetPart(text[at:left]), SnippetPart(text[left:right], hit=True)]
        at = right
    pieces.append(SnippetPart(text[at:end]))
    return tuple(piece for piece in pieces if piece.text)
