"""Forms of the office's overview."""

from __future__ import annotations

from lab.web.fields import CheckboxListField
from lab.web.forms import Form


class RemindForm(Form):
    """The units to remind."""

    units = CheckboxListField(label="催办单位", required=True)
