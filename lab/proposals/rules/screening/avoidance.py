"""Whom an applicant wants to avoid, and whom the office may mean by it. Pure.

Office rule: the applicant types name and unit and learns nothing of the person; the formality check
matches each entry with a person or finds that there is nobody of that name, and passes a proposal
only when every entry is matched. The rules of recusal read the match, which the office can correct
until review ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lab.web.typed.people import KnownPerson, person_key, without_brackets

NOBODY = "查无此人"
OWN_NAME = "拟回避的人员与您同名，您又担任评委，不能由您核对。请由其他经办人办理形式审查。"
TOO_LATE = "评审已经结束，拟回避人员的核对结果不能再更正。"
UNCHANGED = "核对结果与现在相同，没有更正。请选择实际的人员，或输入其他人员。"
FIELD_PREFIX = "avoid_"  # an entry's field of the check is called by its id and this


@dataclass(frozen=True)
class AvoidedEntry:
    """An entry as the check shows it: what was typed, and who may be meant, the likeliest first.

    `is_matched` with `person_id` None: there is nobody of that name.
    """

    id: int
    name: str
    unit: str
    reason: str
    is_matched: bool = False
    person_id: int | None = None
    candidates: tuple[KnownPerson, ...] = ()

    @property
    def field(self) -> str:
        """The field in which the office says who is meant."""
        return f"{FIELD_PREFIX}{self.id}"

    @property
    def label(self) -> str:
        """Name and unit: 赵六（东城支行）."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name


def likeliest_first(name: str, unit: str, people: Iterable[KnownPerson]) -> tuple[KnownPerson, ...]:
    """Return the people with those of the same name and unit first, then of the same name."""
    return tuple(sorted(people, key=lambda person: _distance(person, name, unit)))


def is_called(person_name: str, typed: str) -> bool:
    """Return whether the typed name is the person's; 李明 may mean 李明（大）, too."""
    return person_key(typed) in (person_key(person_name), person_key(without_brackets(person_name)))


def _distance(person: KnownPerson, name: str, unit: str) -> tuple[bool, bool]:
    typed, own = person_key(unit), person_key(person.unit)
    is_unit = bool(typed) and (typed in own or own in typed)
    return person_key(person.name) != person_key(name), not is_unit


def unmatched(
    entries: Iterable[AvoidedEntry], matches: Mapping[int, int | None]
) -> list[AvoidedEntry]:
    """Return the entries that neither an earlier check nor `matches` (by id) settles."""
    return [entry for entry in entries if not entry.is_matched and entry.id not in matches]


def may_mean(
    entries: Iterable[AvoidedEntry], matches: Mapping[int, int | None], person_id: int
) -> bool:
    """Return whether an entry has this person's name, or is matched with this person."""
    return person_id in matches.values() or any(
        person.id == person_id
        and (entry.person_id == person_id or is_called(person.name, entry.name))
        for entry in entries
        for person in entry.candidates
    )


def unmatched_message(entry: AvoidedEntry) -> str:
    """Return what to do before the proposal can pass."""
    return f"请核对{entry.label}是哪一位：选择人员，或选“{NOBODY}”，然后才能办理合格。"
