"""Generate pages of docs/ from the code, so that they cannot drift from it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lab import policy
from lab.config import settings

NOTE = "<!-- Written by `flask --app app docs write`; changes by hand are lost. -->\n"
GROUPS = {
    "identity": "登录与账号 Sign-in and one's own account",
    "people": "人员 People",
    "units": "单位 Units",
    "workdays": "工作日历 Working days",
    "release": "复核 Acts that wait for a second person",
    "audit": "审计 Audit",
    "system": "系统 System",
    "call": "征集批次 Calls",
    "proposal": "申报书 Proposals",
    "round": "评审组织 Review, as the office runs it",
    "ranking": "排名 Ranking",
    "review": "评审 Review, as a reviewer does it",
    "decision": "立项决定 Decisions",
    "project": "项目 Projects",
    "indicator": "指标 Indicators",
    "scenario": "场景 Scenarios",
    "merchant": "商户 Merchants",
    "report": "报告 Reports",
    "file": "附件 Files",
    "inbox": "消息 Notices",
}
OTHER = "其他 Other"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)


def _codes(codes: Iterable[str], empty: str) -> str:
    return " ".join(f"`{code}`" for code in sorted(codes)) or empty


def _rows(action: str) -> list[tuple[str, ...]]:
    return [
        (
            f"`{action}`",
            f"{policy.ROLE_LABELS[grant.role]} `{grant.role}`",
            _codes(grant.relations, "任何 any"),
            _codes(grant.states, "任何 any"),
            _codes(grant.unless, "—"),
        )
        for grant in policy.TABLE[action]
    ]


def _group(action: str) -> str:
    return GROUPS.get(action.partition(".")[0], OTHER)


def permissions_page() -> str:
    """Return the permission table as Markdown, one line a cell."""
    head = ("动作 action", "角色 role", "关系之一 one of", "状态之一 state", "除非 unless")
    parts = [
        NOTE,
        "# 权限表 Permissions\n",
        "No line, no permission. A line lets holders of the role do the action, if they stand in\n"
        "one of the relations to the object, while it is in one of the states, unless they also\n"
        "stand in a relation of the last column. 表中没有的一律不许。\n",
    ]
    for title in [*GROUPS.values(), OTHER]:
        rows = [row for action in policy.TABLE if _group(action) == title for row in _rows(action)]
        if rows:
            parts += [f"## {title}\n", _table(head, rows)]
    relations = [(f"`{name}`", meaning) for name, meaning in policy.RELATIONS.items()]
    parts += ["## 关系 Relations\n", _table(("关系 relation", "含义 meaning"), relations)]
    return "\n".join(parts)


def settings_page() -> str:
    """Return the settings as Markdown: environment variable, default, description."""
    rows = [
        (f"`{row.name}`", f"`{row.default}`" if row.default else "—", row.description)
        for row in settings.TABLE
    ]
    return "\n".join(
        (
            NOTE,
            "# 设置 Settings\n",
            "All are environment variables, read once at start. A wrong one, or an unknown name\n"
            "that begins with `LAB_`, keeps the portal from starting and is named in a sentence.\n",
            _table(("名称 name", "默认 default", "作用 what it does"), rows),
        )
    )


PAGES = {"permissions.md": permissions_page, "settings.md": settings_page}


def write(folder: Path) -> list[str]:
    """Write every page into the folder and return the names of those that changed."""
    changed = []
    for name, page in PAGES.items():
        path, text = folder / name, page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed
