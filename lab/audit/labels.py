"""What the codes in the audit log are called on its page, as the features name them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from lab import clock
from lab.feature import registry

# A day, or a moment with its offset, as the facts of a line store them.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d)?")

RESULT_LABELS: Mapping[str, str] = {"ok": "成功", "denied": "拒绝", "failed": "失败"}


def action_label(code: str) -> str:
    """Return the Chinese name of an action; the code itself when it has none."""
    return registry().audit_labels.actions.get(code, code)


def object_label(code: str) -> str:
    """Return the Chinese name of a kind of object; the code itself when it has none."""
    return registry().audit_labels.objects.get(code, code)


def _value(fact: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | dict):
        return "、".join(_value(fact, item) for item in value) or "—"
    if value is None or value == "":
        return "—"
    text = str(value)
    labels = registry().audit_labels
    label = labels.values_of.get((fact, text)) or labels.values.get(text)
    return label or labels.actions.get(text) or _moment(text)


def _moment(text: str) -> str:
    """A stored date or moment as people write it; other text as it is."""
    if not MOMENT.fullmatch(text):
        return text
    if len(text) == len("2022-07-01"):
        return clock.cn_date(date.fromisoformat(text))
    return clock.cn_datetime(datetime.fromisoformat(text))


def format_facts(detail: Mapping[str, Any]) -> str:
    """Format the small facts of a line: 由：绿；改为：黄."""
    names = registry().audit_labels.facts
    return "；".join(
        f"{names.get(name, name)}：{_value(name, value)}" for name, value in detail.items()
    )
