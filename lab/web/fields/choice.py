"""Choice fields: one of a list, one of a few, yes or no, several of a few."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from lab.web.fields.base import PortalField, tag

Choices = Iterable[tuple[Any, str]]
NOT_IN_LIST = "所选项不在列表中，请重新选择。"


@dataclass(frozen=True)
class Option:
    """One choice as rendered: control and label."""

    id: str
    label: str
    control: Markup


class ChoiceField(PortalField):
    """Base of the choice fields: `choices` are (value, label) pairs, `coerce` parses a value."""

    verb = "选择"

    def __init__(
        self,
        label: str = "",
        *args: Any,
        choices: Choices = (),
        coerce: Callable[[str], Any] = str,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, *args, **kwargs)
        self.choices: Choices = list(choices)
        self.coerce = coerce

    def parse_choice(self, text: str) -> Any:
        """Return the choice submitted as `text`; raise ValueError when it is not offered."""
        for value, _ in self.choices:
            if self.choice_text(value) == text:
                return value if self.coerce is str else self.coerce(text)
        raise ValueError(NOT_IN_LIST)

    @staticmethod
    def choice_text(value: Any) -> str:
        """Return the text that represents a choice in the page."""
        return str(getattr(value, "value", value))

    def display_text(self, value: Any) -> str:
        """Return the labels of the chosen values."""
        stored = value if isinstance(value, list | tuple | set) else [value]
        selected = {self.choice_text(item) for item in stored if item is not None}
        return "、".join(
            label for item, label in self.choices if self.choice_text(item) in selected
        )

    def selected(self) -> set[str]:
        """Return the texts of the selected choices."""
        if self.raw_data is not None:
            return set(self.typed)
        stored = self.data if isinstance(self.data, list | tuple | set) else [self.data]
        return {self.choice_text(value) for value in stored if value is not None}

    def parse(self, text: str) -> Any:
        return self.parse_choice(text)

    def pre_validate(self, form: Any) -> None:
        """Report when choices set after parsing no longer contain the submitted one."""
        if self.process_errors == [NOT_IN_LIST]:
            self.reread()
        super().pre_validate(form)

    def reread(self) -> None:
        """Parse the submitted value again: views may set `choices` after creating the form."""
        try:
            self.process_formdata(list(self.raw_data or []))
        except ValueError:
            return
        self.process_errors = []
        self.errors = []


class SelectField(ChoiceField):
    """One of a list; `blank` is the text of the empty choice, "" omits it."""

    def __init__(self, label: str = "", *args: Any, blank: str = "请选择", **kwargs: Any) -> None:
        super().__init__(label, *args, **kwargs)
        self.blank = blank

    def css_class(self) -> str:
        return "form-select"

    def option_attributes(self, _label: str) -> dict[str, Any]:
        """Return further attributes of the option with this label."""
        return {}

    def control(self, **extra: Any) -> Markup:
        selected = self.selected()
        offered: list[tuple[Any, str]] = [("", self.blank)] if self.blank else []
        options = Markup().join(
            tag(
                "option",
                {"value": text, "selected": text in selected, **self.option_attributes(label)},
                label,
            )
            for text, label in ((self.choice_text(v), lab) for v, lab in [*offered, *self.choices])
        )
        return tag("select", self.attributes(extra)) + options + Markup("</select>")


class RadioField(ChoiceField):
    """One of a few, all visible; rendered as a fieldset with a legend."""

    kind = "group"
    input_type = "radio"

    def css_class(self) -> str:
        return "form-check-input"

    def options(self, extra: dict[str, Any]) -> list[Option]:
        """Return the choices with their controls, in order."""
        selected, shared = self.selected(), {**self.attributes(extra), "aria_describedby": None}
        return [
            self._option(f"{self.id}-{index}", self.choice_text(value), label, selected, shared)
            for index, (value, label) in enumerate(self.choices)
        ]

    def _option(
        self, id: str, text: str, label: str, selected: set[str], shared: dict[str, Any]
    ) -> Option:
        own = {"id": id, "type": self.input_type, "value": text, "checked": text in selected}
        return Option(id, label, tag("input", {**shared, **own}))

    def control(self, **extra: Any) -> Markup:
        """Return the controls with their labels, without fieldset, hint or error."""
        labels = (
            f'<label class="form-check" for="{escape(option.id)}">'
            f"{option.control}<span>{escape(option.label)}</span></label>"
            for option in self.options(extra)
        )
        return Markup("".join(labels))


class CheckboxListField(RadioField):
    """A multiple choice of a few; `data` is a list, empty when nothing is ticked."""

    input_type = "checkbox"

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = []
        self.data = [self.parse_choice(text) for text in dict.fromkeys(self.typed)]


class CheckboxField(PortalField):
    """Yes or no; `data` is a bool. With `required` it must be ticked."""

    kind = "tick"

    def required_message(self, label: str) -> str:
        return f"请勾选“{label}”。"

    def display_text(self, value: Any) -> str:
        return "是" if value else "否"

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = bool(self.typed)

    def is_blank(self) -> bool:
        return not self.data

    def css_class(self) -> str:
        return "form-check-input"

    def control(self, **extra: Any) -> Markup:
        own = {"type": "checkbox", "value": "1", "checked": bool(self.data)}
        return tag("input", {**self.attributes(extra), **own})
