"""What is wrong with a file, and the sentence that says so. Pure.

Each sentence names the file, what is the matter and where, and what its owner can do about it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lab.files.inspection.active import REJECTED, TABLE, too_long_message

LISTED = 5  # places of one kind that a sentence names; of more it gives the number
SHOWN_LENGTH = 90  # characters of an address or of a field's code

# A sentence about “{name}”; `{detail}` is what the check saw.
PROBLEM_MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "content": "的内容与类型不符或已损坏，请用原来的软件打开，重新另存后再传",
        "kind": "其实是{detail}",
        "cut": "不完整或已损坏，请重新导出后再传",
        "half": "不完整，下面约{detail}的内容缺失，请从原处重新取得整张图片后再传",
        "part": "已损坏，内部的{detail}无法读取，请用Word或WPS打开并修复，另存后再传",
        "office_locked": "设有打开密码，查看人无法打开，请用Word或WPS打开后去掉密码，保存后再传",
        "pdf_locked": "设有打开密码，查看人无法打开，请输入密码打开，打印为PDF后再传",
        "pdf_rights": "以证书等方式加密，只有指定的人能打开，请打印为PDF后再传",
        "pages": "有{detail}页，最多300页，请分成几个文件后再传",
        "pixels": "有{detail}像素，最多5000万像素，请缩小后再传",
        "bomb": "解压后超过50 MB或原来的100倍，请删去多余的内容（如空白的行和列）后另存再传",
        "members": "内含{detail}个部分，最多2000个，请分成几个文件后再传",
        "lying": "的内部目录与实际内容不符，请用Word或WPS打开，另存后再传",
        "two": "同时是{detail}，请用原来的软件打开，重新另存后再传",
        "trailing": "的末尾多出{detail}个字节，请用Word或WPS打开，另存后再传",
        "time": "的内容过于复杂，检查超过规定时间，请简化后再传",
        "memory": "的内容过于复杂，检查超出内存上限，请简化后再传",
        "crash": "无法读取，可能已损坏，请重新导出后再传",
    }
)
SHOWN_PAGES = "shown_pages"  # active content that only pictures could show, in too long a file


@dataclass(frozen=True)
class Finding:
    """One place with active content.

    `code` of `active.TABLE`, `what` it is, `where` it lies ("" if that says nothing).
    """

    code: str
    what: str
    where: str = ""


@dataclass(frozen=True)
class Problem:
    """A problem with a file: a code, what the check saw, active content and its places.

    `code` is a key of PROBLEM_MESSAGES, a rejected one of `active.TABLE`, or SHOWN_PAGES.
    """

    code: str
    detail: str = ""
    active: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class FileProblem(Exception):
    """A problem with a file, as `problem`."""

    def __init__(
        self,
        code: str,
        active: Collection[str] = (),
        *,
        detail: str = "",
        findings: Sequence[Finding] = (),
    ) -> None:
        super().__init__(code)
        self.problem = Problem(code, detail, tuple(active), tuple(findings))


def shorten(text: str) -> str:
    """Return an address or a code in one line, at most SHOWN_LENGTH characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= SHOWN_LENGTH else f"{line[:SHOWN_LENGTH]}…"


def rejected_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return those for which a file is rejected, in table order, each place once."""
    order = [code for code, row in TABLE.items() if row.treatment == REJECTED]
    rejected = dict.fromkeys(finding for finding in findings if finding.code in order)
    return sorted(rejected, key=lambda finding: order.index(finding.code))


def problem_message(problem: Problem, name: str) -> str:
    """Return the message for a problem with the file called `name`."""
    if problem.code == SHOWN_PAGES:
        return too_long_message(name, problem.active)
    if problem.code not in TABLE:
        text = PROBLEM_MESSAGES[problem.code].format(detail=problem.detail)
        return f"文件“{name}”{text}。"
    codes = dict.fromkeys(finding.code for finding in problem.findings) or (problem.code,)
    return f"文件“{name}”" + "".join(_active_text(code, problem.findings) for code in codes)


def _active_text(code: str, findings: Sequence[Finding]) -> str:
    row, own = TABLE[code], [finding for finding in findings if finding.code == code]
    places = "；".join(_place(at, finding) for at, finding in enumerate(own[:LISTED], 1))
    more = f"；共{len(own)}处" if len(own) > LISTED else ""
    return f"含有{row.name}{'。' if places else ''}{places}{more}。{row.remedy}。"


def _place(at: int, finding: Finding) -> str:
    where = f"（位于{finding.where}）" if finding.where else ""
    return f"第{at}处：{finding.what}{where}"
