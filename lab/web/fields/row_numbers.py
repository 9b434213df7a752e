"""The numbers of rows in a post: which were sent, in which order, which one was emptied."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.datastructures import MultiDict

_COUNT = re.compile(r"[0-9]{1,4}")
_ORDER = re.compile(r"[0-9]{1,4}(?:,[0-9]{1,4})*")


def numbers_in_order(formdata: Any, name: str, most: int) -> list[int]:
    """Return the numbers of the rows that were sent, from top to bottom, at most `most`.

    `name-order` lists them where scripts added, removed or moved rows (each counts once); else
    `name-rows` counts them from 0.
    """
    order = formdata.get(f"{name}-order", "")
    if _ORDER.fullmatch(order):
        return list(dict.fromkeys(int(number) for number in order.split(",")))[:most]
    count = formdata.get(f"{name}-rows", "")
    return list(range(min(int(count), most))) if _COUNT.fullmatch(count) else []


def in_sent_order(posted: Any, name: str, most: int) -> Any:
    """Return a post with flat names, as label_3, whose rows are numbered as they stood on the page.

    Rows that the page had taken out are left out.
    """
    if not _ORDER.fullmatch(posted.get(f"{name}-order", "")):
        return posted
    places = {str(n): place for place, n in enumerate(numbers_in_order(posted, name, most))}
    renumbered = MultiDict[str, Any]()
    for key, value in MultiDict(posted).items(multi=True):
        base, mark, number = key.rpartition("_")
        if not (mark and number.isdecimal()):
            renumbered.add(key, value)
        elif number in places:
            renumbered.add(f"{base}_{places[number]}", value)
    return renumbered


def without_row(posted: Any, drop: str) -> Any:
    """Return the post with the row named by the button 删除 (`targets-2`) emptied."""
    remaining = MultiDict(posted)
    for name in list(remaining):
        if drop and name.startswith(f"{drop}-"):
            remaining.setlist(name, [])
    return remaining
