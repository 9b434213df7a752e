"""Read which rows of a list were ticked."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request


@dataclass(frozen=True)
class SelectedRow:
    """A row as the page showed it: key and version."""

    key: str
    version: int


def read_selected(name: str) -> list[SelectedRow]:
    """Return the ticked rows.

    A control sends key and version as "key.version"; anything else is left out.
    """
    selected = []
    for text in request.form.getlist(name):
        key, _, version = text.partition(".")
        if key.isalnum() and version.isdecimal() and version.isascii() and len(version) < 10:
            selected.append(SelectedRow(key, int(version)))
    return selected
