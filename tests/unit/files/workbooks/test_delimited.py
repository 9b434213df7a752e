"""Text files are read whatever wrote them, and what was lost on the way is named."""

from __future__ import annotations

import codecs

import pytest

from lab.files.rules.lossy_texts import lossy_notes
from lab.files.workbooks.delimited import read_delimited
from lab.files.workbooks.reading import read_workbook

ROWS = (("项目名称", "金额"), ("东城园区", "1,200"))
COMMAS = '项目名称,金额\r\n东城园区,"1,200"\r\n'


@pytest.mark.parametrize(
    "data",
    [
        COMMAS.encode(),
        COMMAS.encode("utf-8-sig"),
        COMMAS.encode("gbk"),
        COMMAS.encode("gb18030"),
        COMMAS.encode("utf-16"),
        codecs.BOM_UTF16_BE + COMMAS.encode("utf-16-be"),
        COMMAS.encode("utf-16-le"),
        COMMAS.encode("utf-16-be"),
        COMMAS.encode("gbk") + b"\x1a",
        COMMAS.encode() + b"\x1a\x1a\0\0",
        COMMAS.encode("gbk") + b"\x1a\r\n",
        COMMAS.encode() + b"\n\x1a  \r\n\x1a",
        COMMAS.encode() + b"\x1a,,\r\n",
        COMMAS.encode("gbk") + b"\x1a,\r\n,\r\n\0,\r\n",
        COMMAS.encode() + b",\r\n,,\r\n\r\n",
        COMMAS.replace("\r\n", "\n").encode(),
        COMMAS.replace("\r\n", "\r").encode(),
        COMMAS.replace('"1,200"', '"1,200"').replace(",金", ";金").replace("区,", "区;").encode(),
        "项目名称\t金额\n东城园区\t1,200\n".encode("utf-16"),
        "项目名称\t金额\n东城园区\t1,200".encode("gbk"),
        "sep=;\r\n项目名称;金额\r\n东城园区;1,200\r\n".encode(),
        '"项目名称";"金额"\n"东城园区";"1,200"'.encode(),
    ],
)
def test_a_text_file_is_read_whatever_wrote_it(data: bytes) -> None:
    sheet = read_delimited(data)
    assert (sheet.rows, sheet.notes) == (ROWS, ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1.01E+10", "长数字已变成“1.01E+10”"),
        ("1E+15", "长数字已变成"),
        ("6.22202E+18", "长数字已变成"),
        ("-1.5E-07", "长数字已变成"),
        ("1.1010119900101E+17", "长数字已变成"),
        ("#N/A", "显示为#N/A（没有找到对应的内容）"),
        ("#REF!", "引用的单元格已不存在"),
        ("#VALUE!", "类型不对"),
        ("#DIV/0!", "除数是0"),
        ("#NAME?", "名称无法识别"),
    ],
)
def test_what_excel_wrote_instead_of_the_content_is_named(text: str, message: str) -> None:
    sheet = read_delimited(f"电话\n{text}\n".encode())
    assert sheet.rows == (("电话",), ("",))
    assert len(sheet.errors) == 1 and message in sheet.errors[0].message


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('"=""01012345678"""', "01012345678"),
        ("'=1+1", "=1+1"),
        ("'#N/A", "#N/A"),
        ("'1.01E+10", "1.01E+10"),
        ("''#N/A", "'#N/A"),
        ("1e9", "1e9"),
        ("#1", "#1"),
        ("第#号", "第#号"),
    ],
)
def test_a_guarded_text_is_read_as_it_was_stored(cell: str, text: str) -> None:
    sheet = read_delimited(f"内容\n{cell}\n".encode())
    assert (sheet.rows[1], sheet.notes) == ((text,), ())


LOST = [
    ("刘\ufffd平", True),
    ("锟斤拷锟斤拷", True),
    ("????", True),
    ("?? ??", True),
    ("东城??园区", False),
    ("刘?平", False),
    ("是否可行??", False),
    ("李\U00020bb7?甲", False),
]


@pytest.mark.parametrize(("text", "error"), LOST)
def test_characters_lost_by_an_encoding_are_named(text: str, error: bool) -> None:
    (note,) = lossy_notes([["甲", text]])
    assert (note.row, note.column, note.error) == (1, 2, error)
    assert "请对照原件" in note.message


@pytest.mark.parametrize(
    "text", ["可行吗?", "?", "https://a.example/?b=c", "A?B", "锟", "", "？？"]
)
def test_an_honest_question_mark_is_left_alone(text: str) -> None:
    assert lossy_notes([[text]]) == []


def test_losses_are_named_in_workbooks_and_text_files_alike() -> None:
    sheet = read_workbook("名称\n????\n".encode(), "填写", extension="csv")
    assert [note.error for note in sheet.notes] == [True]
