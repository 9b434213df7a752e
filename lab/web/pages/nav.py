"""The navigation: features register their entries, the layout shows those a person may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for


@dataclass(frozen=True)
class Item:
    """One registered entry; `action` is the name in the policy table that guards the page."""

    section: str
    label: str
    endpoint: str
    action: str
    order: int


@dataclass(frozen=True)
class Entry:
    """One entry as drawn; `active` marks the page being shown (or the list it belongs to)."""

    label: str
    url: str
    active: bool


@dataclass(frozen=True)
class Section:
    """A titled group of entries, never empty."""

    label: str
    entries: tuple[Entry, ...]


_items: dict[tuple[str, str], Item] = {}


def register(*, section: str, label: str, endpoint: str, action: str, order: int) -> None:
    """Add an entry. Lower `order` comes first; a section stands where its first entry does."""
    _items[section, label] = Item(section, label, endpoint, action, order)


def _covers(url: str, path: str) -> bool:
    # The start page stands above everything, so it covers itself alone.
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def build(allowed: Callable[[str], bool], path: str) -> list[Section]:
    """Return the sections with the entries whose action is `allowed`.

    `path` is the address of the current page; the entry with the longest address that
    contains it is active. Must be called within a request.
    """
    items = [item for item in _in_order() if allowed(item.action)]
    urls = {item: url_for(item.endpoint) for item in items}
    inside = [url for url in urls.values() if _covers(url, path)]
    active = max(inside, key=len, default=None)
    groups: dict[str, list[Entry]] = {}
    for item, url in urls.items():
        groups.setdefault(item.section, []).append(Entry(item.label, url, url == active))
    return [Section(label, tuple(entries)) for label, entries in groups.items()]


def _in_order() -> list[Item]:
    return sorted(_items.values(), key=lambda item: (item.order, item.label))
