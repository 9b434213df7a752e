"""The navigation: of the entries that features bring, the layout shows those a person may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for

from lab.feature import registry


@dataclass(frozen=True)
class Entry:
    """One entry as rendered; `active` marks the current page (or the list it belongs to)."""

    label: str
    url: str
    active: bool


@dataclass(frozen=True)
class Section:
    """A titled group of entries, never empty."""

    label: str
    entries: tuple[Entry, ...]


def _covers(url: str, path: str) -> bool:
    # The start page stands above everything, so it covers itself alone.
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def build(allowed: Callable[[str], bool], path: str) -> list[Section]:
    """Return the sections with the entries whose action is `allowed`.

    `path` is the address of the current page; the entry with the longest address that contains it
    is active. Must be called within a request.
    """
    in_order = sorted(registry().navigation, key=lambda item: (item.order, item.label))
    items = [item for item in in_order if allowed(item.action)]
    urls = {item: url_for(item.endpoint) for item in items}
    inside = [url for url in urls.values() if _covers(url, path)]
    active = max(inside, key=len, default=None)
    groups: dict[str, list[Entry]] = {}
    for item, url in urls.items():
        groups.setdefault(item.section, []).append(Entry(item.label, url, url == active))
    return [Section(label, tuple(entries)) for label, entries in groups.items()]
