"""The form by which a one-time code is redeemed."""

from __future__ import annotations

from lab.web.fields import SelectField, TextField
from lab.web.forms import Form


class LateForm(Form):
    """Takes a one-time code, and the draft it is redeemed for."""

    code = TextField(
        "补报码", required=True, limit=40, hint="由实施办公室告知，如：ABCD-EFGH-JKMN。"
    )
    proposal = SelectField("用于", blank="新建一份申报书")
