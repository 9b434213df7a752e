"""Forms of extensions and late-entry codes."""

from __future__ import annotations

from lab.calls.rules.late_codes import LONGEST_WORKING_DAYS
from lab.web.fields import DateField, DateTimeField, SelectField, TextAreaField
from lab.web.forms import EditForm, Form

REASON_LIMIT = 500


class ExtendForm(EditForm):
    """An extension for all units, or for one."""

    once = True

    unit_id = SelectField("延期范围", coerce=int, blank="全部单位")
    closes_at = DateTimeField("新的截止时间", required=True, hint="北京时间。只能延后，不能提前。")
    reason = TextAreaField(
        "延期理由", required=True, limit=REASON_LIMIT, rows=3, hint="有关申报人会看到。"
    )


class CodeForm(Form):
    """A one-time code for a unit."""

    unit_id = SelectField("单位", required=True, coerce=int)
    expires_on = DateField(
        "有效期至",
        required=True,
        hint=f"当天24:00前有效，最长{LONGEST_WORKING_DAYS}个工作日。",
    )
    reason = TextAreaField(
        "补报理由", required=True, limit=REASON_LIMIT, rows=3, hint="形式审查时可以看到。"
    )
