"""The form of an export: which columns, which kind of file."""

from __future__ import annotations

from lab.web.fields import CheckboxListField, RadioField
from lab.web.forms import Form
from lab.web.spreadsheets.writing import KINDS


class ExportForm(Form):
    """Columns and kind of file; the filters of the list travel beside it."""

    columns = CheckboxListField("栏目", required=True)
    kind = RadioField("文件类型", choices=list(KINDS.items()), default="xlsx", required=True)
