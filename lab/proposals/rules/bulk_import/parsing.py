"""Parse the cells of a proposal workbook: headings, names, multi-row cells. Pure.

A multi-row cell holds one row per line, its parts separated by | (full-width ｜ as well); a |
inside a text is written \\|.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lab.web.typed.text import normalise

HINT_MARK = "（提示，导入时不读此行）"
RESULT_HEADING = "核对结果"  # the last column of an annotated workbook, which may be uploaded again
MAX_ROWS = 1000
_PART = re.compile(r"(?:\\[|｜\\]|[^|｜])*")
_ESCAPED = re.compile(r"\\([|｜\\])")
_TO_ESCAPE = re.compile(r"[|｜]|\\(?=[|｜\\]|$)")
_HEADING_ENDS = re.compile(r"[\s*＊]+")


# -- rows inside a cell ------------------------------------------------------------------------


def split_rows(text: str) -> list[list[str]]:
    """Return the rows of a cell as lists of parts; blank lines are skipped."""
    lines = [line for line in normalise(text).split("\n") if line.strip()]
    return [split_parts(line) for line in lines]


def split_parts(line: str) -> list[str]:
    """Return the parts of a line, trimmed."""
    parts, position = [], 0
    while position <= len(line):
        match = _PART.match(line, position)
        assert match is not None  # the pattern takes nothing as well
        parts.append(_ESCAPED.sub(r"\1", match[0]).strip())
        position = match.end() + 1
    return parts


def join_parts(parts: Iterable[str]) -> str:
    """Return the line that `split_parts` parses into these parts.

    Trailing empty ones are dropped.
    """
    escaped = [_TO_ESCAPE.sub(lambda match: f"\\{match[0]}", part) for part in parts]
    while len(escaped) > 1 and not escaped[-1]:
        escaped.pop()
    return "|".join(escaped)


# -- names -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NameIndex:
    """The accepted spellings of each value.

    `kind` is what they are (单位, 人员 …), `advice` how to write them.
    """

    kind: str
    values_by_name: Mapping[str, frozenset[str]]
    advice: str

    def find(self, typed: str) -> tuple[str, str]:
        """Return (value, "") for an unambiguous name, else ("", message)."""
        matches = self.values_by_name.get(_key(typed), frozenset())
        if len(matches) == 1:
            return next(iter(matches)), ""
        if matches:
            return "", f"“{typed}”对应{len(matches)}个{self.kind}，{self.advice}"
        return "", f"没有找到{self.kind}“{typed}”，{self.advice}"


def name_index(kind: str, pairs: Iterable[tuple[str, Iterable[str]]], advice: str) -> NameIndex:
    """Return the NameIndex of (value, its spellings)."""
    values_by_name: dict[str, set[str]] = {}
    for value, spellings in pairs:
        for spelling in spellings:
            values_by_name.setdefault(_key(spelling), set()).add(value)
    return NameIndex(
        kind, {name: frozenset(values) for name, values in values_by_name.items()}, advice
    )


def _key(name: str) -> str:
    plain = normalise(name).replace("(", "（").replace(")", "）")
    return re.sub(r"\s+", "", plain).casefold()


# -- the table ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class ParsedTable:
    """A parsed workbook: fields in workbook order; (row number, texts) per row.

    `problems` are messages about the workbook as a whole; `missing_labels` the labels of absent
    columns.
    """

    fields: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    problems: tuple[str, ...] = ()
    missing_labels: tuple[str, ...] = ()


def read_table(
    grid: Sequence[Sequence[str]], labels: Mapping[str, str], needed: Iterable[str]
) -> ParsedTable:
    """Match the headings of the first row with `labels` (field -> label), in any order.

    Unknown columns, missing `needed` ones (fields) and duplicates are reported.
    """
    lines = _without_results([list(line) for line in grid])
    width = max((_filled(line) for line in lines), default=0)
    head = [*(lines[0] if lines else []), *[""] * width][:width]
    by_label = {heading(label): field for field, label in labels.items()}
    fields = [by_label.get(heading(text), "") for text in head]
    problems = [*_unknown_problems(head, fields), *_duplicate_problems(fields, labels)]
    missing = [labels[field] for field in needed if field not in fields]
    if missing:
        problems.append(f"缺少列：{'、'.join(missing)}。")
    rows = tuple(
        (number, tuple([*line, *[""] * width][:width]))
        for number, line in enumerate(lines[1:], start=2)
        if _filled(line) and not any(cell.startswith(HINT_MARK) for cell in line)
    )
    if not problems:
        problems += _amount(len(rows))
    absent = tuple(label for field, label in labels.items() if field not in fields)
    return ParsedTable(tuple(fields), rows, tuple(problems), absent)


def _without_results(lines: list[list[str]]) -> list[list[str]]:
    out = {p for p, text in enumerate(lines[0] if lines else []) if heading(text) == RESULT_HEADING}
    return [[text for p, text in enumerate(line) if p not in out] for line in lines]


def heading(text: str) -> str:
    """Return a heading without blanks and the required mark."""
    return _HEADING_ENDS.sub("", normalise(text))


def _filled(line: Sequence[str]) -> int:
    """Return the number of cells up to the last non-blank one."""
    return max((position for position, cell in enumerate(line, start=1) if cell.strip()), default=0)


def _unknown_problems(head: Sequence[str], fields: Sequence[str]) -> list[str]:
    pairs = list(enumerate(zip(head, fields, strict=True), start=1))
    unnamed = [f"第{position}列" for position, (text, _) in pairs if not text.strip()]
    unknown = [f"“{text.strip()}”" for _, (text, field) in pairs if text.strip() and not field]
    messages = [f"没有标题的列：{'、'.join(unnamed)}。"] if unnamed else []
    return [*messages, *([f"不认识的列：{'、'.join(unknown)}。"] if unknown else [])]


def _duplicate_problems(fields: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    twice = [f for position, f in enumerate(fields) if f and f in fields[:position]]
    labels_text = "、".join(labels[field] for field in dict.fromkeys(twice))
    return [f"重复的列：{labels_text}。"] if twice else []


def _amount(count: int) -> list[str]:
    if not count:
        return ["表中没有申报内容，请从标题下面一行开始填写。"]
    return [f"最多{MAX_ROWS}行，现有{count}行，请分开导入。"] if count > MAX_ROWS else []
