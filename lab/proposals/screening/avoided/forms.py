"""The fields in which the office says who each of the people to avoid is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lab.identity.core.people_search import people_for
from lab.proposals.rules.screening.avoidance import FIELD_PREFIX, NOBODY, AvoidedEntry
from lab.web.fields import PersonField, RadioField
from lab.web.forms import EditForm

OTHER_SUFFIX = "_other"  # the control for a person who is not among the candidates
NOBODY_VALUE = "0"


class AvoidedFields:
    """Reads the fields of `avoided_fields`: candidates to choose from, and another person."""

    avoided: Sequence[AvoidedEntry] = ()

    def avoided_rows(self: Any) -> Iterator[tuple[AvoidedEntry, Any, Any]]:
        """Iterate over (entry, radio group of candidates, control for another person)."""
        for entry in self.avoided:
            name = f"{FIELD_PREFIX}{entry.id}"
            yield entry, self[name], self[name + OTHER_SUFFIX]

    def matches(self) -> dict[int, int | None]:
        """Return entry -> person, None for nobody of that name; without what was not chosen."""
        matches: dict[int, int | None] = {}
        for entry, group, other in self.avoided_rows():
            if other.data or group.data:
                matches[entry.id] = other.data or int(group.data) or None
        return matches

    def offer_people(self) -> None:
        """Read the names of others who were typed, with one query where there are any."""
        others = [other for _, _, other in self.avoided_rows()]
        names = [name for other in others for name in other.names()]
        people = people_for(names, []) if names else []
        for other in others:
            other.offer(people)


class CorrectionForm(AvoidedFields, EditForm):
    """Who each entry means, after the check; fields are added by `correction_form`."""

    def stored_values(self) -> dict[str, Any]:
        """Return what is stored by field, for the conflict page."""
        return {group.short_name: group.default for _, group, _ in self.avoided_rows()}


def avoided_fields(entries: Iterable[AvoidedEntry]) -> dict[str, Any]:
    """Return two fields for each entry, by name."""
    fields: dict[str, Any] = {}
    for entry in entries:
        name, matched = f"{FIELD_PREFIX}{entry.id}", None
        if entry.is_matched:
            matched = str(entry.person_id or NOBODY_VALUE)
        choices = [(str(person.id), person.label) for person in entry.candidates]
        fields[name] = RadioField(
            f"拟回避：{entry.label}", choices=[*choices, (NOBODY_VALUE, NOBODY)], default=matched
        )
        fields[name + OTHER_SUFFIX] = PersonField(f"拟回避：{entry.label}，其他人员")
    return fields


def correction_form(entries: Sequence[AvoidedEntry], version: int) -> CorrectionForm:
    """Return the form for these entries; `version` is the proposal's."""
    fields = {"avoided": entries, **avoided_fields(entries)}
    form: CorrectionForm = type("ProposalCorrectionForm", (CorrectionForm,), fields)(
        data={"version": version}
    )
    form.offer_people()
    return form
