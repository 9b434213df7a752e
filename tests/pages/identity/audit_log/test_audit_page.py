"""The audit log as the audit administrator meets it."""

from __future__ import annotations

import ast
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from lab import audit, clock
from lab.audit import labels
from lab.audit.check import verify_chain
from lab.extensions import db
from lab.factory import FEATURES
from lab.feature import Registry
from lab.filesystem import ROOT
from lab.policy import TABLE
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

LABELS = Registry(FEATURES).audit_labels
DAY = datetime(2022, 7, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def auditor(client: PageClient, cast: Cast) -> PageClient:
    return client.as_(cast.audit)


def note(app: Flask, action: str, at: datetime, key: str = "", count: int = 1) -> None:
    with app.app_context(), clock.freeze(at):
        for _ in range(count):
            audit.record(action, object_type="Call", object_key=key, detail={"by": "clock"})
        db.session.commit()


def test_the_newest_line_comes_first_as_text(app: Flask, auditor: PageClient) -> None:
    note(app, "call.publish", DAY)
    note(app, "call.close", DAY + timedelta(hours=1), "abcdefghjkmn")
    page = text_of(auditor.get("/audit"))
    assert page.index("截止征集 征集批次 abcdefghjkmn") < page.index("发布批次 征集批次")
    assert "方式：到时自动" in page and "2022年7月1日 13:00" in page


def test_lines_are_found_by_day_actor_action_and_object(app: Flask, auditor: PageClient) -> None:
    midnight = datetime(2022, 6, 30, 16, 0, tzinfo=UTC)  # 00:00 on 1 July in Beijing
    note(app, "call.open", midnight - timedelta(seconds=1), "before")
    note(app, "call.open", midnight, "first")
    note(app, "call.close", midnight + timedelta(hours=23, minutes=59), "last")
    note(app, "call.close", midnight + timedelta(days=1), "after")
    found = text_of(auditor.get("/audit?first=2022-07-01&last=2022-07-01"))
    assert [w in found for w in ("before", "first", "last", "after")] == [False, True, True, False]
    found = text_of(auditor.get("/audit?action=call.open&first=2022-06-01&last=2022-07-31"))
    assert "first" in found and "last" not in found
    assert "last" in text_of(auditor.get("/audit?object_key=last&actor=系统"))
    assert "没有符合条件的记录" in text_of(auditor.get("/audit?actor=无此人"))


def test_a_wrong_date_is_said_beside_its_field(auditor: PageClient) -> None:
    assert 'id="first-error"' in auditor.get("/audit?first=2022-13-45").text


def test_a_long_log_is_paged_without_gap_or_double(app: Flask, auditor: PageClient) -> None:
    note(app, "call.edit", DAY, count=120)
    seen: list[str] = []
    path = "/audit?action=call.edit"
    for _ in range(4):
        page = auditor.get(path)
        seen += [part.split("<")[0] for part in page.text.split('data-label="序号">')[1:]]
        if 'rel="next"' not in page.text:
            break
        path = page.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert len(seen) == 120
    assert [int(n) for n in seen] == sorted({int(n) for n in seen}, reverse=True)


def test_checking_a_sound_log_says_so_and_is_noted(app: Flask, auditor: PageClient) -> None:
    with app.app_context():
        rows = verify_chain().rows
    auditor.post("/audit/verify")
    page = text_of(auditor.get("/audit"))
    assert f"审计日志完好：共{rows}条" in page
    assert "校验审计日志" in page


def test_checking_names_the_first_line_that_was_tampered_with(
    app: Flask, auditor: PageClient
) -> None:
    note(app, "call.publish", DAY, count=3)
    with app.app_context():
        db.session.execute(text("DROP TRIGGER audit_event_no_update"))
        db.session.execute(text("UPDATE audit_event SET actor_name = '他人' WHERE seq = 5"))
        db.session.commit()
    auditor.post("/audit/verify")
    page = text_of(auditor.get("/audit"))
    assert "审计日志有问题" in page and "第 5 条" in page


def test_only_the_audit_administrator_sees_the_log(client: PageClient, cast: Cast) -> None:
    for other in (cast.system, cast.security, cast.office, cast.leading):
        client.as_(other).get("/audit", status=403)
        client.as_(other).post("/audit/verify", status=403)


def _codes(node: ast.AST) -> list[str]:
    constants = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
    return [str(value) for value in constants if "." in str(value)]


def _actions(path: Path) -> list[str]:
    """First arguments of record() and record_separately() in a file; prefixes of composed ones, and
    all that a name may hold which is given instead."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assigned: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            assigned.setdefault(node.targets[0].id, []).extend(_codes(node.value))
    codes = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name not in ("record", "record_separately"):
            continue
        first = node.args[0]
        codes += assigned.get(first.id, []) if isinstance(first, ast.Name) else _codes(first)
    return codes


def _stands_for(code: str, known: str) -> bool:
    """Whether a code, or the constant part of one that is composed, is that of a known action."""
    if code.startswith("."):
        return known.endswith(code.rstrip("."))
    return known.startswith(code) if code.endswith(".") else known == code


def test_codes_of_earlier_lines_keep_a_name() -> None:
    codes = json.loads((ROOT / "tests/frozen/audit_codes.json").read_text("utf-8"))
    for kind, earlier in codes.items():
        assert set(earlier) <= set(getattr(LABELS, kind)), kind


def test_every_audited_action_has_a_chinese_name() -> None:
    codes = {code for path in sorted((ROOT / "lab").rglob("*.py")) for code in _actions(path)}
    assert {"call.publish", "identity.sign_in", "access.denied", "indicator.text_submit"} <= codes
    nameless = [code for code in codes if not any(_stands_for(code, k) for k in LABELS.actions)]
    assert not nameless, f"no label in any audit_labels.py: {sorted(nameless)}"


def _facts(tree: ast.AST) -> set[str]:
    """The keys of what is recorded as the details of a line, where they stand as such."""
    details = [
        node.value
        for node in ast.walk(tree)
        if (isinstance(node, ast.keyword) and node.arg == "detail")
        or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "detail")
        or (isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "detail")
    ]
    added = {
        ast.literal_eval(node.slice)
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and ast.unparse(node.value) == "detail"
    }
    keys = [key for detail in details if isinstance(detail, ast.Dict) for key in detail.keys]
    return added | {str(key.value) for key in keys if isinstance(key, ast.Constant)}


def test_every_audited_fact_has_a_chinese_name() -> None:
    trees = (ast.parse(path.read_text("utf-8")) for path in (ROOT / "lab").rglob("*.py"))
    facts = set[str]().union(*map(_facts, trees))
    assert facts >= {"unfinished", "late_days", "like"}
    assert not facts - set(LABELS.facts), "no label in any audit_labels.py"


VALUES = {
    "环节：基本信息；未完成项：计划开始日期": {"step": "basics", "unfinished": ["starts_on"]},
    "环节：触达意向": {"step": "contact"},
    "延至：2027年1月15日 17:00": {"until": "2027-01-15 09:00:00+00:00"},
    "生效日期：2022年7月1日": {"since": "2022-07-01"},
    "类别：评审稿": {"kind": "review"},
    "期限：2022年7月8日；日期：2022年7月4日": {"due_on": "2022-07-08", "day": "2022-07-04"},
    "只供预览的文件：—": {"withheld": {}},
    "只供预览的文件：k7（内嵌的文件、指向程序或本机文件的链接）": {
        "withheld": {"k7": ["embedded", "odd_link"]}
    },
    # What a person typed is never read as a day, not even where it looks like one.
    "单位：2022-07-01、2022-13-01、0000-01-01": {
        "unit": ["2022-07-01", "2022-13-01", "0000-01-01"]
    },
    "延至：2022-13-01": {"until": "2022-13-01"},
    "延至：9999-12-31 23:59:59+00:00": {"until": "9999-12-31 23:59:59+00:00"},
}


@pytest.mark.parametrize("shown", VALUES)
def test_facts_are_said_in_words(ctx: Flask, shown: str) -> None:
    assert labels.format_facts(VALUES[shown]) == shown


def test_every_deniable_action_has_a_chinese_name() -> None:
    quiet = {"static", "health", "identity.sign_in", "identity.sign_out", "identity.password"}
    nameless = sorted(set(TABLE) - quiet - set(LABELS.actions))
    assert not nameless, f"no label in any audit_labels.py: {nameless}"
