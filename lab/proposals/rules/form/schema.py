"""The form of a proposal as it follows from its fields: steps, labels, limits. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lab.proposals.rules.form.description import Audience, Field, Kind
from lab.proposals.rules.form.fields import FIELDS


@dataclass(frozen=True)
class FormStep:
    """One page of the form: address part, title, fields in reading order."""

    slug: str
    label: str
    fields: tuple[str, ...]


_STEP_LABELS = {
    "basics": "基本信息",
    "background": "背景与模式",
    "plan": "实施方案与联动",
    "targets": "里程碑与指标",
    "risks": "风险与示范",
    "files": "附件与提交",
}
BY_KEY: Mapping[str, Field] = MappingProxyType({field.key: field for field in FIELDS})
STEPS = tuple(
    FormStep(slug, label, tuple(field.key for field in FIELDS if field.step == slug))
    for slug, label in _STEP_LABELS.items()
)
BY_SLUG: Mapping[str, FormStep] = MappingProxyType({step.slug: step for step in STEPS})
STEP_OF: Mapping[str, FormStep] = MappingProxyType(
    {field: step for step in STEPS for field in step.fields}
)
LABELS: Mapping[str, str] = MappingProxyType({field.key: field.label for field in FIELDS})
# Of the fields with rows: what a form calls the values of a row, and what heads them in a table.
ROW_LABELS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {f.key: {column.key: column.label for column in f.columns} for f in FIELDS if f.columns}
)
ROW_HEADINGS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {f.key: {column.key: column.heading for column in f.columns} for f in FIELDS if f.columns}
)
LIMITS: Mapping[str, int] = MappingProxyType(
    {field.key: field.limit for field in FIELDS if field.limit is not None}
)
ROW_FIELDS = tuple(field.key for field in FIELDS if field.kind is Kind.ROWS)
STORED_FIELDS = tuple(field.key for field in FIELDS if field.kind is not Kind.FILES)
# What is typed: all of it, the entries of the content that reviewers read, those that they do not.
TEXT_FIELDS = tuple(field for field in FIELDS if field.is_text)
SHOWN_TEXTS = tuple(
    field for field in TEXT_FIELDS if field.audience is Audience.REVIEWERS and not field.part_of
)
PRIVATE_TEXTS = tuple(field for field in TEXT_FIELDS if field.audience is Audience.OFFICE)
OFFICE_LABELS = tuple(field.label for field in FIELDS if field.audience is Audience.OFFICE)
# A proposal without a title: in a sentence, and in a list of proposals.
UNNAMED, UNNAMED_TITLE = "未命名申报书", "未命名"
PARTNER_OPINION = "联合单位意见"
CONFIRMATION_STEP = "联合单位确认"  # what follows the steps of a joint proposal's form
PLEDGE = "我承诺：申报内容真实、准确，不侵犯他人权益，愿意承担相应责任。"
MAX_TARGETS, MAX_MILESTONES = BY_KEY["targets"].most, BY_KEY["milestones"].most
MAX_BUDGET_ROWS, MAX_PEOPLE = BY_KEY["budget"].most, BY_KEY["people"].most
MAX_AVOIDED, MAX_FILES = BY_KEY["avoided"].most, BY_KEY["files"].most
MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_FILES_BYTES = 60 * 1024 * 1024  # of all attachments of a proposal together
MAX_STORED_BYTES = 150 * 1024 * 1024  # the same with those that were replaced or removed
REPLACED_RETENTION_DAYS = 7  # a replaced file that was never handed in
TOTAL_LABEL = "合计"  # the one row of a budget that is known as a sum only


def step_index(slug: str) -> int:
    """Return the index of a step from 0. Raises KeyError for an unknown one."""
    return STEPS.index(BY_SLUG[slug])
