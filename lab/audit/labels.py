"""What the codes in the audit log are called on its page, as the features name them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lab import clock
from lab.feature import registry

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
    if isinstance(value, dict):
        return "、".join(f"{key}（{_value(fact, item)}）" for key, item in value.items()) or "—"
    if isinstance(value, list):
        return "、".join(_value(fact, item) for item in value) or "—"
    if value is None or value == "":
        return "—"
    text = str(value)
    labels = registry().audit_labels
    if fact in labels.moments:
        return _moment(text)
    label = labels.values_of.get((fact, text)) or labels.values.get(text)
    return label or labels.actions.get(text, text)


def _moment(text: str) -> str:
    """A stored day or moment as people write it; a text that is neither as it is."""
    try:
        moment = datetime.fromisoformat(text)
        return clock.cn_datetime(moment) if moment.tzinfo else clock.cn_date(moment.date())
    except (ValueError, OverflowError):
        return text


def format_facts(detail: Mapping[str, Any]) -> str:
    """Format the small facts of a line: 由：绿；改为：黄."""
    names = registry().audit_labels.facts
    return "；".join(
        f"{names.get(name, name)}：{_value(name, value)}" for name, value in detail.items()
    )
