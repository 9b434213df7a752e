"""The fields in which the office says who each of the people to avoid is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from wtforms import ValidationError

from lab.identity.core.people_search import people_for
from lab.proposals.rules.screening.avoidance import NOBODY, AvoidedEntry
from lab.web.fields import PersonField, RadioField
from lab.web.fields.choice import Option
from lab.web.forms import EditForm

OTHER_SUFFIX = "_other"  # the control for a person who is not among the candidates
NOBODY_VALUE = "0"
TYPED_VALUE = "typed"
TYPED = "以输入的人员为准"
NOT_TYPED = "请输入人员，或改选其他一项。"
CONTRADICTION = "选了“{}”，又输入了“{}”，请只留其一：清空输入框，或选“{}”。"


class MatchField(RadioField):
    """The candidates, nobody, and last whoever is typed beside it.

    The last is offered only once it was chosen, or another choice and a typed person were given.
    """

    is_contradicted = False

    def options(self, extra: dict[str, Any]) -> list[Option]:
        """Return the choices with their controls, in order."""
        options = super().options(extra)
        return options if self.is_contradicted or self.data == TYPED_VALUE else options[:-1]


def _instead_of_a_candidate(form: Any, other: Any) -> None:
    """Reject a person typed beside another choice, and the choice of a typed person without one."""
    group = form[other.short_name.removesuffix(OTHER_SUFFIX)]
    if group.data == TYPED_VALUE and not other.data:
        raise ValidationError(NOT_TYPED)
    if not other.data or group.data in (None, "", TYPED_VALUE, str(other.data)):
        return
    group.is_contradicted = True
    chosen, typed = group.display_text(group.data), other.display_text(other.data)
    raise ValidationError(CONTRADICTION.format(chosen, typed, TYPED))


class AvoidedFields:
    """Reads the fields of `avoided_fields`: candidates to choose from, and another person."""

    avoided: Sequence[AvoidedEntry] = ()

    def avoided_rows(self: Any) -> Iterator[tuple[AvoidedEntry, Any, Any]]:
        """Iterate over (entry, radio group of candidates, control for another person)."""
        for entry in self.avoided:
            yield entry, self[entry.field], self[entry.field + OTHER_SUFFIX]

    def matches(self) -> dict[int, int | None]:
        """Return entry -> person, None for nobody of that name; without what was not chosen."""
        matches: dict[int, int | None] = {}
        for entry, group, other in self.avoided_rows():
            if other.data:
                matches[entry.id] = other.data
            elif group.data and group.data != TYPED_VALUE:
                matches[entry.id] = int(group.data) or None
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
        stored: dict[str, Any] = {}
        for _, group, other in self.avoided_rows():
            stored |= {group.short_name: group.default, other.short_name: None}
        return stored


def avoided_fields(entries: Iterable[AvoidedEntry]) -> dict[str, Any]:
    """Return two fields for each entry, by name."""
    fields: dict[str, Any] = {}
    for entry in entries:
        matched = str(entry.person_id or NOBODY_VALUE) if entry.is_matched else None
        choices = [(str(person.id), person.label) for person in entry.candidates]
        choices += [(NOBODY_VALUE, NOBODY), (TYPED_VALUE, TYPED)]
        fields[entry.field] = MatchField(f"拟回避：{entry.label}", choices=choices, default=matched)
        fields[entry.field + OTHER_SUFFIX] = PersonField(
            f"拟回避：{entry.label}，其他人员", [_instead_of_a_candidate]
        )
    return fields


def correction_form(entries: Sequence[AvoidedEntry], version: int) -> CorrectionForm:
    """Return the form for these entries; `version` is the proposal's."""
    fields = {"avoided": entries, **avoided_fields(entries)}
    form: CorrectionForm = type("ProposalCorrectionForm", (CorrectionForm,), fields)(
        data={"version": version}
    )
    form.offer_people()
    return form
