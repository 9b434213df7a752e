"""Active content in files, and how each kind is treated. Pure.

One table. REJECTED: the upload is rejected, naming what was found. PICTURES_ONLY: accepted, but
shown only as pictures drawn by the portal; its bytes are never served. ACCEPTED: an ordinary file.
Office files are never PICTURES_ONLY, because no pictures are made of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

REJECTED, PICTURES_ONLY, ACCEPTED = "refused", "shown", "taken"
MAX_SHOWN_PAGES = 20  # pages of which pictures are made; a longer file could not be read


@dataclass(frozen=True)
class ActiveContent:
    """One kind of active content: file kind, label, treatment, and the owner's remedy."""

    file_kind: str
    name: str
    treatment: str
    remedy: str = ""


PRINT_HINT = "请用WPS或浏览器打开，打印为PDF后再传"
_COPY_HINT = "请新建空白文档，把内容全选复制过去，另存后再传"
TABLE: Mapping[str, ActiveContent] = MappingProxyType(
    {
        "launch": ActiveContent("PDF", "启动程序的动作", REJECTED, PRINT_HINT),
        "program": ActiveContent("PDF", "内嵌的程序", REJECTED, PRINT_HINT),
        "xfa": ActiveContent("PDF", "动态表单（XFA）", REJECTED, PRINT_HINT),
        "javascript": ActiveContent("PDF", "脚本（JavaScript）", PICTURES_ONLY),
        "auto_uri": ActiveContent("PDF", "打开时自动访问的网址", PICTURES_ONLY),
        "submit": ActiveContent("PDF", "向外发送内容的表单按钮", PICTURES_ONLY),
        "remote": ActiveContent("PDF", "打开其他文件的动作", PICTURES_ONLY),
        "odd_link": ActiveContent("PDF", "指向程序或本机文件的链接", PICTURES_ONLY),
        "embedded": ActiveContent("PDF", "内嵌的文件", PICTURES_ONLY),
        "media": ActiveContent("PDF", "音频、视频或三维内容", PICTURES_ONLY),
        "unclear": ActiveContent("PDF", "无法逐项检查的内容", PICTURES_ONLY),
        "link": ActiveContent("PDF", "文字中的链接", ACCEPTED),
        "macro": ActiveContent(
            "Office", "宏、控件或程序", REJECTED, "请在Word或WPS中删除，另存为不含宏的文件后再传"
        ),
        "external": ActiveContent(
            "Office", "打开时读取的外部模板、文档或网页", REJECTED, _COPY_HINT
        ),
        "program_link": ActiveContent(
            "Office",
            "点击后启动程序的链接",
            REJECTED,
            "请右键点击该处，选择“取消超链接”，保存后再传",
        ),
        "outside_picture": ActiveContent(
            "Office",
            "网上或其他文件中的图片、音频、视频",
            REJECTED,
            "请选中后剪切，用“选择性粘贴”贴为图片（音频、视频请删除），保存后再传",
        ),
        "field": ActiveContent(
            "Office",
            "自动读取外部内容的域",
            REJECTED,
            "请选中后按Ctrl+Shift+F9转为文字，保存后再传",
        ),
        "connection": ActiveContent(
            "Office",
            "外部数据连接或联网函数",
            REJECTED,
            "请把结果复制后“粘贴为数值”，在“数据”中删除连接和查询，保存后再传",
        ),
        "object": ActiveContent(
            "Office",
            "嵌入或链接的对象",
            REJECTED,
            "请选中后剪切，用“选择性粘贴”贴为图片，或把对象另存后单独上传",
        ),
        "web_part": ActiveContent(
            "Office", "网页加载项或网络视频", REJECTED, "请选中后删除，保存后再传"
        ),
        "office_link": ActiveContent("Office", "文字中的链接（点击才打开）", ACCEPTED),
        "local_template": ActiveContent("Office", "所用本机模板的路径（不读取）", ACCEPTED),
        "workbook_link": ActiveContent("Office", "对其他工作簿的引用（打开时先询问）", ACCEPTED),
        "office_part": ActiveContent(
            "Office", "图表的数据表、嵌入的文档（DOCX、XLSX、PPTX）", ACCEPTED
        ),
    }
)
SHOWN_ONLY = "为保护查看人的电脑，只显示由系统生成的图片，原文件不提供下载。"


def describe(codes: Collection[str]) -> str:
    """Describe what was found, in table order; unknown codes are ignored."""
    return "、".join(row.name for code, row in TABLE.items() if code in codes)


def too_long_message(name: str, codes: Collection[str]) -> str:
    """Return why a pictures-only file is rejected when it has more pages than are shown."""
    return (
        f"文件“{name}”含有{describe(codes)}，只能以图片显示，"
        f"图片最多{MAX_SHOWN_PAGES}页。{PRINT_HINT}。"
    )


def no_pictures_message(name: str, codes: Collection[str]) -> str:
    """Return why a pictures-only file is rejected where no pictures are shown."""
    return f"文件“{name}”含有{describe(codes)}，不能在此上传。{PRINT_HINT}。"


def pictures_only_note(codes: Collection[str]) -> str:
    """Return why the page shows pictures and offers no download."""
    return f"此文件含有{describe(codes)}。{SHOWN_ONLY}"
