"""The field types of the portal's forms; see docs/ui.md for their arguments."""

from __future__ import annotations

from lab.web.fields.base import PortalField
from lab.web.fields.choice import CheckboxField, CheckboxListField, RadioField, SelectField
from lab.web.fields.files import FileListField
from lab.web.fields.number import DateField, DateTimeField, DecimalField, IntegerField, YuanField
from lab.web.fields.person import NamedPersonField, PersonField, PersonRowForm
from lab.web.fields.text import HiddenText, PasswordField, RichTextField, TextAreaField, TextField

__all__ = [
    "CheckboxField",
    "CheckboxListField",
    "DateField",
    "DateTimeField",
    "DecimalField",
    "FileListField",
    "HiddenText",
    "IntegerField",
    "NamedPersonField",
    "PasswordField",
    "PersonField",
    "PersonRowForm",
    "PortalField",
    "RadioField",
    "RichTextField",
    "SelectField",
    "TextAreaField",
    "TextField",
    "YuanField",
]
