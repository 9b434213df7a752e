"""What the uploader is told of a file's pictures."""

from __future__ import annotations

import pytest

from lab.files.previews.notes import PLAIN, WAITING, WARNING, note_of
from lab.files.previews.queries import PreviewPage, PreviewStatus
from lab.files.rules.lifecycle import RenderStatus


def ready(total: int, *drawn: int) -> PreviewStatus:
    pages = tuple(PreviewPage(number, 10, 10) for number in drawn)
    return PreviewStatus(RenderStatus.READY, total, "", pages)


QUEUED = PreviewStatus(RenderStatus.QUEUED, 0, "", ())
FAILED = PreviewStatus(RenderStatus.FAILED, 0, "内容无法转成图片。", ())
REPLACE = "请另存或打印为PDF后替换"
ONLY = f"的图片，只能下载原件，{REPLACE}"
SAID = [
    ("方案.docx", None, False, PLAIN, "此类文件没有预览，评委下载原件查看"),
    ("图.png", None, False, WAITING, "正在生成预览"),
    ("图.heic", QUEUED, False, WAITING, "正在生成预览"),
    ("图.jpg", ready(1, 1), False, PLAIN, "预览已生成"),
    (
        "长.pdf",
        ready(22, *range(1, 21)),
        False,
        PLAIN,
        "预览已生成：前20页（共22页），其余由评委下载原件查看",
    ),
    ("件.pdf", ready(3, 1, 3), False, WARNING, f"第2页无法生成预览，评委看不到这一页{ONLY}"),
    ("件.pdf", ready(4, 1), False, WARNING, f"第2、3、4页无法生成预览，评委看不到这些页{ONLY}"),
    ("件.pdf", ready(2, 1), True, WARNING, f"第2页无法生成预览，评委看不到这一页，{REPLACE}"),
    (
        "件.pdf",
        FAILED,
        False,
        WARNING,
        f"无法预览：内容无法转成图片。评委看不到图片，只能下载原件，{REPLACE}",
    ),
    (
        "件.pdf",
        FAILED,
        True,
        WARNING,
        f"无法预览：内容无法转成图片。评委看不到其中的内容，{REPLACE}",
    ),
]


@pytest.mark.parametrize(("name", "status", "withheld", "state", "text"), SAID)
def test_what_reviewers_will_not_see_is_said(
    name: str, status: PreviewStatus | None, withheld: bool, state: str, text: str
) -> None:
    note = note_of(name, status, withheld=withheld)
    assert (note.state, note.text) == (state, text)
