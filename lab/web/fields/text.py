"""Text fields: one line, several lines, a password."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from markupsafe import Markup
from wtforms import Field
from wtforms.widgets import HiddenInput

from lab.web.fields.base import PortalField, tag
from lab.web.rich import render_rich_text
from lab.web.typed.text import clean_text, count_characters, in_one_line, without_refused

NEARLY = 0.8  # of its limit; static/js/forms.js has the same


class TextField(PortalField):
    """One line of text; `data` is trimmed NFC text, "" when blank.

    `limit` counts characters (code points). With a refused character, `data` holds the text without
    it, so that a draft can still be saved, while the page shows the raw input.
    """

    multiline = False

    def __init__(self, label: str = "", *args: Any, limit: int | None = 200, **kwargs: Any) -> None:
        super().__init__(label, *args, **kwargs)
        self.limit = limit

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not self.typed:  # left out of the post
            self.data = self.data or ""
            return
        text = self.typed[0]
        self.data = without_refused(text)
        self.data = clean_text(text, limit=self.limit, multiline=self.multiline)

    def shown(self) -> str:
        """Return the text inside the control; a browser joins lines in one without a blank."""
        return super().shown() if self.multiline else in_one_line(super().shown())

    def used(self) -> int:
        """Return how many characters of the limit are used."""
        return count_characters(self.shown())

    def is_nearly_full(self) -> bool:
        """Tell whether so much of the limit is used that a line's counter is worth showing."""
        return self.limit is not None and self.used() >= self.limit * NEARLY

    def attributes(self, extra: dict[str, Any]) -> dict[str, Any]:
        counted = {"data_limit": self.limit} if self.limit else {}
        return super().attributes({**counted, **extra})


class TextAreaField(TextField):
    """Several lines of text separated by line feeds; otherwise like `TextField`."""

    multiline = True

    def __init__(
        self, label: str = "", *args: Any, limit: int | None = 2000, rows: int = 4, **kwargs: Any
    ) -> None:
        super().__init__(label, *args, limit=limit, **kwargs)
        self.rows = rows

    def control(self, **extra: Any) -> Markup:
        # The parser drops one line feed after the opening tag; this one is given up for it.
        content = "\n" + self.shown()
        return tag("textarea", {"rows": self.rows, **self.attributes(extra)}, content)


class RichTextField(TextAreaField):
    """Several lines of light Markdown (see `lab.web.rich`) with a toolbar and a preview.

    The button 预览 sends the whole form with `preview=<name>`; the view answers with the same page
    and all input. Scripts fetch that answer and show only the preview.
    """

    def control(self, **extra: Any) -> Markup:
        template = current_app.jinja_env.get_template("components/rich.html")
        area = super().control(**extra)
        return Markup(template.render(field=self, area=area, preview=self.previewed()))

    def bare_control(self, **extra: Any) -> Markup:
        return super().control(**{"aria_describedby": None, **extra})

    def display_text(self, value: Any) -> str:
        """Return the text as it is shown, for the comparison of two people's."""
        html = Markup('<div class="rich-text">{}</div>')
        return html.format(render_rich_text(value)) if value else ""

    def previewed(self) -> Markup | None:
        """Return the rendered input when this page was requested as its preview."""
        return render_rich_text(self.data) if asked_preview() == self.name else None


def asked_preview() -> str:
    """Return the name of the field whose preview was requested, "" when the form is to be saved."""
    return request.form.get("preview", "") if request.method == "POST" else ""


class HiddenText(TextField):
    """A short text carried by the page."""

    widget = HiddenInput()

    def _value(self) -> str:
        return self.shown()

    def __call__(self, **extra: Any) -> Markup:
        return Field.__call__(self, **extra)


class PasswordField(PortalField):
    """A password: kept exactly as typed, never rendered into the page.

    At most `limit` characters, so that nobody makes the server hash a novel.
    """

    def __init__(
        self,
        label: str = "",
        *args: Any,
        limit: int = 128,
        autocomplete: str = "current-password",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, *args, **kwargs)
        self.longest, self.autocomplete = limit, autocomplete

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = self.typed[0] if self.typed else ""
        if len(self.data) > self.longest:
            raise ValueError(f"最多{self.longest}个字符。")

    def is_blank(self) -> bool:
        return not self.data

    def control(self, **extra: Any) -> Markup:
        own = {"type": "password", "autocomplete": self.autocomplete}
        return tag("input", {**own, **self.attributes(extra)})
