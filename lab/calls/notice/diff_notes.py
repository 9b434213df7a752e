"""Changes of a line that its words do not show: heading or text, bold, links, alignment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from lab.text_diff import ADDED, REMOVED, diff_text
from lab.web.rich_lines import BULLET, HEADING, ITEM, ROW, RichLine, Span

LEVELS = {1: "一级标题", 2: "二级标题", 3: "三级标题", 4: "四级标题"}
ALIGNED = {"": "左对齐", "center": "居中", "right": "右对齐"}


def form_changes(old: RichLine, new: RichLine) -> tuple[str, ...]:
    """Return what changed in the form of a line, each in Chinese words."""
    notes = [f"由{form_name(old)}改为{form_name(new)}"] if form_name(old) != form_name(new) else []
    for left, right in zip(old.cells, new.cells, strict=False):
        notes += _span_changes(left, right)
    return (*notes, *_align_changes(old, new))


def form_name(line: RichLine) -> str:
    """Return what a line is called in Chinese."""
    if line.kind == HEADING:
        return LEVELS[line.level]
    if line.kind == ITEM:
        level = f"（第{line.level}级）" if line.level > 1 else ""
        return ("项目符号" if line.marker == BULLET else "编号") + level
    if line.kind == ROW:
        return "表头" if line.level else "表格的行"
    return "正文"


def _span_changes(old: Sequence[Span], new: Sequence[Span]) -> Iterator[str]:
    kept = list(_kept(old, new))
    for (was, bold), words in _runs(kept, lambda a, b: (a.bold, b.bold)):
        if was != bold:
            yield f"{'加粗' if bold else '取消加粗'}“{words}”"
    for (was, leads), words in _runs(kept, lambda a, b: (a.href, b.href)):
        if was == leads:
            continue
        if not was:
            yield f"“{words}”加了链接：{leads}"
        elif not leads:
            yield f"“{words}”去掉了链接"
        else:
            yield f"“{words}”的链接改为：{leads}"


def _kept(old: Sequence[Span], new: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """Yield each character that both versions have, as it looks in either."""
    left, right = list(_characters(old)), list(_characters(new))
    texts = ["".join(span.text for span in side) for side in (left, right)]
    at = to = 0
    for piece in diff_text(*texts):
        size = len(piece.text)
        if piece.kind not in (ADDED, REMOVED):
            yield from zip(left[at : at + size], right[to : to + size], strict=True)
        at += size if piece.kind != ADDED else 0
        to += size if piece.kind != REMOVED else 0


def _characters(spans: Sequence[Span]) -> Iterator[Span]:
    for span in spans:
        yield from (Span(character, span.bold, span.href) for character in span.text)


def _runs(
    kept: Sequence[tuple[Span, Span]], appearance: Callable[[Span, Span], tuple[object, object]]
) -> Iterator[tuple[tuple[Any, Any], str]]:
    for both, run in groupby(kept, key=lambda pair: appearance(*pair)):
        yield both, "".join(after.text for _, after in run)


def _align_changes(old: RichLine, new: RichLine) -> Iterator[str]:
    """Yield how columns are set now, told once by the head of the table."""
    if not (old.kind == new.kind == ROW and new.level):
        return
    for number, (was, now) in enumerate(zip(old.aligns, new.aligns, strict=False), 1):
        if was != now:
            yield f"第{number}列改为{ALIGNED[now]}"
