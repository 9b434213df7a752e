"""Base classes of all forms: CSRF protection, Chinese messages, versions."""

from __future__ import annotations

from typing import Any

from flask import g, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF
from flask_wtf.form import _Auto, _is_submitted
from markupsafe import Markup, escape
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, ValidationError
from wtforms.widgets import HiddenInput

from lab.web.fields.number import IntegerField
from lab.web.fields.text import TextAreaField
from lab.web.messages import ChineseMessages
from lab.web.request.post_keys import post_key_control
from lab.web.request.resubmission import WRITER_FIELD

EXPIRED = "页面已过期。您填写的内容还在，请再提交一次；如仍不成功，请重新登录。"


class ChineseCSRF(_FlaskFormCSRF):  # type: ignore[misc]
    """Flask-WTF's check with one Chinese message for every failure."""

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        """Raise ValidationError with a Chinese message unless the token belongs to the session."""
        try:
            super().validate_csrf_token(form, field)
        except ValidationError:
            raise ValidationError(EXPIRED) from None


class Form(FlaskForm):  # type: ignore[misc]
    """Base of all forms: CSRF on, Chinese messages, an empty post counts as a post.

    `once`: it carries a random key, and a second post of it leads to the page of the first (see
    `lab.web.request.post_keys`).
    """

    once = True

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf_class = ChineseCSRF

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what was posted (fields and files), None when nothing was."""
            if formdata is not _Auto:
                return formdata
            return CombinedMultiDict((request.files, request.form)) if _is_submitted() else None

        def get_translations(self, form: Any) -> ChineseMessages:
            """Return the Chinese messages."""
            return ChineseMessages()

    def hidden_tag(self, *fields: Any) -> Markup:
        """Return the hidden fields and the writer, without ids: a page may have several forms."""
        hidden = [field for field in self if isinstance(field.widget, HiddenInput)]
        more = [post_key_control()] if self.once else []
        return Markup("").join([*(field(id=False) for field in hidden), *_writer_controls(), *more])

    def conversions(self) -> list[str]:
        """Return the sentences on figures that were typed in another unit and converted."""
        return [message for field in self for message in getattr(field, "conversions", ())]

    def field_of(self, name: str) -> str:
        """Return the name of the field that shows what a rule says about `name`."""
        return name


def _writer_controls() -> list[Markup]:
    """Return the controls with the writer, and the tab that this page answers."""
    if (person := g.get("person")) is None:
        return []
    pairs = [(WRITER_FIELD, person.key)]
    if request.method == "POST" and (tab := request.form.get("tab")):
        pairs.append(("tab", tab))
    control = Markup('<input name="{}" type="hidden" value="{}">')
    return [control.format(name, escape(value)) for name, value in pairs]


class VersionField(IntegerField):
    """A hidden field with the version of the row that the page shows."""

    widget = HiddenInput()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("版本", required=True, min=0, **kwargs)

    def required_message(self, label: str) -> str:
        return "页面不完整，请重新打开后再提交。"

    def _value(self) -> str:
        return self.shown()

    def __call__(self, **extra: Any) -> Markup:
        return Field.__call__(self, **extra)


class EditForm(Form):
    """A form that changes a row; the service compares `version` with the stored one.

    What it changes could be changed back meanwhile, so it is sent `once` only where it creates.
    """

    once = False
    version = VersionField()

    def is_incomplete(self) -> bool:
        """Return whether the page lacks what every save needs; only once it was validated."""
        return bool(self.version.errors)

    def first_errors(self) -> dict[str, str]:
        """Return field -> first message, for the script that saves while somebody types."""
        return {
            field.short_name: f"{field.label.text}：{field.errors[0]}"
            for field in self
            if field.errors and field.short_name != "csrf_token"
        }

    def rebase(self, version: int) -> None:
        """Make the next save count from `version`: the stored one, after a conflict was shown."""
        self.version.raw_data = None
        self.version.process_errors, self.version.errors = [], []
        self.version.data = version


class ButtonForm(Form):
    """A form without fields, for one-button posts."""


class ReasonForm(Form):
    """A form that asks only for the reason of an action."""

    reason = TextAreaField(label="理由", required=True, limit=500, rows=3)


def show_rejection(form: Form, error: Any) -> None:
    """Show a rejection (`message`, `field`) at its field, and its `others` at theirs.

    Without a field of that name it goes to the form's own errors, shown by the summary.
    """
    for each in (error, *error.others):
        name = form.field_of(each.field) if each.field else ""
        if name in form:
            field = form[name]
            field.errors = [*field.errors, each.message]
        else:
            form.form_errors = [*form.form_errors, each.message]
