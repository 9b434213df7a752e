"""What the uploader of a file is told of its pictures: whether reviewers will see all of it."""

from __future__ import annotations

from dataclasses import dataclass

from lab.files.inspection.kinds import is_previewed
from lab.files.previews.queries import PreviewStatus

WAITING, WARNING, PLAIN = "waiting", "warning", "plain"
REPLACE = "请另存或打印为PDF后替换"


@dataclass(frozen=True)
class PreviewNote:
    """A sentence about a file's pictures; `state` is WAITING, WARNING or PLAIN."""

    state: str
    text: str

    @property
    def is_waiting(self) -> bool:
        return self.state == WAITING


def note_of(name: str, status: PreviewStatus | None, *, withheld: bool) -> PreviewNote:
    """Return the note of the file with this name, whose preview is in this state.

    `withheld`: only its pictures are given to readers, never the file itself.
    """
    if not is_previewed(name):
        return PreviewNote(PLAIN, "此类文件没有预览，评委下载原件查看")
    if status is None or status.is_queued or not status.state:
        return PreviewNote(WAITING, "正在生成预览")
    if not status.is_ready:
        return PreviewNote(WARNING, _failed(status, withheld=withheld))
    if status.missing:
        return PreviewNote(WARNING, _without_pages(status, withheld=withheld))
    if status.total > len(status.shown):
        text = f"预览已生成：前{len(status.shown)}页（共{status.total}页），其余由评委下载原件查看"
        return PreviewNote(PLAIN, text)
    return PreviewNote(PLAIN, "预览已生成")


def _failed(status: PreviewStatus, *, withheld: bool) -> str:
    reason = status.failure.rstrip("。")
    seen = "评委看不到其中的内容" if withheld else "评委看不到图片，只能下载原件"
    return f"无法预览：{reason}。{seen}，{REPLACE}"


def _without_pages(status: PreviewStatus, *, withheld: bool) -> str:
    pages = f"第{'、'.join(map(str, status.missing))}页"
    seen = f"评委看不到{'这些页' if len(status.missing) > 1 else '这一页'}"
    return f"{pages}无法生成预览，{seen}{'' if withheld else '的图片，只能下载原件'}，{REPLACE}"
