"""Names in cells: the one thing that a spelling stands for, or why there is none. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lab.web.typed.text import normalise


@dataclass(frozen=True)
class NameIndex:
    """The accepted spellings of each value.

    `kind` is what they are (单位, 人员 …), `advice` how to write them.
    """

    kind: str
    values_by_name: Mapping[str, frozenset[str]]
    advice: str

    def has(self, typed: str) -> bool:
        """Return whether the name stands for anything."""
        return bool(self.values_by_name.get(name_key(typed)))

    def find(self, typed: str) -> tuple[str, str]:
        """Return (value, "") for an unambiguous name, else ("", message)."""
        matches = self.values_by_name.get(name_key(typed), frozenset())
        if len(matches) == 1:
            return next(iter(matches)), ""
        if matches:
            return "", f"“{typed}”对应{len(matches)}个{self.kind}，{self.advice}"
        return "", f"没有找到{self.kind}“{typed}”，{self.advice}"


def name_index(kind: str, pairs: Iterable[tuple[str, Iterable[str]]], advice: str) -> NameIndex:
    """Return the NameIndex of (value, its spellings)."""
    values_by_name: dict[str, set[str]] = {}
    for value, spellings in pairs:
        for spelling in spellings:
            values_by_name.setdefault(name_key(spelling), set()).add(value)
    return NameIndex(
        kind, {name: frozenset(values) for name, values in values_by_name.items()}, advice
    )


def name_key(name: str) -> str:
    """Return what of a name is compared: without blanks, in one kind of brackets and case."""
    plain = normalise(name).replace("(", "（").replace(")", "）")
    return re.sub(r"\s+", "", plain).casefold()
