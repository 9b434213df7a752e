"""Forms of calls."""

from __future__ import annotations

from typing import Any

from flask import current_app

from lab.calls.core.editing import SUMMARY_LIMIT
from lab.calls.models.call import Call
from lab.calls.pages.service import Particulars
from lab.calls.rules.eligibility import ANY_SIDE, APPLICANT_SIDES, JOINT_RULES, MAX_PER_UNIT, NORMAL
from lab.files.storing.types import ATTACHMENT_TYPES
from lab.web.fields import (
    CheckboxField,
    DateTimeField,
    FileListField,
    HiddenText,
    IntegerField,
    RadioField,
    RichTextField,
    TextField,
)
from lab.web.forms import EditForm, Form

NOTICE_LIMIT = 8000


PARTICULAR_NAMES = tuple(Particulars.__dataclass_fields__)
SETTINGS = (
    *("notice_text", "places", "minimum_sheets", "trim"),
    *("applicant_side", "joint_rule", "unit_limit"),
)


class ParticularFields:
    """Particulars of a call; dates and notice may be added until publication."""

    year = IntegerField("年度", required=True, min=2000, max=2100)
    batch = IntegerField("当年第几批", required=True, min=1, max=99)
    title = TextField("批次名称", required=True, limit=80, hint="如：2022年第一批创新项目征集")
    notice_text = RichTextField(
        "征集通知正文", limit=NOTICE_LIMIT, rows=14, hint="征集范围、要求、联系方式。发布前必填。"
    )
    opens_at = DateTimeField("开始时间", hint="北京时间。到时自动开始征集。")
    closes_at = DateTimeField("截止时间", hint="北京时间。到时自动截止，发布后只能延期。")
    places = IntegerField("拟立项数", required=True, min=1, max=999, unit="个", default=12)
    minimum_sheets = IntegerField(
        "每个项目有效评审份数下限", required=True, min=1, max=99, unit="份", default=3
    )
    trim = CheckboxField(
        "去掉一个最高分和一个最低分", hint="有效打分表不少于5份时适用。默认不去分，取平均值。"
    )
    applicant_side = RadioField(
        "申报单位", required=True, choices=list(APPLICANT_SIDES.items()), default=ANY_SIDE
    )
    joint_rule = RadioField(
        "联合申报",
        required=True,
        choices=list(JOINT_RULES.items()),
        default=NORMAL,
        hint="邮政与银行单位联合申报是通常情形。",
    )
    unit_limit = IntegerField(
        "每个单位最多申报",
        min=1,
        max=MAX_PER_UNIT,
        unit="个",
        hint="按申报单位计，草稿、已撤回和不予受理的不计。不填表示不限。",
    )


class NewForm(ParticularFields, Form):
    """Particulars of a new call; `like` is the key of an earlier one whose criteria are copied."""

    like = HiddenText("参照批次", limit=12)


class DraftForm(ParticularFields, EditForm):
    """Properties of a draft."""


class PublishedForm(EditForm):
    """Edits what can still change after publication."""

    notice_text = RichTextField("征集通知正文", required=True, limit=NOTICE_LIMIT, rows=14)
    summary = TextField(
        "修改说明",
        required=True,
        limit=SUMMARY_LIMIT,
        hint="一句话写明改了什么、为什么改，申报人会看到。如：补充附件要求，应多家单位咨询。",
    )


class FilesForm(Form):
    """Attachments of the notice."""

    files = FileListField("选择文件", required=True, max_files=5, types=ATTACHMENT_TYPES)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.files.max_bytes = current_app.config["UPLOAD_LIMIT"]


def reusable_settings(call: Call) -> dict[str, Any]:
    """Return what a new call copies from an earlier one: all but year, batch, title and dates."""
    return {name: getattr(call, name) for name in SETTINGS}


def form_values(call: Call) -> dict[str, Any]:
    """Return the stored particulars of a draft by form field name."""
    return {name: getattr(call, name) for name in PARTICULAR_NAMES}


def particulars_from(form: Form) -> Particulars:
    """Return the submitted particulars for the service."""
    return Particulars(**{name: form[name].data for name in PARTICULAR_NAMES})
