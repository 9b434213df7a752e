"""Letter texts: one template per kind, in plain office style. Pure.

A template takes plain values and returns subject and body; the office may change both before
sending. No template takes the name of a reviewer or checker: the office signs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

SUBJECT_LIMIT, BODY_LIMIT, SIGNATURE_WIDTH = 80, 4000, 30
CLOSING_LIMIT = 200  # characters
# Stand in a letter until it is sent, which fills them in.
DUE_DAY, SENT_ON = "【补正期限】", "【发函日期】"
OFFICE_NAME = "北京邮银数字人民币创新实验室实施办公室"
CHECK_PASSED, CHECK_RETURNED, CHECK_REFUSED = "check_passed", "check_returned", "check_refused"
KINDS: Mapping[str, str] = MappingProxyType(
    {
        CHECK_PASSED: "形式审查合格",
        CHECK_RETURNED: "退回补正",
        CHECK_REFUSED: "不予受理",
    }
)


@dataclass(frozen=True)
class LetterText:
    """Subject (one line, at most 80 characters) and body (paragraphs separated by blank lines)."""

    subject: str
    body: str


@dataclass(frozen=True)
class CheckOutcome:
    """The content of a letter about a formality check.

    `failed`: (item, note) of what was 不合格; `reopened_fields`: fields or steps open for
    correction; `due_days`: working days from the day of sending.
    """

    kind: str
    number: str
    title: str
    unit: str
    reason: str = ""
    failed: Sequence[tuple[str, str]] = ()
    reopened_fields: Sequence[str] = ()
    due_days: int | None = None


_Draft = tuple[str, Callable[[bool], list[str]]]  # subject, and the parts with or without notes


def kind_label(kind: str) -> str:
    """Return the label of a kind; 函件 for one without."""
    return KINDS.get(kind, "函件")


def split_signature(body: str) -> tuple[str, str]:
    """Split off the signature: a last paragraph of two short lines, "" when there is none."""
    text, mark, last = body.rpartition("\n\n")
    lines = last.split("\n")
    if not mark or len(lines) != 2 or max(map(len, lines)) > SIGNATURE_WIDTH:
        return body, ""
    return text, last


def split_closing(text: str) -> tuple[str, str]:
    """Split off the last paragraph, which stays on one page with the signature.

    "" when it has more than CLOSING_LIMIT characters, and might leave most of a page blank.
    """
    before, _, last = text.rpartition("\n\n")
    return (before, last) if len(last) <= CLOSING_LIMIT else (text, "")


def check_letter(outcome: CheckOutcome) -> LetterText:
    """Return the letter about the outcome of a formality check.

    Raises KeyError for another kind.
    """
    write = {
        CHECK_PASSED: _passed_text,
        CHECK_RETURNED: _returned_text,
        CHECK_REFUSED: _rejected_text,
    }[outcome.kind]
    subject, parts = write(outcome)
    body = _page(outcome, parts(True))
    if len(body) > BODY_LIMIT:  # the notes stand on the proposal's page as well
        body = _page(outcome, parts(False))
    return LetterText(subject[:SUBJECT_LIMIT], body[:BODY_LIMIT])


def _page(check: CheckOutcome, parts: list[str]) -> str:
    return "\n\n".join([f"{check.unit}：", *parts, f"{OFFICE_NAME}\n{SENT_ON}"])


def _opening(check: CheckOutcome, outcome: str) -> str:
    return (
        f"你单位申报的《{check.title}》（编号{check.number}）已办理形式审查，"
        f"审查结论为：{outcome}。"
    )


def _passed_text(outcome: CheckOutcome) -> _Draft:
    parts = [
        _opening(outcome, "合格"),
        "该项目将进入评审。评审结束并公布结果后，另行通知。",
    ]
    return f"关于《{outcome.title}》形式审查合格的通知", lambda _notes: parts


def _returned_text(outcome: CheckOutcome) -> _Draft:
    given = f"（自本函发出之日起{outcome.due_days}个工作日）"

    def parts(notes: bool) -> list[str]:
        return _numbered(
            _opening(outcome, "退回补正"),
            ("退回理由", outcome.reason),
            ("不合格的项目", _items(outcome.failed, notes)),
            ("需要补正的内容", _lines(outcome.reopened_fields)),
            ("补正期限", f"请于{DUE_DAY}24时前{given}在系统中改好并重新提交。"),
        )

    return f"关于《{outcome.title}》退回补正的通知", parts


def _rejected_text(outcome: CheckOutcome) -> _Draft:
    def parts(notes: bool) -> list[str]:
        return _numbered(
            _opening(outcome, "不予受理"),
            ("不予受理的理由", outcome.reason),
            ("不合格的项目", _items(outcome.failed, notes)),
        )

    return f"关于《{outcome.title}》不予受理的通知", parts


def _numbered(opening: str, *parts: tuple[str, str]) -> list[str]:
    """Return the opening, then each non-empty part under 一、二、三、."""
    filled = [(heading, text) for heading, text in parts if text]
    return [
        opening,
        *(f"{'一二三四五六'[n]}、{head}\n{text}" for n, (head, text) in enumerate(filled)),
    ]


def _items(failed: Sequence[tuple[str, str]], notes: bool) -> str:
    return _lines(f"{label}：{note}" if notes and note else label for label, note in failed)


def _lines(rows: Iterable[str]) -> str:
    return "\n".join(f"{n}．{row}" for n, row in enumerate(rows, start=1))
