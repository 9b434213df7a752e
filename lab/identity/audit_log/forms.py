"""The filter of the audit log."""

from __future__ import annotations

from lab.web.fields import DateField, SelectField, TextField
from lab.web.forms import Form


class FilterForm(Form):
    """Filters the log; sent by GET, so it carries no token."""

    class Meta(Form.Meta):
        csrf = False

    actor = TextField("人员", limit=60)
    action = SelectField("事项", blank="全部")
    object_key = TextField("对象标识", limit=64)
    first = DateField("起始日期")
    last = DateField("截止日期")
