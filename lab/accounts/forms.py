"""Forms of account actions that need a release."""

from __future__ import annotations

from lab.identity.people.forms import SignInNameField
from lab.policy import ADMIN_ROLES, BUSINESS_ROLES, ROLE_LABELS
from lab.releases.requests.forms import REASON_LIMIT, RequestForm
from lab.web.fields import CheckboxListField, SelectField, TextAreaField, TextField
from lab.web.forms import EditForm


class UnitForm(RequestForm):
    """Choose another unit for a reviewer."""

    unit = SelectField("新单位", required=True)


class AdminForm(SignInNameField, RequestForm):
    """A new administrator's account."""

    kind = SelectField(
        "账号类别",
        required=True,
        choices=[(kind, ROLE_LABELS[kind]) for kind in ADMIN_ROLES],
        blank="",
    )
    name = TextField("姓名", required=True, limit=40)


class RolesForm(EditForm):
    """Edits the business roles of a person."""

    roles = CheckboxListField("业务角色", choices=[(r, ROLE_LABELS[r]) for r in BUSINESS_ROLES])
    reason = TextAreaField(
        "申请理由",
        limit=REASON_LIMIT,
        rows=3,
        hint="增加申报人以外的角色时必填，复核人和本人都能看到。减少角色时不用填。",
    )
