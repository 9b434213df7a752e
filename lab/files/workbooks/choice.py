"""Which worksheet of a workbook is meant. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from typing import NamedTuple


class ListedSheet(NamedTuple):
    """A worksheet of a workbook: its name, and whether the workbook hides it."""

    name: str
    hidden: bool


def chosen(listed: Sequence[ListedSheet], wanted: str) -> ListedSheet | None:
    """Return the visible worksheet called `wanted`, else the only visible one, else None.

    Width of characters, case and blanks of a name do not matter: people do not see them.
    """
    visible = [sheet for sheet in listed if not sheet.hidden]
    exact = [sheet for sheet in visible if sheet.name == wanted]
    alike = [sheet for sheet in visible if _key(sheet.name) == _key(wanted)]
    for found in (exact, alike, visible):
        if len(found) == 1:
            return found[0]
    return None


def _key(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def is_called(sheet: ListedSheet, name: str) -> bool:
    """Return whether people see this name on the worksheet."""
    return _key(sheet.name) == _key(name)


def hidden_sheet(name: str) -> str:
    """Return the sentence for a worksheet that the workbook hides."""
    return f"工作表“{name}”被隐藏了。请在Excel中取消隐藏，保存后再上传。"


def unread_remarks(listed: Sequence[ListedSheet], own: Collection[str]) -> tuple[str, ...]:
    """Return what to say of visible worksheets that are none of a template's `own`."""
    other = [
        f"“{sheet.name.strip()}”"
        for sheet in listed
        if not sheet.hidden and not any(is_called(sheet, name) for name in own)
    ]
    return (f"没有读取的工作表：{'、'.join(other)}。",) if other else ()


def no_such_sheet(listed: Sequence[ListedSheet], wanted: str) -> str:
    """Return the sentence for a workbook without a worksheet that could be meant."""
    if any(sheet.hidden and is_called(sheet, wanted) for sheet in listed):
        return hidden_sheet(wanted)
    visible = [f"“{sheet.name.strip()}”" for sheet in listed if not sheet.hidden]
    if not visible:
        return "文件中没有可以看到的工作表。请取消隐藏，保存后再上传。"
    names = "、".join(visible[:6]) + (f"等{len(visible)}个" if len(visible) > 6 else "")
    return (
        f"文件中没有名为“{wanted}”的工作表，现有{names}。"
        f"请使用下载的模板，或把要导入的工作表改名为“{wanted}”。"
    )
