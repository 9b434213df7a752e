"""A person, found while the name is typed. Works without scripts: the name is typed in full.

The control holds a text, 张伟 or 张伟（朝阳支行）; static/js/people offers whom it may mean.
`people` are whoever the texts of the form can mean; the view sets them by `offer`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup
from wtforms.validators import ValidationError

from lab.web.fields.base import PortalField, tag
from lab.web.fields.row_form import RowForm
from lab.web.typed.people import (
    KnownPerson,
    matching_people,
    person_key,
    person_readings,
    split_person,
    the_one,
)
from lab.web.typed.text import TextError, clean_text, in_one_line

SEARCH = "people.search"  # the address that answers the script
LIMIT = 120  # characters: a name of 40, the unit of 60, the duty that tells two people apart


class PersonField(PortalField):
    """One of the people with accounts; `data` is the id.

    `unit_from` names the choice of a unit whose people alone are offered. A number stands for the
    person with this id: forms of earlier releases sent one.
    """

    verb = "填写"

    def __init__(self, label: str = "", *args: Any, unit_from: str = "", **kwargs: Any) -> None:
        super().__init__(label, *args, **kwargs)
        self.unit_from = unit_from
        self.people: dict[int, KnownPerson] = {}

    def names(self) -> list[str]:
        """Return the names that the submitted text may say; [] without one."""
        readings = (reading for text in self.typed[:1] for reading in person_readings(text))
        return [name for name, _ in readings if name]

    def ids(self) -> list[int]:
        """Return the id that is stored."""
        return [self.data] if isinstance(self.data, int) else []

    def sent_ids(self) -> list[int]:
        """Return the id that was submitted; whoever it names may be chosen as if by name."""
        return [int(text) for text in self.typed[:1] if text.isdecimal() and len(text) < 10]

    def offer(self, people: Iterable[KnownPerson], unit: str = "") -> None:
        """Set whom the text can mean and read it again; `unit` is typed or chosen beside it."""
        self.people = {person.id: person for person in people}
        if self.raw_data is None:
            return
        self.process_errors, self.errors = [], []
        try:
            self.data = self.find(self.typed[0], unit) if not self.is_blank() else None
        except TextError as error:
            self.data = None
            self.process_errors = [str(error)]

    def find(self, text: str, unit: str = "") -> Any:
        """Return what the submitted text means. Raises TextError for nobody and for several."""
        if text.isdecimal() and int(text) in self.people:
            return int(text)
        person = self.meant(clean_text(text, limit=LIMIT), unit)
        if person is None:
            raise TextError(self.nobody_message(text))
        return person.id

    def meant(self, text: str, unit: str) -> KnownPerson | None:
        """Return whom the text means, of `unit` before others. Raises TextError for several."""
        people = [*self.people.values()]
        for name, own_unit in person_readings(text):
            person = the_one(people, name, own_unit or unit) or the_one(people, name, own_unit)
            if person is not None:
                return person
        return None

    def nobody_message(self, text: str) -> str:
        """Return what to do about a text that means nobody."""
        return f"没有找到“{text.strip()}”。请输入姓名、拼音或单位，从列表中选择。"

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Leave the submitted text to `offer`."""
        self.data = None

    def person(self) -> KnownPerson | None:
        """Return the person whose id this is, None without one or before `offer`."""
        return self.people.get(self.data) if isinstance(self.data, int) else None

    def shown(self) -> str:
        if self.raw_data is not None and self.typed and not self.typed[0].isdecimal():
            return in_one_line(super().shown())
        return self.format(self.data) if self.data is not None else super().shown()

    def format(self, value: Any) -> str:
        """Return the label of a person, or a name without an account."""
        person = self.people.get(value)
        return person.label if person else str(value)

    def control(self, **extra: Any) -> Markup:
        own = {
            "type": "text",
            "autocomplete": "off",
            "data_person": url_for(SEARCH),
            "data_people_of": self.unit_from or None,
            "data_limit": LIMIT,
        }
        control = tag("input", {**own, **self.attributes(extra), "value": self.shown()})
        return Markup('<span class="person-box">{}</span>').format(control)


class NamedPersonField(PersonField):
    """One of the people, or somebody without an account; then `data` is the name as typed.

    It stands in a row beside a field `unit`, in which the unit is typed.
    """

    def format(self, value: Any) -> str:
        """Return the name alone: the unit stands beside it."""
        person = self.people.get(value)
        return (person.label if person.apart else person.name) if person else str(value)

    def find(self, text: str, unit: str = "") -> Any:
        if text.isdecimal() and int(text) in self.people:
            return int(text)
        text = clean_text(text, limit=LIMIT)
        if person := self.meant(text, unit):
            return person.id
        name, own_unit = split_person(text)
        if not (own_unit or unit):
            raise TextError(self.nobody_message(text))
        if unit and person_key(unit) != person_key(own_unit):
            name = text  # the unit stands beside it: these brackets are part of the name
        return clean_text(name, limit=40)

    def meant(self, text: str, unit: str) -> KnownPerson | None:
        """Return whom text and unit mean together: somebody of another unit is somebody else."""
        people = [*self.people.values()]
        for name, own_unit in person_readings(text):
            if person := the_one(people, name, own_unit or unit):
                return person
        return None

    def nobody_message(self, text: str) -> str:
        return f"没有找到“{text.strip()}”。没有账号的成员请同时填写单位。"


class PersonRowForm(RowForm):
    """Base of the rows that name a person in `person_id` and the unit in `unit`."""

    _unit_of_name = ""  # shown as the unit until it is known whom the name means

    def offer(self, people: Sequence[KnownPerson]) -> None:
        """Set whom the row's texts can mean.

        An empty unit becomes the one of the account, or the one typed behind the name.
        """
        person: Any = self["person_id"]
        unit: Any = self["unit"]
        said = "" if self._unit_of_name else unit.shown()
        person.offer(people, said)
        if said:
            return
        found = person.person()
        if found is None and isinstance(person.data, str):
            self._unit_of_name = split_person(person.shown())[1]
        if own := found.unit if found else self._unit_of_name:
            unit.raw_data, unit.data = None, own

    def validate_unit(self, field: Any) -> None:
        """Refuse a unit that is not the one of the account which the name means."""
        person: Any = self["person_id"]
        found: KnownPerson | None = person.person()
        if not (found and field.data):
            return
        said = person_key(field.data)
        if not (said and matching_people([found], found.name, said)):
            raise ValidationError(f"{found.label}不在此单位，请改正姓名或单位。")

    def texts(self, values: Mapping[str, Any]) -> list[str]:
        person: Any = self["person_id"]
        return self._with_label(super().texts(values), person.people.get(values.get("person_id")))

    def typed_texts(self) -> list[str]:
        person: Any = self["person_id"]
        return self._with_label(super().typed_texts(), person.person())

    def _with_label(self, texts: list[str], person: KnownPerson | None) -> list[str]:
        """Return the texts with name and unit of an account in one: 张伟（朝阳支行）."""
        if person is None:
            return texts
        own = {"person_id": person.label, "unit": ""}
        return [
            own.get(cell.short_name, text) for cell, text in zip(self.cells(), texts, strict=True)
        ]
