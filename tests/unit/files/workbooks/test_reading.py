"""What a workbook shows is read; what cannot be read is named with its cell and the cure."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from secrets import token_hex

import openpyxl
import pytest
import xlsxwriter

from lab.files.rules.sheet import (
    CellNote,
    Place,
    Sheet,
    column_letters,
    number_list,
    parse_reference,
    reading_problem,
)
from lab.files.workbooks import older
from lab.files.workbooks.reading import open_workbook, read_workbook
from lab.rejected import Rejected
from tests.support.builders.raw_workbooks import MAIN, ods, packed, raw_xlsx, text_cell

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
TRUE_ZIP = b"PK\x03\x04"


def read(data: bytes, extension: str = "xlsx") -> Sheet:
    return read_workbook(data, "填写", extension=extension)


def messages(sheet: Sheet) -> list[str]:
    return [note.addressed for note in sheet.notes]


# -- formulas and errors -----------------------------------------------------------------------


def cell(place: str, inside: str, attributes: str = "") -> str:
    return f'<c r="{place}" {attributes}>{inside}</c>'


NOT_COMPUTED = [
    (cell("B2", "<f>A1+1</f>"), ""),
    (cell("B2", "<f>A1+1</f><v/>"), ""),
    (cell("B2", "<f>A1+1</f><v></v>"), ""),
    (cell("B2", '<f t="shared" si="0"/>'), ""),
    (cell("B2", "<f>A1+1</f><v>0</v>"), '<calcPr fullCalcOnLoad="1"/>'),
    (cell("B2", '<f t="array" ref="B2">A1:A2</f>'), ""),
    (cell("B2", "<f>A1&amp;A2</f>", 't="str"'), ""),
]


@pytest.mark.parametrize(("markup", "settings"), NOT_COMPUTED)
def test_a_formula_without_a_result_is_named(markup: str, settings: str) -> None:
    sheet = read(raw_xlsx(f'<row r="2">{markup}</row>', settings=settings))
    assert messages(sheet) == [
        "单元格B2：公式没有计算结果，读不到内容。请用Excel或WPS打开文件，保存后再上传。"
    ]


@pytest.mark.parametrize(
    ("markup", "settings", "text"),
    [
        (cell("A1", "<f>1+1</f><v>2</v>"), "", "2"),
        (cell("A1", "<f>1-1</f><v>0</v>"), "", "0"),
        (cell("A1", "<f>1+1</f><v>2</v>"), '<calcPr fullCalcOnLoad="1"/>', "2"),
        (cell("A1", "<f>B1&amp;C1</f><v>甲乙</v>", 't="str"'), "", "甲乙"),
        (cell("A1", "<f>1=1</f><v>1</v>", 't="b"'), "", "是"),
    ],
)
def test_the_result_of_a_formula_is_read(markup: str, settings: str, text: str) -> None:
    sheet = read(raw_xlsx(f'<row r="1">{markup}</row>', settings=settings))
    assert (sheet.rows, sheet.notes) == (((text,),), ())


def test_a_picture_inside_a_cell_is_named() -> None:
    formula = '<f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v>'
    markup = cell("C3", formula, 't="str"')
    sheet = read(raw_xlsx(f'<row r="3">{markup}</row>'))
    assert messages(sheet) == ["单元格C3：这是嵌在单元格里的图片，不能读取。请改填文字。"]


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ("#N/A", "没有找到对应的内容"),
        ("#REF!", "引用的单元格已不存在"),
        ("#VALUE!", "参与计算的内容类型不对"),
        ("#DIV/0!", "除数是0"),
        ("#NAME?", "名称无法识别"),
        ("#BLOCKED!", "公式出错"),
    ],
)
def test_an_error_value_is_named_with_its_meaning(value: str, meaning: str) -> None:
    markup = cell("D2", f"<v>{value}</v>", 't="e"')
    sheet = read(raw_xlsx(f'<row r="2">{markup}</row>'))
    assert len(sheet.errors) == 1
    assert sheet.errors[0].addressed.startswith(f"单元格D2：显示为{value}（")
    assert meaning in sheet.errors[0].message and "请改正公式" in sheet.errors[0].message


def test_a_text_that_looks_like_an_error_is_a_text() -> None:
    sheet = read(raw_xlsx(f'<row r="1">{text_cell("A1", "#N/A")}</row>'))
    assert (sheet.rows, sheet.notes) == ((("#N/A",),), ())


# -- numbers and days --------------------------------------------------------------------------


def test_numbers_are_read_with_the_formats_of_their_cells() -> None:
    row = "".join(
        f'<c r="{column_letters(n)}1" s="{n}"><v>{value}</v></c>'
        for n, value in enumerate(("1012345678", "0.35", "46376.3541666", "1200"), start=1)
    )
    formats = ("00000000000", "0%", "yyyy-mm-dd", '"¥"#,##0')
    sheet = read(raw_xlsx(f'<row r="1">{row}</row>', formats=formats))
    assert sheet.rows == (("01012345678", "35%", "2026-12-20", "¥1,200"),)
    assert sheet.numbers == {(1, 4): "1200"}
    assert messages(sheet) == ["单元格C1：按2026年12月20日读取；单元格里还存有没显示的时间08:30。"]


def test_a_workbook_of_another_program_is_read_the_same() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet("填写")
    page.write_number(0, 0, 7, book.add_format({"num_format": "000"}))
    page.write_rich_string(0, 1, "甲", book.add_format({"bold": True}), "乙", "丙")
    page.write_boolean(0, 2, True)
    page.write_string(0, 3, "一\r\n二 _x0041_")
    book.close()
    assert read(out.getvalue()).rows == (("007", "甲乙丙", "是", "一\r\n二 _x0041_"),)


def test_the_reading_above_characters_is_left_out() -> None:
    shared = "<si><r><t>東京</t></r><rPh><t>トウキョウ</t></rPh></si>"
    data = raw_xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared=(shared,))
    assert read(data).rows == (("東京",),)


def test_the_strict_form_of_the_standard_is_read() -> None:
    assert read(raw_xlsx(f"<row>{text_cell('A1', '甲')}</row>", namespace=STRICT)).rows == (
        ("甲",),
    )


def test_cells_without_addresses_follow_each_other() -> None:
    rows = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>4</v></c></row>"
    assert read(raw_xlsx(rows)).rows == (("1", "", "3"), ("4",))


# -- rows, columns, merged cells ---------------------------------------------------------------


def three_rows(second: str = "") -> str:
    return "".join(
        f'<row r="{n}" {second if n == 2 else ""}>{text_cell(f"A{n}", str(n))}</row>'
        for n in (1, 2, 3)
    )


@pytest.mark.parametrize(
    ("attribute", "hidden"),
    [
        ('hidden="1"', {2}),
        ('hidden="true"', {2}),
        ('ht="0" customHeight="1"', {2}),
        ('outlineLevel="1" hidden="1"', {2}),
        ('ht="15"', set()),
        ('hidden="0"', set()),
    ],
)
def test_hidden_rows_with_content_are_known(attribute: str, hidden: set[int]) -> None:
    assert read(raw_xlsx(three_rows(attribute))).hidden == hidden


def test_a_hidden_row_without_content_does_not_matter() -> None:
    assert read(
        raw_xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="9" hidden="1"/>')
    ).hidden == (frozenset())


@pytest.mark.parametrize("attribute", ['hidden="1"', 'width="0"', 'hidden="true"'])
def test_hidden_columns_with_content_are_named(attribute: str) -> None:
    before = f'<cols><col min="2" max="16384" {attribute}/></cols>'
    rows = f"<row>{text_cell('A1', '甲')}{text_cell('B1', '乙')}</row>"
    sheet = read(raw_xlsx(rows, before=before))
    assert sheet.rows == (("甲", "乙"),)
    assert sheet.remarks == ("第B列在表中是隐藏的，里面的内容也已读取，请核对。",)


def merged(reference: str, extra: str = "") -> Sheet:
    rows = "".join(
        f'<row r="{n}">{text_cell(f"A{n}", str(n))}{extra if n == 2 else ""}'
        f"{text_cell('B1', '东城') if n == 1 else ''}</row>"
        for n in (1, 2, 3)
    )
    after = f'<mergeCells><mergeCell ref="{reference}"/></mergeCells>'
    return read(raw_xlsx(rows, after=after))


def test_every_row_of_a_merged_block_takes_its_value() -> None:
    sheet = merged("B1:B3")
    assert sheet.rows == (("1", "东城"), ("2", "东城"), ("3", "东城"))
    assert messages(sheet) == [
        "单元格B2：与B1合并，按合并单元格的内容读取。",
        "单元格B3：与B1合并，按合并单元格的内容读取。",
    ]


def test_cells_merged_sideways_leave_the_value_to_the_first() -> None:
    sheet = merged("B1:C2")
    assert sheet.rows == (("1", "东城"), ("2", "东城"), ("3",))
    assert "单元格C1：与B1合并，内容只算作B1的。" in messages(sheet)


def test_what_a_merged_block_covers_is_not_read() -> None:
    sheet = merged("B1:B2", text_cell("B2", "盖住的"))
    assert sheet.rows[1] == ("2", "东城")
    assert messages(sheet) == ["单元格B2：与B1合并，盖住的内容“盖住的”没有读取。"]


def test_a_merged_block_with_nothing_beside_it_makes_no_rows() -> None:
    sheet = merged("B1:B9")
    assert len(sheet.rows) == 3


def test_an_unreadable_merged_value_is_unreadable_in_each_row() -> None:
    rows = f'<row r="1">{text_cell("A1", "1")}{cell("B1", "<f>X</f>")}</row>'
    rows += f'<row r="2">{text_cell("A2", "2")}</row>'
    after = '<mergeCells><mergeCell ref="B1:B2"/></mergeCells>'
    sheet = read(raw_xlsx(rows, after=after))
    assert [note.row for note in sheet.errors] == [1, 2]


@pytest.mark.parametrize(
    "far",
    [
        '<row r="30000"><c r="A30000" s="0"/></row>',
        '<row r="1048576" hidden="1"><c r="XFD1048576"/></row>',
        f'<row r="30000">{text_cell("A30000", "  ")}</row>',
        '<row r="500"><c r="IW500" s="0"><v></v></c></row>',
        '<row r="30000"><c r="A30000" t="s"><v>0</v></c></row>',
    ],
)
def test_blank_cells_far_away_are_no_content(far: str) -> None:
    data = raw_xlsx(f"{three_rows()}{far}", shared=("<si><t> </t></si>",))
    assert len(read(data).rows) == 3


def far_ods(row: int, text: str) -> bytes:
    """A workbook with a cell in the first row and one in this row."""
    between = f'<table:table-row table:number-rows-repeated="{row - 2}"><table:table-cell/>'
    lines = [ods_cell("string", "", "题"), ods_cell("string", "", text)]
    first, last = (f"<table:table-row>{line}</table:table-row>" for line in lines)
    return ods(first + (f"{between}</table:table-row>" if row > 2 else "") + last)


@pytest.mark.parametrize("place", ["A20001", "A1048576", "XFD1", "IW3"])
def test_content_far_away_is_named_with_its_cell(place: str) -> None:
    far = parse_reference(place)
    data = raw_xlsx(f'<row r="{far.row}">{text_cell(place, "x")}</row>')
    with pytest.raises(Rejected, match=f"单元格{place}有内容，离表格很远"):
        read(data)


@pytest.mark.parametrize(("row", "text"), [(2, "x"), (30_000, "  ")])
def test_blanks_far_away_are_no_content_in_older_workbooks(row: int, text: str) -> None:
    sheet = read(far_ods(row, text), "ods")
    assert len(sheet.rows) == min(row, 2 if text.strip() else 1)


def test_content_far_away_is_named_in_older_workbooks() -> None:
    with pytest.raises(Rejected, match="“填写”表的单元格A30000有内容，离表格很远"):
        read(far_ods(30_000, "x"), "ods")


# -- worksheets --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["填写", "填写 ", " 填写", "填\u3000写", "填写\u00a0"])
def test_a_worksheet_is_found_by_its_name_without_blanks(name: str) -> None:
    data = raw_xlsx(three_rows(), sheets=((name, "visible"), ("说明", "visible")))
    assert len(read(data).rows) == 3


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_the_only_visible_worksheet_is_the_one(state: str) -> None:
    sheets = (("汇总", "visible"), ("选项", state))
    assert len(read(raw_xlsx(three_rows(), sheets=sheets)).rows) == 3


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ((("一", "visible"), ("二", "visible")), "没有名为“填写”的工作表，现有“一”、“二”"),
        ((("填写", "hidden"), ("一", "visible"), ("二", "visible")), "“填写”被隐藏了"),
        ((("一", "veryHidden"),), "没有可以看到的工作表"),
    ],
)
def test_a_workbook_without_the_worksheet_says_what_it_has(
    sheets: tuple[tuple[str, str], ...], message: str
) -> None:
    with pytest.raises(Rejected, match=message):
        read(raw_xlsx(three_rows(), sheets=sheets))


# -- other kinds of files ----------------------------------------------------------------------


def compound(name: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + name.encode("utf-16-le")


def old_workbook(records: bytes, opening: bytes = b"\x10\0\0\x06\x05\0" + bytes(12)) -> bytes:
    """The beginning of a workbook of Excel 97 (or, with its opening, of Excel 95)."""
    return compound("Workbook") + b"\x09\x08" + opening + records


def locked_archive() -> bytes:
    data = bytearray(raw_xlsx(three_rows()))
    place = data.rfind(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


def locked_ods() -> bytes:
    """As LibreOffice saves it with a password: the content is no XML, the manifest says why."""
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": token_hex(200),
            "META-INF/manifest.xml": f"<manifest:manifest>{entry}</manifest:file-entry>",
        }
    )


REFUSED = [
    (compound("EncryptedPackage"), "xlsx", "取消打开密码和“保护工作簿”后保存"),
    (compound("EncryptedPackage"), "xls", "有打开密码"),
    (compound("EncryptedPackage"), "et", "有打开密码"),
    (compound("DataSpaces") + compound("EncryptedPackage"), "csv", "有打开密码"),
    (old_workbook(b"\x2f\0\x36\0"), "xls", "取消打开密码和“保护工作簿”后保存"),
    (old_workbook(b"\x86\0\0\0\x2f\0\x36\0"), "et", "有打开密码"),
    (old_workbook(b"\x2f\0\x04\0", b"\x08\0\0\x05\x05\0" + bytes(4)), "xls", "有打开密码"),
    (old_workbook(b"\xe1\0\x02\0\x2f\0\xc1\0"), "xls", "已损坏或不是表格文件"),
    (locked_archive(), "xlsx", "有打开密码"),
    (locked_ods(), "ods", "有打开密码"),
    (compound("WordDocument"), "xls", "Word或WPS的文字文件"),
    (compound("Other"), "et", "已损坏或不是表格文件"),
    (compound("Workbook"), "xls", "已损坏或不是表格文件"),
    (packed({"word/document.xml": "<x/>"}), "xlsx", "这是Word文档"),
    (packed({"xl/workbook.bin": b"x"}), "xlsx", "xlsb"),
    (packed({"表.xlsx": b"x"}), "xlsx", "压缩包"),
    (b"%PDF-1.7 ...", "xlsx", "PDF文件"),
    (b"\x89PNG\r\n\x1a\n", "xlsx", "图片"),
    (b"Rar!\x1a\x07", "xlsx", "压缩包"),
    (b"\r\n<html><table><tr><td>1", "xls", "网页格式的表格"),
    (b'<?xml version="1.0"?><Workbook/>', "xls", "XML格式的表格"),
    (b"nothing of the kind", "xlsx", "已损坏或不是表格文件"),
    (TRUE_ZIP + b"cut", "xlsx", "已损坏或不是表格文件"),
]


@pytest.mark.parametrize(("data", "extension", "message"), REFUSED)
def test_another_kind_of_file_is_named_with_the_cure(
    data: bytes, extension: str, message: str
) -> None:
    with pytest.raises(Rejected, match=message) as refused:
        read(data, extension)
    assert "请" in refused.value.message


def ods_cell(kind: str, value: str, text: str) -> str:
    named = {"float": "value", "date": "date-value", "percentage": "value"}.get(kind)
    held = f'office:{named}="{value}"' if named else ""
    return (
        f'<table:table-cell office:value-type="{kind}" {held}><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


def test_a_workbook_of_another_kind_is_read_with_a_remark() -> None:
    cells = ods_cell("string", "", "甲") + ods_cell("date", "2022-07-01", "7月1日")
    cells += ods_cell("float", "1012345678", "01012345678")
    cells += ods_cell("percentage", "0.35", "35%") + ods_cell("float", "12", "12")
    sheet = read(ods(f"<table:table-row>{cells}</table:table-row>"), "ods")
    assert sheet.rows == (("甲", "2022-07-01", "1012345678", "0.35", "12"),)
    assert "另存为XLSX" in sheet.remarks[0]
    assert messages(sheet) == [
        "单元格C1：按数字存放为1012345678。如果表中显示时前面有0，请改为文本。",
        "单元格D1：按数字存放为0.35。如果表中显示为百分数，请改为文本。",
    ]


def test_blanks_before_the_table_stay_in_older_workbooks() -> None:
    blank, row = "<table:table-cell/>", "<table:table-row>{}</table:table-row>"
    cells = (
        blank,
        blank + blank + ods_cell("string", "", "甲"),
        blank + ods_cell("string", "", "乙"),
    )
    sheet = read(ods("".join(row.format(each) for each in cells)), "ods")
    assert sheet.rows == ((), ("", "", "甲"), ("", "乙"))


# -- hostile parts -----------------------------------------------------------------------------

ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def _cut(data: str) -> str:
    return data[: len(data) // 2]


def _entities(data: str) -> str:
    return ENTITIES + data.replace("</worksheet>", "<x>&b;</x></worksheet>")


@pytest.mark.parametrize("spoil", [_cut, _entities, lambda _data: "", lambda data: data[1:]])
def test_a_damaged_or_hostile_part_is_refused(spoil: Callable[[str], str]) -> None:
    blank = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    relation = '<Relationship Id="r" Target="worksheets/s.xml"/>'
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships"><sheets><sheet name="填写" sheetId="1" r:id="r"/></sheets></workbook>'
    )
    data = packed(
        {
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": f"<Relationships>{relation}</Relationships>",
            "xl/worksheets/s.xml": spoil(blank),
        }
    )
    with pytest.raises(Rejected, match="已损坏"):
        read(data)


def test_a_saved_template_of_openpyxl_is_read() -> None:
    out, book = io.BytesIO(), openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "填写"
    page["A1"], page["B1"] = "甲", "=1+1"
    page.merge_cells("A1:A2")
    page["B2"] = 5
    book.save(out)
    sheet = read(out.getvalue())
    assert sheet.rows == (("甲", ""), ("甲", "5"))
    assert reading_problem(sheet).startswith("单元格B1：公式没有计算结果")


def test_places_and_numbers_of_rows_are_written_as_in_the_sheet() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert [parse_reference(text) for text in ("A1", "AA10", "XFD1048576")] == [
        (1, 1),
        (10, 27),
        (1048576, 16384),
    ]
    assert number_list([7, 3]) == "第3、7行"
    assert number_list(range(1, 9)) == "第1、2、3、4、5行等8行"


# -- one odd cell ------------------------------------------------------------------------------

ODD_NUMBERS = ["NaN", "INF", "-Infinity", "1E999", "abc", "1,5", "12 3", "0x10"]
FORMATS = ("yyyy-mm-dd", "0.00", "0.000000000000000", "[h]:mm", "#,##0", "0%")


def beside(odd: str, **given: Sequence[str]) -> Sheet:
    """A table of two rows, the second with a sound text beside odd cells."""
    rows = f'<row r="1">{text_cell("A1", "题")}</row><row r="2">{text_cell("A2", "甲")}{odd}</row>'
    return read(raw_xlsx(rows, **given))


def test_a_number_that_is_none_is_a_fault_of_its_cell() -> None:
    pairs = [(stored, style) for stored in ODD_NUMBERS for style in range(len(FORMATS) + 1)]
    cells = [
        cell(f"{column_letters(place)}2", f"<v>{stored}</v>", f's="{style}"')
        for place, (stored, style) in enumerate(pairs, start=2)
    ]
    sheet = beside("".join(cells), formats=FORMATS)
    assert "".join(sheet.rows[1]) == "甲" and len(sheet.errors) == len(pairs)
    for note, (stored, _) in zip(sheet.errors, pairs, strict=True):
        assert note.message.startswith(f"存的内容“{stored}”不是有效的数字")
        assert "请重新输入" in note.message


@pytest.mark.parametrize(
    ("stored", "style", "said"),
    [
        ("1E+308", 0, "（现为1E+308）"),
        ("1E+308", 2, "（现为1E+308）"),
        ("1E+308", 1, "存的数1E+308不是日期"),
        ("2958466", 1, "存的数2958466不是日期"),
        ("2958465.9999999", 1, "不是日期"),
        ("-1", 1, "存的数-1不是日期"),
        ("1E-300", 0, "存的数1E-300太小"),
    ],
)
def test_what_no_cell_can_show_is_a_fault_of_its_cell(stored: str, style: int, said: str) -> None:
    sheet = beside(cell("B2", f"<v>{stored}</v>", f's="{style}"'), formats=FORMATS)
    assert sheet.rows[1] == ("甲", "")
    assert said in sheet.errors[0].addressed and sheet.errors[0].addressed.startswith("单元格B2：")


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        (cell("B2", "<v>7</v>", 't="s"'), "文字在文件中缺失"),
        (cell("B2", "<v>x</v>", 't="s"'), "文字在文件中缺失"),
        (cell("B2", "<v>-1</v>", 't="s"'), "文字在文件中缺失"),
        (cell("B2", "<v>maybe</v>", 't="b"'), "不是有效的数字"),
    ],
)
def test_a_cell_that_refers_to_nothing_is_named(markup: str, said: str) -> None:
    sheet = beside(markup)
    assert sheet.rows[1] == ("甲", "") and said in sheet.errors[0].message


@pytest.mark.parametrize(
    ("markup", "second"),
    [
        (cell("B2", "<v>1</v>", 's="x"'), ("甲", "1")),
        (cell("B2", "<v>1</v>", 's="99"'), ("甲", "1")),
        (cell("2B", "<v>1</v>"), ("甲", "1")),
        (cell("B0", "<v>1</v>"), ("甲", "1")),
        (cell("B2", "<v>999999999999999</v>", 's="3"'), ("甲", "999999999999999.000000000000000")),
    ],
)
def test_what_only_looks_odd_is_read(markup: str, second: tuple[str, ...]) -> None:
    sheet = beside(markup, formats=FORMATS)
    assert (sheet.rows[1], sheet.errors) == (second, ())


@pytest.mark.parametrize(
    ("before", "after", "row"),
    [
        ('<cols><col min="a" max="b" hidden="1"/></cols>', "", 'r="1"'),
        ("", '<mergeCells><mergeCell ref="oben:unten"/></mergeCells>', 'r="1"'),
        ("", "", 'r="x"'),
        ("", "", 'r="1" ht="auto"'),
    ],
)
def test_an_odd_attribute_takes_no_content_away(before: str, after: str, row: str) -> None:
    data = raw_xlsx(f"<row {row}>{text_cell('A1', '题')}</row>", before=before, after=after)
    assert read(data).rows == (("题",),)


@pytest.mark.parametrize("stored", [float("nan"), float("inf"), 1e300, 1e-300])
def test_an_older_workbooks_odd_number_is_a_fault_of_its_cell(stored: float) -> None:
    notes: list[CellNote] = []
    assert older._text(stored, Place(12_345, 2), notes) == ""
    assert notes[0].error and notes[0].addressed.startswith("单元格B12345：")


@pytest.mark.parametrize("row", [9_999, 10_000, 12_345, 20_000])
def test_a_far_row_is_named_by_its_number(row: int) -> None:
    markup = f'<row r="{row}">{cell(f"B{row}", "<v>NaN</v>")}</row>'
    sheet = read(raw_xlsx(f'<row r="1">{text_cell("A1", "题")}</row>{markup}'))
    assert len(sheet.rows) == row
    assert sheet.errors[0].addressed.startswith(f"单元格B{row}：存的内容")


@pytest.mark.parametrize("name", ["名" * 31, "长" * 300, "a" * 200_000, '引"号', "甲\U00010000乙"])
def test_a_worksheet_is_found_by_any_name(name: str) -> None:
    written = name.replace('"', "&quot;")
    noise = (text_cell("B1", token_hex(200_000)),)
    rows = f'<row r="1">{text_cell("A1", "题")}{"".join(noise)}</row>'
    data = raw_xlsx(rows, sheets=((written, "visible"), ("另一个", "visible")))
    listed = open_workbook(data, extension="xlsx").listed
    assert [sheet.name for sheet in listed] == [name[:100], "另一个"]
    for wanted in (listed[0].name, name):
        opened = open_workbook(data, wanted[:100], extension="xlsx").sheet
        assert opened is not None and opened.rows[0][0] == "题"


def test_no_name_of_a_worksheet_breaks_the_reader() -> None:
    data = raw_xlsx(f'<row r="1">{text_cell("A1", "题")}</row>', sheets=(("甲", "visible"),) * 2)
    for wanted in ("a\0b", "b" * 300_000, "\ud800"):
        assert open_workbook(data, wanted, extension="xlsx").sheet is None
