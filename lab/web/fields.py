"""The fields that forms of the portal are made of; see docs/ui.md for their arguments."""

from __future__ import annotations

from lab.web.field_base import PortalField
from lab.web.field_choice import CheckboxField, CheckboxListField, RadioField, SelectField
from lab.web.field_files import FileListField
from lab.web.field_number import (
    DateField,
    DateTimeField,
    DecimalField,
    IntegerField,
    YuanField,
)
from lab.web.field_text import HiddenText, PasswordField, RichTextField, TextAreaField, TextField

__all__ = [
    "CheckboxField",
    "CheckboxListField",
    "DateField",
    "DateTimeField",
    "DecimalField",
    "FileListField",
    "HiddenText",
    "IntegerField",
    "PasswordField",
    "PortalField",
    "RadioField",
    "RichTextField",
    "SelectField",
    "TextAreaField",
    "TextField",
    "YuanField",
]
