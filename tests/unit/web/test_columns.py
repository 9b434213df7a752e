"""A list is drawn from its columns: headings, alignment, units, order, labels, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask

from lab.filesystem import ROOT
from lab.web.columns import Column
from lab.web.pages import shell
from lab.workflow import State

SOURCE = """{% from "components/table.html" import table %}
{% macro marked(row) %}<b>{{ row.name }}</b>{% endmacro %}
{% macro faded(row) %}{% if row.old %}faded{% endif %}{% endmacro %}
{% call table(columns, rows, "单位", cells={"marked": marked}, row_css=faded, **options) %}
<p>还没有单位。</p>{% endcall %}"""


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask("sample", template_folder=str(ROOT / "templates"))
    shell.init(app)
    app.add_url_rule("/units", "units", lambda: "")
    app.add_url_rule("/units/<key>", "unit", lambda key: key)
    with app.test_request_context("/units?q=a&after=x"):
        yield app


def drawn(app: Flask, columns: Sequence[Column], *rows: dict[str, Any], **options: Any) -> Element:
    template = app.jinja_env.from_string(SOURCE)
    objects = [SimpleNamespace(**{"old": False, **row}) for row in rows]
    page = template.render(columns=columns, rows=objects, options=options)
    return html5lib.parse(page, namespaceHTMLElements=False)


def text(element: Element | None) -> str:
    assert element is not None
    return "".join(element.itertext()).strip()


def heading(page: Element) -> Element:
    heading = page.find(".//thead/tr/th")
    assert heading is not None
    return heading


def cell(page: Element) -> Element:
    cell = page.find(".//tbody/tr/*")
    assert cell is not None
    return cell


def test_a_table_says_what_it_lists(app: Flask) -> None:
    page = drawn(app, (Column("name", "名称"),), {"name": "甲"})
    assert text(page.find(".//caption")) == "单位"
    assert heading(page).get("scope") == "col"


@pytest.mark.parametrize(("kind", "shown"), [("number", "1,200户"), ("figure", "1200户")])
def test_numbers_stand_at_the_right_with_their_unit(app: Flask, kind: Any, shown: str) -> None:
    page = drawn(app, (Column("count", "商户", kind, unit="户"),), {"count": 1200})
    assert text(cell(page)) == shown
    assert (cell(page).get("class"), heading(page).get("class")) == ("num", "num")


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("text", "甲", "甲"),
        ("date", date(2022, 7, 1), "2022年7月1日"),
        ("datetime", datetime(2022, 7, 1, 1, 5, tzinfo=UTC), "2022年7月1日 09:05"),
        ("month", date(2022, 7, 31), "2022年7月"),
        ("number", Decimal("3.50"), "3.5"),
        ("figure", Decimal("84.20"), "84.20"),
    ],
)
def test_a_value_is_written_by_its_kind(app: Flask, kind: Any, value: Any, shown: str) -> None:
    page = drawn(app, (Column("value", "值", kind),), {"value": value})
    assert text(cell(page)) == shown


@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_value_is_a_dash_without_unit(app: Flask, value: Any) -> None:
    page = drawn(app, (Column("count", "商户", "number", unit="户"),), {"count": value})
    assert text(cell(page)) == "—"


def test_a_list_may_say_why_a_value_is_missing(app: Flask) -> None:
    page = drawn(app, (Column("unit", "单位", missing="未载明"),), {"unit": ""})
    assert text(cell(page)) == "未载明"


def test_a_value_may_stand_on_a_part_of_the_row(app: Flask) -> None:
    row = {"line": SimpleNamespace(number="A-1"), "names": ("甲", "乙")}
    columns = (
        Column("line.number", "编号"),
        Column("people", "人员", value=lambda row: "、".join(row.names)),
    )
    page = drawn(app, columns, row)
    assert [text(td) for td in page.iter("td")] == ["A-1", "甲、乙"]


def test_a_state_is_a_badge_in_its_tone(app: Flask) -> None:
    state = State("open", "征集中", "green")
    page = drawn(app, (Column("state", "状态", "state"),), {"state": state})
    badge = cell(page).find("span")
    assert badge is not None
    assert (text(badge), badge.get("class")) == ("征集中", "tag tag-green")


def test_the_row_header_leads_to_the_thing(app: Flask) -> None:
    columns = (Column("name", "名称", row_header=True, link="unit"),)
    page = drawn(app, columns, {"name": "甲", "key": "k1"})
    link = cell(page).find("a")
    assert link is not None
    assert (cell(page).tag, cell(page).get("scope")) == ("th", "row")
    assert link.get("href") == "/units/k1"


def test_a_note_stands_below_the_value(app: Flask) -> None:
    columns = (Column("name", "名称", link="unit", note="side"),)
    page = drawn(app, columns, {"name": "甲", "key": "k1", "side": "<银行>"})
    note = cell(page).find("./div/div")
    assert note is not None
    assert (text(note), note.get("class")) == ("<银行>", "row-note")
    assert text(cell(page).find(".//a")) == "甲"


def test_without_a_note_nothing_stands_below_the_value(app: Flask) -> None:
    page = drawn(app, (Column("name", "名称", note="side"),), {"name": "<甲>", "side": ""})
    assert text(cell(page)) == "<甲>"
    assert cell(page).find("./div/div") is None


def test_cells_on_a_card_carry_their_label(app: Flask) -> None:
    columns = (Column("name", "名称和所属方", narrow="名称"), Column("side", "所属方"))
    page = drawn(app, columns, {"name": "甲", "side": "邮政"})
    assert [td.get("data-label") for td in page.iter("td")] == ["名称", "所属方"]


def test_a_dense_table_has_no_labels_of_cards(app: Flask) -> None:
    page = drawn(app, (Column("name", "名称"),), {"name": "甲"}, css="table-dense")
    assert cell(page).get("data-label") is None


def test_actions_are_named_to_screen_readers_only(app: Flask) -> None:
    columns = (Column("actions", "操作", "actions", label_hidden=True),)
    page = drawn(app, columns, {"name": "甲"})
    hidden = heading(page).find("span")
    assert hidden is not None
    assert (text(hidden), hidden.get("class")) == ("操作", "visually-hidden")
    assert cell(page).get("class") == "row-actions"


def test_the_order_is_told_and_can_be_turned(app: Flask) -> None:
    columns = (Column("name", "名称", sort="name"), Column("side", "所属方", sort="side"))
    page = drawn(app, columns, {"name": "甲", "side": "邮政"}, order="name")
    first, second = page.findall(".//thead/tr/th")
    assert (first.get("aria-sort"), second.get("aria-sort")) == ("ascending", None)
    links = [link.get("href") for link in page.iter("a")]
    assert links == ["/units?q=a&sort=-name", "/units?q=a&sort=side"]


def test_a_descending_order_is_told_and_turned_back(app: Flask) -> None:
    columns = (Column("name", "名称", sort="name"),)
    page = drawn(app, columns, {"name": "甲"}, order="-name")
    assert heading(page).get("aria-sort") == "descending"
    assert [link.get("href") for link in page.iter("a")] == ["/units?q=a&sort=name"]


def test_texts_are_escaped_and_markup_of_cells_stays(app: Flask) -> None:
    columns = (Column("name", "<名称>"), Column("marked", "标记"))
    page = drawn(app, columns, {"name": "<i>甲</i>"})
    assert text(heading(page)) == "<名称>"
    assert text(cell(page)) == "<i>甲</i>"
    assert [text(bold) for bold in page.iter("b")] == ["<i>甲</i>"]


def test_an_empty_list_says_so_in_place_of_the_table(app: Flask) -> None:
    page = drawn(app, (Column("name", "名称"),))
    assert page.find(".//table") is None
    assert text(page.find(".//p")) == "还没有单位。"


def test_rows_may_look_different(app: Flask) -> None:
    column = Column("name", "名称", css=lambda row: f"depth-{row.depth}")
    first, second = {"name": "甲", "depth": 0}, {"name": "乙", "depth": 1, "old": True}
    page = drawn(app, (column,), first, second)
    assert [tr.get("class") for tr in page.findall(".//tbody/tr")] == [None, "faded"]
    assert [td.get("class") for td in page.iter("td")] == ["depth-0", "depth-1"]


def test_a_cut_stands_between_rows_only(app: Flask) -> None:
    columns, rows = (Column("name", "名称"),), [{"name": "甲"}, {"name": "乙"}]
    page = drawn(app, columns, *rows, cut=(1, "以上入选"))
    assert [text(tr) for tr in page.findall(".//tbody/tr")] == ["甲", "以上入选", "乙"]
    assert "以上入选" not in text(drawn(app, columns, *rows, cut=(2, "以上入选")))
