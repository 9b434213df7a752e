"""Names in cells: the one thing that a spelling stands for, or why there is none. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lab.web.typed.people import without_mark
from lab.web.typed.text import normalise


@dataclass(frozen=True)
class NameIndex:
    """The accepted spellings of each value.

    `kind` is what they are (单位, 人员 …), `advice` how to write them.
    """

    kind: str
    values_by_name: Mapping[str, frozenset[str]]
    advice: str
    values_without_mark: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def has(self, typed: str) -> bool:
        """Return whether the name stands for anything."""
        return bool(self.values_by_name.get(name_key(typed)) or self._without_mark(typed))

    def _without_mark(self, typed: str) -> frozenset[str]:
        """Return what a name stands for whose mark of invented data was left out."""
        return self.values_without_mark.get(name_key(without_mark(typed)), frozenset())

    def find(self, typed: str) -> tuple[str, str]:
        """Return (value, "") for an unambiguous name, else ("", message)."""
        matches = self.values_by_name.get(name_key(typed)) or self._without_mark(typed)
        if len(matches) == 1:
            return next(iter(matches)), ""
        if matches:
            return "", f"“{typed}”对应{len(matches)}个{self.kind}，{self.advice}"
        return "", f"没有找到{self.kind}“{typed}”，{self.advice}"


def name_index(kind: str, pairs: Iterable[tuple[str, Iterable[str]]], advice: str) -> NameIndex:
    """Return the NameIndex of (value, its spellings)."""
    values_by_name: dict[str, set[str]] = {}
    unmarked: dict[str, set[str]] = {}
    for value, spellings in pairs:
        for spelling in spellings:
            values_by_name.setdefault(name_key(spelling), set()).add(value)
            if (plain := without_mark(spelling)) != spelling:
                unmarked.setdefault(name_key(plain), set()).add(value)
    return NameIndex(kind, _frozen(values_by_name), advice, _frozen(unmarked))


def _frozen(values_by_name: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(values) for name, values in values_by_name.items()}


def name_key(name: str) -> str:
    """Return what of a name is compared: without blanks, in one kind of brackets and case."""
    plain = normalise(name).replace("(", "（").replace(")", "）")
    return re.sub(r"\s+", "", plain).casefold()
