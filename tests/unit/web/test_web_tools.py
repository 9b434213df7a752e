"""Filters, paging, downloads, navigation and addresses of static files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, select
from sqlalchemy.orm import Session

from lab.feature import Feature, NavItem, Registry, bind
from lab.web import assets, filters
from lab.web.downloads import safe_name, send_private
from lab.web.pages import nav, shell
from lab.web.pages.pagination import Page, decode, encode, paginate, paginate_list


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (None, "—"), (0, "0.00元"), (5, "0.05元"), (123456, "1,234.56元"), (999_999, "9,999.99元"),
        (1_000_000, "1.00万元"), (1_234_500, "1.23万元"), (1_235_500, "1.24万元"),
        (10_000_000_000, "1.00亿元"), (9_999_999_999, "1.00亿元"), (-1_234_500, "-1.23万元"),
    ],
)  # fmt: skip
def test_money_is_written_in_the_unit_that_fits(fen: int | None, words: str) -> None:
    assert filters.yuan(fen) == words


@pytest.mark.parametrize(
    ("value", "text"), [(8418, "84.18"), (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (None, "—")]
)
def test_scores_have_two_decimals(value: int | None, text: str) -> None:
    assert filters.score(value) == text


def test_times_are_written_in_beijing_time() -> None:
    late = datetime(2022, 6, 30, 17, 5, tzinfo=UTC)
    assert filters.cn_date(late) == filters.cn_date(date(2022, 7, 1)) == "2022年7月1日"
    assert filters.cn_datetime(late) == "2022年7月1日 01:05"
    assert filters.cn_month(late) == "2022年7月"
    assert filters.cn_date(None) == filters.cn_datetime(None) == filters.cn_month(None) == "—"


def test_numbers_shares_sizes_and_blanks() -> None:
    assert [filters.number(v) for v in (19146, 0, Decimal("1.50"), Decimal("1E+3"), None)] == [
        "19,146", "0", "1.5", "1,000", "—",
    ]  # fmt: skip
    assert filters.percent(Decimal("0.12345")) == "12.35%"
    assert [filters.format_size(v) for v in (0, 1536, 5 * 1024**2)] == ["0 B", "1.5 KB", "5 MB"]
    assert [filters.dash(v) for v in (None, "", 0, False)] == ["—", "—", 0, False]


def test_paragraphs_escape_the_text() -> None:
    text = "甲<script>\r\n乙\n\n\n丙"
    assert filters.paragraphs(text) == "<p>甲&lt;script&gt;<br>乙</p><p>丙</p>"
    assert filters.paragraphs(None) == ""


entries = Table(
    "entries",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("score", Integer),
    Column("title", String),
)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    entries.metadata.create_all(engine)
    with Session(engine) as session:
        session.execute(
            entries.insert(), [{"id": n, "score": n % 4, "title": f"第{n}项"} for n in range(1, 24)]
        )
        yield session
    engine.dispose()


def walk(session: Session, way: str, args: dict[str, str]) -> list[Page]:
    pages = []
    keys = [entries.c.score.desc(), entries.c.id]
    while True:
        page = paginate(select(entries.c.id), keys, args, session=session, size=5, count=True)
        pages.append(page)
        cursor = page.next_cursor if way == "after" else page.prev_cursor
        if cursor is None:
            return pages
        args = {way: cursor}


def test_paging_forth_and_back_shows_every_row_once_in_order(session: Session) -> None:
    forth = walk(session, "after", {})
    seen = [item for page in forth for item in page.items]
    assert seen == sorted(range(1, 24), key=lambda n: (-(n % 4), n))
    assert [len(page.items) for page in forth] == [5, 5, 5, 5, 3]
    assert {page.total for page in forth} == {23}
    back = walk(session, "before", {"before": forth[-1].prev_cursor or ""})
    assert [page.items for page in reversed(back)] == [page.items for page in forth[:-1]]


def test_a_row_of_several_columns_and_a_read_model(session: Session) -> None:
    page = paginate(
        select(entries.c.id, entries.c.title), [entries.c.id], {}, session=session, size=2
    )
    assert [tuple(item) for item in page.items] == [(1, "第1项"), (2, "第2项")]
    assert page.map(lambda row: row.title).items == ["第1项", "第2项"]
    assert page.map(len).next_cursor == page.next_cursor and page.total is None


@pytest.mark.parametrize(
    "cursor", ["x", "e30", "W10", "WzEuNV0", "W3t9XQ", "W1siZGF0ZSIsIngiXV0", "💥", encode([1, 2])]
)
def test_a_damaged_cursor_gives_the_first_page(session: Session, cursor: str) -> None:
    page = paginate(
        select(entries.c.id), [entries.c.id], {"after": cursor}, session=session, size=2
    )
    assert list(page.items) == [1, 2] and page.prev_cursor is None


def test_a_cursor_keeps_days_times_and_decimals() -> None:
    values = [date(2022, 7, 1), datetime(2022, 7, 1, tzinfo=UTC), Decimal("84.18"), "甲", 3]
    assert decode(encode(values), 5) == values


def test_a_list_in_memory_pages_the_same_way() -> None:
    first = paginate_list(range(7), {}, size=3)
    second = paginate_list(range(7), {"after": first.next_cursor or ""}, size=3)
    third = paginate_list(range(7), {"after": second.next_cursor or ""}, size=3)
    assert [list(page.items) for page in (first, second, third)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert third.next_cursor is None and first.prev_cursor is None
    assert list(paginate_list(range(7), {"before": third.prev_cursor or ""}, size=3).items) == [
        3,
        4,
        5,
    ]


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    app = Flask("tools", static_folder=str(tmp_path), static_url_path="/static")
    app.secret_key = "only-for-this-test"
    shell.init(app)
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7")
    app.add_url_rule(
        "/path",
        "path",
        lambda: send_private(
            (tmp_path / "report.pdf").open("rb"), "季度 报告.pdf", "application/pdf"
        ),
    )
    app.add_url_rule(
        "/bytes", "bytes", lambda: send_private(b"<script>", 'a"\r\nX: y/../b.html', "text/html")
    )
    return app


@pytest.mark.parametrize("path", ["/path", "/bytes"])
def test_a_download_is_an_attachment_that_the_browser_never_runs(app: Flask, path: str) -> None:
    with app.test_client().get(path) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment; filename")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "X" not in answer.headers


def test_a_download_keeps_its_chinese_name(app: Flask) -> None:
    coded = "filename*=UTF-8''%E5%AD%A3%E5%BA%A6%20%E6%8A%A5%E5%91%8A.pdf"
    with app.test_client().get("/path") as answer:
        assert coded in answer.headers["Content-Disposition"]
        assert answer.data == b"%PDF-1.7" and answer.content_length == 8


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\r\nb.pdf", "a__b.pdf"),
        ("...", "下载"),
        ("字" * 200 + ".pdf", "字" * 116 + ".pdf"),
    ],
)
def test_a_download_name_is_never_a_path(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_the_address_of_a_static_file_changes_with_its_content(app: Flask, tmp_path: Path) -> None:
    with app.test_request_context():
        (tmp_path / "a.css").write_text("one", encoding="utf-8")
        first = assets.static_url("a.css")
        (tmp_path / "a.css").write_text("another", encoding="utf-8")
        assert assets.static_url("a.css") != first
        assert assets.static_url("missing.css") == "/static/missing.css"


@pytest.fixture
def menu(app: Flask) -> Flask:
    app.extensions["features"] = Registry()
    entries: list[tuple[str, str, int]] = [
        ("批次", "calls", 210),
        ("打分", "calls.scores", 205),
        ("报告", "reports", 800),
    ]
    items = []
    for label, endpoint, order in entries:
        app.add_url_rule("/" + endpoint.replace(".", "/"), endpoint.replace(".", "_"), io.StringIO)
        section = "报告" if label == "报告" else "征集评审"
        items.append(NavItem(section, label, endpoint.replace(".", "_"), endpoint, order))
    bind(app, Feature("test", navigation=tuple(items)))
    return app


def test_the_menu_shows_only_what_the_person_may_open(menu: Flask) -> None:
    def drawn(allowed: Any, path: str) -> list[tuple[str, list[tuple[str, bool]]]]:
        with menu.test_request_context():
            return [
                (s.label, [(e.label, e.active) for e in s.entries])
                for s in nav.build(allowed, path)
            ]

    everything = drawn(lambda action: True, "/calls/scores/3")
    assert everything == [
        ("征集评审", [("打分", True), ("批次", False)]),
        ("报告", [("报告", False)]),
    ]
    assert drawn(lambda action: action == "calls", "/calls/7") == [("征集评审", [("批次", True)])]
    assert drawn(lambda action: False, "/calls") == []


@pytest.mark.parametrize("whole", ["SB-2022-01-007", "LX-2022-01-03", "2022年7月1日 09:00", "3份"])
def test_numbers_and_times_do_not_break_at_the_end_of_a_line(whole: str) -> None:
    kept = f'已受理<span class="together">{whole}</span>&lt;'
    assert filters.together(f"已受理{whole}<") == kept
