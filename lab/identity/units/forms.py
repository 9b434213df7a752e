"""Forms of units."""

from __future__ import annotations

from lab.identity.models.account import SIDE_LABELS, SIDES
from lab.web.fields import (
    CheckboxField,
    SelectField,
    TextField,
)
from lab.web.forms import EditForm, Form


class NewUnitForm(Form):
    """A new unit; `parent` is the id of its parent, or a side for a top-level unit."""

    name = TextField("单位名称", required=True, limit=60)
    parent = SelectField("上级单位", required=True)

    @staticmethod
    def top_choices() -> list[tuple[str, str]]:
        """Return the choices for a unit without a parent."""
        return [(side, f"{SIDE_LABELS[side]}（没有上级单位）") for side in SIDES]


class UnitForm(EditForm):
    """A unit's name and whether it may be selected."""

    name = TextField("单位名称", required=True, limit=60)
    active = CheckboxField("使用中", hint="不再勾选后，新建人员和申报时不能选择此单位。")
