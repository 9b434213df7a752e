"""What the codes in the audit log are called on its page, as the features name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab.feature import registry

RESULT_LABELS: Mapping[str, str] = {"ok": "成功", "denied": "拒绝", "failed": "失败"}


def action_label(code: str) -> str:
    """Return the Chinese name of an action; the code itself when it has none."""
    return registry().audit_labels.actions.get(code, code)


def object_label(code: str) -> str:
    """Return the Chinese name of a kind of object; the code itself when it has none."""
    return registry().audit_labels.objects.get(code, code)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_value(item) for item in value) or "—"
    if value is None or value == "":
        return "—"
    text = str(value)
    labels = registry().audit_labels
    return labels.values.get(text) or labels.actions.get(text, text)


def format_facts(detail: Mapping[str, Any]) -> str:
    """The small facts of a line as words: 由：绿；改为：黄."""
    names = registry().audit_labels.facts
    return "；".join(f"{names.get(name, name)}：{_value(value)}" for name, value in detail.items())
