"""The base of all fields: their block on the page and the required check."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from flask import current_app
from markupsafe import Markup, escape
from wtforms import Field
from wtforms.validators import StopValidation

from lab.web.typed.text import TextError, displayable, trim


def tag(name: str, attributes: dict[str, Any], content: str | None = None) -> Markup:
    """Return one HTML element; attributes that are None or False are left out.

    Written by hand because a page has a hundred controls: names are the code's own, values are
    escaped. `class_` stands for class, `data_x` and `aria_x` for data-x and aria-x.
    """
    parts = [name]
    for key, value in sorted(attributes.items()):
        if value is True:
            parts.append(_attribute(key))
        elif value is not None and value is not False:
            written = str(escape(value)).replace('"', "&#34;")  # Markup is not escaped again
            parts.append(f'{_attribute(key)}="{written}"')
    opening = f"<{' '.join(parts)}>"
    return Markup(opening if content is None else f"{opening}{escape(content)}</{name}>")


@cache
def _attribute(key: str) -> str:
    written = key.rstrip("_")
    return written.replace("_", "-") if written.startswith(("data_", "aria_")) else written


class Required:
    """Reject a blank field."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: PortalField) -> None:
        if field.is_blank():
            raise StopValidation(self.message)


class PortalField(Field):
    """A field that renders its label, mark, hint, control, errors and counter when called.

    `hint` is a help sentence, `unit` the text after the control, `required` adds the check;
    `needed` only marks the field, which may be saved blank and is checked at submission.
    """

    kind = "single"  # "group" draws a fieldset, "tick" a label behind the control
    verb = "填写"
    limit: int | None = None

    def __init__(
        self,
        label: str = "",
        validators: Iterable[Any] = (),
        *,
        hint: str = "",
        required: bool = False,
        needed: bool = False,
        unit: str = "",
        **kwargs: Any,
    ) -> None:
        checks: list[Any] = [Required(self.required_message(label))] if required else []
        super().__init__(label, [*checks, *validators], description=hint, **kwargs)
        self.required, self.needed, self.unit, self.hint = required, needed, unit, hint
        self.conversions: list[str] = []  # sentences: what was typed in another unit, and is now

    def required_message(self, label: str) -> str:
        """Return the message for a blank required field."""
        return f"请{self.verb}{label}。"

    @property
    def typed(self) -> list[str]:
        """The submitted values of this field, text only (files sent under its name are ignored)."""
        return [value for value in (self.raw_data or []) if isinstance(value, str)]

    def is_blank(self) -> bool:
        """Return whether nothing was submitted (or, before submission, nothing is stored)."""
        if self.raw_data is None:
            return self.data in (None, "", [])
        return not any(trim(value) for value in self.typed)

    def shown(self) -> str:
        """Return the text inside the control: the raw input, else the stored value."""
        if self.raw_data is not None and self.typed:
            return displayable(self.typed[0])
        return "" if self.data is None else self.format(self.data)

    def format(self, value: Any) -> str:
        """Return a stored value as it would be typed."""
        return str(value)

    def cell_text(self, value: Any) -> str:
        """Return a stored value as a spreadsheet cell that can be imported again."""
        return self.format(value)

    def display_text(self, value: Any) -> str:
        """Return a stored value as display text, "" for none."""
        return "" if value in (None, "") else self.format(value)

    def typed_display_text(self) -> str:
        """Return the control's content as display text, even when it is not a valid value."""
        return self.shown() if self.process_errors else self.display_text(self.data)

    def parse(self, text: str) -> Any:
        """Parse non-blank raw `text`; raise `TextError` when it is invalid."""
        return text

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the submitted value.

        An invalid one leaves None in `data` and the text in the control.
        """
        text = self.typed[0] if self.typed else ""
        self.data = None
        if trim(text):
            self.data = self.parse(text)

    def pre_validate(self, form: Any) -> None:
        """Skip further checks of a value that could not be parsed."""
        if self.process_errors:
            raise StopValidation()

    def error_line(self) -> str:
        """Return the errors as one line, where there is no room for a block."""
        return "".join(str(error) for error in self.errors)

    def block_errors(self) -> list[str]:
        """Return the errors that stand below the control."""
        return [str(error) for error in self.errors]

    def parts(self) -> list[str]:
        """Return the ids of the texts that describe the control, in reading order."""
        by_part: dict[str, Any] = {"hint": self.hint, "error": self.errors, "count": self.limit}
        if self.kind == "tick":
            by_part = {"error": self.errors, "hint": self.hint}
        return [f"{self.id}-{part}" for part, content in by_part.items() if content]

    def attributes(self, extra: dict[str, Any]) -> dict[str, Any]:
        """Return the control's attributes, those of the template last."""
        base: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "aria_describedby": " ".join(self.parts()) or None,
            "aria_invalid": "true" if self.errors else None,
            "aria_required": "true" if self.required and self.kind == "single" else None,
        }
        classes = [self.css_class(), *(["is-invalid"] if self.errors else [])]
        extra = {**(self.render_kw or {}), **extra}
        added = extra.pop("class_", extra.pop("class", ""))
        base["class_"] = " ".join([*classes, *([str(added)] if added else [])])
        return {**base, **extra}

    def autofocus(self) -> None:
        """Let the page open with the caret in this control."""
        self.render_kw = {**(self.render_kw or {}), "autofocus": True}

    def css_class(self) -> str:
        """Return the control's class."""
        return "form-control"

    def control(self, **extra: Any) -> Markup:
        """Return only the control, without label, hint or error."""
        return tag("input", {"type": "text", **self.attributes(extra), "value": self.shown()})

    def bare_control(self, **extra: Any) -> Markup:
        """Return the control for a table cell: without a block, so without describing texts."""
        return self.control(**{"aria_describedby": None, **extra})

    def __call__(self, **extra: Any) -> Markup:
        """Return the whole block; `extra` goes to the control."""
        template = current_app.jinja_env.get_template("components/field.html")
        return Markup(template.render(field=self, extra=extra))


def require_within(value: Any, low: Any, high: Any, show: Any) -> None:
    """Raise `TextError` unless low <= value <= high; `show` formats a bound."""
    if (low is None or value >= low) and (high is None or value <= high):
        return
    raise TextError(f"应在{show(low)}到{show(high)}之间。")


__all__ = ["PortalField", "Required", "TextError", "require_within", "tag"]
