"""Forms of scenarios and merchants."""

from __future__ import annotations

from lab.catalogue.projects import SCENARIO_TYPES
from lab.scenarios.models import CHANNELS
from lab.scenarios.rules import funnel
from lab.web.fields import (
    CheckboxField,
    DateField,
    IntegerField,
    SelectField,
    TextAreaField,
    TextField,
)
from lab.web.forms import EditForm


class ScenarioForm(EditForm):
    """A scenario; `version` is 0 for a new one."""

    once = True

    name = TextField(label="场景名称", required=True, limit=60)
    kind = SelectField(label="场景类型", choices=list(SCENARIO_TYPES.items()))
    channel = SelectField(label="渠道", choices=list(CHANNELS.items()))
    place = TextField(label="地点", limit=100)
    is_benchmark = CheckboxField(label="标杆场景")
    note = TextAreaField(label="说明", limit=300, rows=3)


class MerchantForm(EditForm):
    """A merchant; `version` is 0 for a new one."""

    once = True

    name = TextField(label="商户名称", required=True, limit=60)
    outlets = IntegerField(
        label="门店数",
        required=True,
        min=1,
        max=100_000,
        grouped=True,
        unit="个",
        hint="连锁商户算1户，门店分别计数。",
    )
    note = TextAreaField(label="说明", limit=300, rows=3, hint="不要填写账号、钱包编号和客户信息。")


class StepForm(EditForm):
    """One onboarding step."""

    once = True

    step = SelectField(
        label="步骤",
        required=True,
        choices=[(key, funnel.step_label(key)) for key in funnel.STEP_KEYS],
    )
    on = DateField(label="日期", required=True)
    evidence = TextField(
        label="佐证", limit=200, hint="如：合同签订、受理回执、首笔付款。不要填写账号。"
    )


class MainProjectForm(EditForm):
    """Takes the same merchant's row in another project; blank: it counts in its own project."""

    same_as = SelectField(
        label="主责项目登记的商户", coerce=str, blank="在本项目单独计数", choices=[]
    )
