"""The export form: columns and file kind."""

from __future__ import annotations

from lab.web.fields import CheckboxListField, RadioField
from lab.web.forms import Form
from lab.web.spreadsheets.writing import KINDS


class ExportForm(Form):
    """Columns and file kind; the list's filters are passed along separately."""

    columns = CheckboxListField("栏目", required=True)
    kind = RadioField("文件类型", choices=list(KINDS.items()), default="xlsx", required=True)
