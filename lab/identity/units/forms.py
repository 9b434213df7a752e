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
    """A new unit: `parent` is the id of the unit above, or a side for a unit at the top."""

    name = TextField("单位名称", required=True, limit=60)
    parent = SelectField("上级单位", required=True)

    @staticmethod
    def top_choices() -> list[tuple[str, str]]:
        """The choices for a unit without one above it."""
        return [(side, f"{SIDE_LABELS[side]}（没有上级单位）") for side in SIDES]


class UnitForm(EditForm):
    """A unit's name and whether it may be chosen."""

    name = TextField("单位名称", required=True, limit=60)
    active = CheckboxField("使用中", hint="不再勾选后，新建人员和申报时不能选择此单位。")
