"""Forms: what comes out of the fields, and that nothing typed is ever lost."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms.validators import Length

from lab.filesystem import ROOT
from lab.web.fields import (
    CheckboxField,
    CheckboxListField,
    DateField,
    DateTimeField,
    DecimalField,
    FileListField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    YuanField,
)
from lab.web.fields.row_numbers import numbers_in_order
from lab.web.forms import EXPIRED, EditForm, Form, ReasonForm
from lab.web.pages import shell

UNITS = [(1, "邮政"), (2, "银行")]


class Everything(Form):
    title = TextField(label="名称", required=True, limit=5)
    note = TextAreaField(label="说明", limit=10)
    count = IntegerField(label="户数", min=0, max=100)
    share = DecimalField(label="占比", places=1, min=0, max=100)
    money = YuanField(label="金额", max=1_000_000_00)
    day = DateField(label="日期")
    moment = DateTimeField(label="时间")
    unit = SelectField(label="单位", choices=UNITS, coerce=int)
    side = RadioField(label="一方", choices=[("post", "邮政"), ("bank", "银行")])
    many = CheckboxListField(label="多项", choices=UNITS, coerce=int)
    sure = CheckboxField(label="我已核对")
    secret = PasswordField(label="密码")
    files = FileListField(label="附件", max_files=2, max_bytes=1024, allowed=("pdf",))


@pytest.fixture(autouse=True)
def app() -> Iterator[Flask]:
    app = Flask(
        "fields", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    app.config.update(SECRET_KEY="only-for-this-test", WTF_CSRF_ENABLED=False)
    shell.init(app)
    with app.test_request_context("/", method="POST"):
        yield app


def send(data: dict[str, Any], form: type[Form] = Everything) -> Any:
    filled = form(formdata=MultiDict({"title": "名称", **data}))
    filled.validate()
    return filled


GOOD = {
    "note": ("a\r\nb ", "a\nb"),
    "count": ("１２", 12),
    "share": ("84.5", Decimal("84.5")),
    "money": ("1,234.56", 123456),
    "day": ("2022年7月1日", date(2022, 7, 1)),
    "moment": ("2022-07-01T09:05", datetime(2022, 7, 1, 1, 5, tzinfo=UTC)),
    "unit": ("2", 2),
    "side": ("bank", "bank"),
    "many": (["1", "2"], [1, 2]),
    "sure": ("1", True),
    "secret": (" 留空格 ", " 留空格 "),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_value_comes_out_clean(name: str) -> None:
    typed, value = GOOD[name]
    form = send({name: typed})
    assert form.errors == {}
    assert form[name].data == value and type(form[name].data) is type(value)


def test_blank_optional_fields_are_none_or_empty() -> None:
    form = send({name: "" for name in GOOD if name not in ("many", "sure")})
    assert form.errors == {}
    assert form.note.data == "" and form.many.data == [] and form.sure.data is False
    assert {form[n].data for n in ("count", "share", "money", "day", "moment", "unit", "side")} == {
        None
    }


BAD = {
    "title": ("六个字太长了", "最多5个字符，现有6个，请删去1个。"),
    "note": ("甲\x08", "“甲�”中标“�”的是看不见的控制字符，请改成正确的字或删去。"),
    "count": ("101", "应在0到100之间。"),
    "share": ("84.55", "小数点后最多1位。"),
    "money": ("1000000.01", "应在0到1,000,000之间。"),
    "day": ("2022年2月30日", "没有“2022年2月30日”这一天，请检查日期。"),
    "moment": ("2101-01-01T00:00", "应在1900年1月1日到2100年12月31日之间。"),
    "unit": ("3", "所选项不在列表中，请重新选择。"),
    "side": ("x", "所选项不在列表中，请重新选择。"),
    "many": ("9", "所选项不在列表中，请重新选择。"),
    "secret": ("x" * 129, "最多128个字符。"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_value_is_refused_in_chinese(name: str) -> None:
    typed, sentence = BAD[name]
    assert send({name: typed}).errors == {name: [sentence]}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("count", "十二"),
        ("share", "8,4"),
        ("money", "很多"),
        ("day", "2022年2月30日"),
        ("moment", "明天上午"),
        ("title", "六个字太长了"),
    ],
)
def test_what_was_typed_stays_in_the_control(name: str, typed: str) -> None:
    html = str(send({name: typed})[name])
    assert f'value="{typed}"' in html
    assert 'type="text"' in html
    assert 'aria-invalid="true"' in html


def test_dates_show_as_typed_in_every_browser_language() -> None:
    moment = datetime(2022, 7, 1, 1, 5, tzinfo=UTC)
    form = Everything(formdata=None, data={"day": date(2022, 7, 1), "moment": moment})
    day, time = str(form.day), str(form.moment)
    assert 'value="2022-07-01"' in day and 'placeholder="如：2022-07-01"' in day
    assert 'value="2022-07-01 09:05"' in time and 'inputmode="numeric"' not in time
    assert set(re.findall(r'type="([^"]*)"', day + time)) == {"text", "button"}
    assert form.day.display_text(form.day.data) == "2022年7月1日"
    assert form.moment.display_text(form.moment.data) == "2022年7月1日 09:05"


@pytest.mark.parametrize("typed", ["2022-07-01T09:05", "2022年7月1日 9:05", "20220701 09:05"])
def test_a_time_typed_in_any_usual_form_comes_back_in_one(typed: str) -> None:
    assert 'value="2022-07-01 09:05"' in str(send({"moment": typed}).moment)


def test_the_calendar_button_names_its_field_and_sends_nothing() -> None:
    form = send({})
    assert 'aria-label="选日期：日期"' in str(form.day)
    cell = str(form.day.bare_control(aria_label="第2行，日期"))
    assert 'aria-label="选日期：第2行，日期"' in cell
    button = re.search(r"<button[^>]*>", str(form.day))
    assert button and 'type="button"' in button[0] and "name=" not in button[0]
    assert str(form.day).count("<input") == 1


def test_the_file_button_is_labelled_in_chinese() -> None:
    html = str(send({}).files)
    assert 'for="files">选择文件</label>' in html and "尚未选择" in html
    assert re.search(r'<input [^>]*type="file"', html) and "hidden" not in html


def test_a_refused_character_is_shown_in_place() -> None:
    field = send({"note": "甲\x08乙"}).note
    assert "甲\ufffd乙" in str(field)
    assert field.data == "甲乙"


def test_markup_and_a_leading_line_feed_survive_the_page() -> None:
    assert "&lt;b&gt;&#34;" in str(send({"title": '<b>"'}).title)
    assert ">\n甲</textarea>" in str(send({"note": "甲"}).note)


def test_a_password_is_never_written_into_the_page() -> None:
    assert "geheim" not in str(send({"secret": "geheim"}).secret)


@pytest.mark.parametrize(
    ("field", "blank", "sentence"),
    [
        (TextField(label="名称", required=True), "\u3000", "请填写名称。"),
        (IntegerField(label="户数", required=True), " ", "请填写户数。"),
        (DateField(label="日期", required=True), "", "请填写日期。"),
        (SelectField(label="单位", required=True, choices=UNITS), "", "请选择单位。"),
        (CheckboxListField(label="场景", required=True, choices=UNITS), None, "请选择场景。"),
        (CheckboxField(label="我已核对", required=True), None, "请勾选“我已核对”。"),
        (FileListField(label="附件", required=True), None, "请选择附件。"),
        (PasswordField(label="密码", required=True), "", "请填写密码。"),
    ],
)
def test_a_required_field_asks_for_itself(field: Any, blank: str | None, sentence: str) -> None:
    form = type("One", (Form,), {"one": field})
    data = {} if blank is None else {"one": blank}
    assert send(data, form).errors == {"one": [sentence]}
    assert "必填" in str(send(data, form).one)


def test_a_field_needed_at_submission_says_so_and_may_be_blank() -> None:
    form = type("One", (Form,), {"one": TextField(label="名称", needed=True)})
    filled: Any = send({"one": ""}, form)
    assert filled.errors == {}
    assert '名称<span class="field-needed">提交时必填</span></label>' in str(filled.one)
    assert "aria-required" not in str(filled.one)


def test_a_required_field_names_only_its_own_fault() -> None:
    form = type("One", (Form,), {"one": IntegerField(label="户数", required=True)})
    assert send({"one": "十二"}, form).errors == {"one": ["请填写整数，如：12。"]}


def test_choices_set_after_the_form_was_made_still_count() -> None:
    form = type("One", (Form,), {"one": SelectField(label="单位", coerce=int)})
    filled: Any = form(formdata=MultiDict({"one": "2"}))
    filled.one.choices = UNITS
    assert filled.validate() and filled.one.data == 2
    assert '<option selected value="2">银行</option>' in str(filled.one)


def test_label_hint_counter_and_error_are_tied_to_the_control() -> None:
    form = type("One", (Form,), {"one": TextField(label="名称", hint="写全称。", limit=1)})
    html = str(send({"one": "两个"}, form).one)
    assert 'aria-describedby="one-hint one-error one-count"' in html
    places = [html.index(f'id="one{part}"') for part in ("-hint", "", "-error", "-count")]
    assert places == sorted(places)
    assert '<label class="form-label" for="one">' in html


def upload(name: str, content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name, name="files")


@pytest.mark.parametrize(
    ("uploads", "words"),
    [
        ([("a.pdf", b"1")] * 3, "最多选择2个文件，现有3个。"),
        ([("季度报告.exe", b"1")], "“季度报告.exe”的类型不能上传"),
        ([("季度报告.pdf", b"")], "“季度报告.pdf”是空文件。"),
        ([("季度报告.pdf", b"x" * 1536)], "“季度报告.pdf”有1.5 KB，超过1 KB。"),
        (
            [("字" * 130 + ".pdf", b"1")],
            f"文件名“{'字' * 20}…”有134个字符，最多120个",
        ),
        ([("a\x08.pdf", b"1")], "文件名“a�.pdf”中标“�”的是看不见的控制字符"),
    ],
)
def test_attachments_are_checked_by_number_kind_size_and_name(
    uploads: list[tuple[str, bytes]], words: str
) -> None:
    form = send({"files": [upload(*each) for each in uploads]})
    assert form.errors["files"][0].startswith(words)


def test_good_attachments_come_out_readable_from_the_beginning() -> None:
    form = send({"files": [upload("季度报告.PDF", b"%PDF-1.7")]})
    assert form.errors == {}
    assert [(f.filename, f.read()) for f in form.files.data] == [("季度报告.PDF", b"%PDF-1.7")]


def test_a_file_sent_under_the_name_of_a_text_is_no_text() -> None:
    form = Everything(formdata=MultiDict({"title": upload("a.pdf", b"1"), "files": "text"}))
    assert not form.validate()
    assert form.errors == {"title": ["请填写名称。"]}


def test_an_edit_form_needs_the_version_and_can_be_rebased() -> None:
    assert send({"version": ""}, EditForm).errors == {
        "version": ["页面不完整，请重新打开后再提交。"]
    }
    form = send({"version": "3"}, EditForm)
    assert form.version.data == 3
    form.rebase(7)
    assert '<input name="version" type="hidden" value="7">' in form.hidden_tag()


def test_a_forged_post_is_refused_in_chinese(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    form = ReasonForm(formdata=MultiDict({"reason": "理由", "csrf_token": "x"}))
    assert not form.validate()
    assert form.errors == {"csrf_token": [EXPIRED]}


def test_a_json_post_is_not_read_as_a_form(app: Flask) -> None:
    with app.test_request_context("/", method="POST", json=["not", "a", "form"]):
        form = ReasonForm()
        assert not form.validate_on_submit()
        assert form.errors == {"reason": ["请填写理由。"]}


def test_form_messages_are_never_in_english() -> None:
    form = type("One", (Form,), {"one": TextField(label="邮箱", validators=[Length(min=9)])})
    assert send({"one": "短"}, form).errors == {"one": ["填写有误，请检查。"]}


class Amounts(Form):
    amount = DecimalField("金额")
    outlets = IntegerField("门店数", grouped=True)
    year = IntegerField("年度")


@pytest.mark.parametrize("typed", ["1,234,567.00", "１，２３４，５６７．００", "1234567"])
def test_a_figure_is_read_with_and_without_separators(typed: str) -> None:
    form = send({"amount": typed, "outlets": typed.split(".")[0].split("．")[0]}, Amounts)
    assert form.validate(), form.errors
    assert (form.amount.data, form.outlets.data) == (Decimal(1234567), 1234567)
    assert form.amount.shown() == typed


def test_a_stored_figure_is_shown_with_separators_a_year_without(app: Flask) -> None:
    stored = {"amount": Decimal("1234567.50"), "outlets": 12345, "year": 2022}
    with app.test_request_context("/"):
        form = Amounts(data=stored)
    assert [f.shown() for f in form] == ["1,234,567.5", "12,345", "2022"]
    assert form.amount.cell_text(form.amount.data) == "1234567.5"


@pytest.mark.parametrize(
    ("typed", "fen", "told"),
    [
        ("3万元", 3_000_000, ["“3万元”已换算为30,000元。"]),
        ("１.５万", 1_500_000, ["“１.５万”已换算为15,000元。"]),
        ("￥1,200.50", 120_050, []),
        ("1 200元", 120_000, []),
    ],
)
def test_a_figure_typed_with_its_unit_is_converted_and_named(
    typed: str, fen: int, told: list[str]
) -> None:
    form = send({"money": typed})
    assert (form.money.data, form.conversions()) == (fen, told)


@pytest.mark.parametrize("typed", ["3万户", "3美元", "￥3户"])
def test_a_figure_in_another_kind_of_unit_is_refused(typed: str) -> None:
    form = send({"money": typed})
    assert form.money.errors == ["此处按“元”填写，请换算后再填。"]
    assert form.money.shown() == typed


@pytest.mark.parametrize("typed", ["三万", "约3", "3元左右2"])
def test_what_is_no_figure_is_not_taken_for_one(typed: str) -> None:
    assert send({"money": typed}).money.errors == ["请填写数字，如：12.5。"]


@pytest.mark.parametrize(
    ("sent", "numbers"),
    [
        ({"a-order": "3,1,3,0,2,4", "a-rows": "1"}, [3, 1, 0]),
        ({"a-order": "9999"}, [9999]),
        ({"a-order": "1,,2", "a-rows": "2"}, [0, 1]),
        ({"a-rows": "9"}, [0, 1, 2]),
        ({"a-rows": "10000"}, []),
        ({"b-rows": "2"}, []),
    ],
)
def test_no_more_rows_are_read_than_a_page_can_have(
    sent: dict[str, str], numbers: list[int]
) -> None:
    assert numbers_in_order(MultiDict(sent), "a", 3) == numbers
