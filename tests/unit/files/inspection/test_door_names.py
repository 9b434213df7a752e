"""Names at the door: the ending, the length, the size; and what is said of each."""

from __future__ import annotations

import pytest

from lab.files.inspection.kinds import ALLOWED_TEXT, KINDS, rejection_message, type_messages
from tests.support.builders import files as builders_files
from tests.support.door import LIMIT, at_the_door

OFFICE = "请用Word或WPS打开，另存为.docx或.xlsx后再传。"
AS_PDF = "请打开后另存（或打印）为PDF再传。"
UNPACK = "请解压后逐个上传其中的文件。"
PAINT = "请用系统自带的“画图”或看图软件打开，另存为PNG或JPG后再传。"
PDF = builders_files.pdf()
DOCX, XLSX = (builders_files.packed(builders_files.parts(kind)) for kind in ("docx", "xlsx"))
SAID = {
    ("方案.doc", b""): f"文件“方案.doc”是旧版文字文档，{OFFICE}",
    ("方案.WPS", b""): f"文件“方案.WPS”是旧版文字文档，{OFFICE}",
    ("测算.xls", b""): f"文件“测算.xls”是旧版电子表格，{OFFICE}",
    ("测算.et", b""): f"文件“测算.et”是旧版电子表格，{OFFICE}",
    ("宏.docm", b""): f"文件“宏.docm”是可含宏的Office文件，{OFFICE}",
    ("汇报.pptx", b""): f"文件“汇报.pptx”是演示文稿，{AS_PDF}",
    ("发票.ofd", b""): f"文件“发票.ofd”是其他格式的版式文件，{AS_PDF}",
    ("网页.mht", b""): f"文件“网页.mht”是网页文件，{AS_PDF}",
    ("材料.zip", b""): f"文件“材料.zip”是压缩包，{UNPACK}",
    ("材料.rar", b""): f"文件“材料.rar”是压缩包，{UNPACK}",
    ("说明.exe", b"MZ"): "文件“说明.exe”是程序，程序不能上传。",
    ("没有后缀", b"?"): f"文件“没有后缀”没有后缀，可上传：{ALLOWED_TEXT}。",
    ("没有后缀", PDF): "文件“没有后缀”没有后缀，内容是PDF文件，请把名称的后缀改为.pdf后再传。",
    ("意向书.pdf_", PDF): "文件“意向书.pdf_”的后缀“.pdf_”不在允许之列，"
    "内容是PDF文件，请把名称的后缀改为.pdf后再传。",
    ("方案.pdf", DOCX): "文件“方案.pdf”其实是文字文档，请把名称的后缀改为.docx后再传。",
    ("测算.docx。", XLSX): "文件“测算.docx。”的后缀“.docx。”不在允许之列，"
    "内容是电子表格，请把名称的后缀改为.xlsx后再传。",
    ("图标.png", b"\0\0\1\0\1\0"): f"文件“图标.png”其实是ICO格式的图标，{PAINT}",
    ("照片.jpg", b"\0\0\0\x0cjP  "): f"文件“照片.jpg”其实是JPEG 2000格式的图片，{PAINT}",
    ("数据.dat", b"?"): f"文件“数据.dat”的后缀“.dat”不在允许之列，可上传：{ALLOWED_TEXT}。",
}


@pytest.mark.parametrize(("name", "data"), SAID)
def test_a_kind_that_is_not_taken_is_named(name: str, data: bytes) -> None:
    assert at_the_door(name, data) == SAID[name, data]


def test_a_size_beyond_the_limit_is_said() -> None:
    said = rejection_message("大.pdf", LIMIT + 1, LIMIT, PDF)
    assert said == "文件“大.pdf”有10.1 MB，超过10 MB，请压缩或分开后再传。"
    assert rejection_message("大.pdf", LIMIT, LIMIT, PDF) == ""


def test_no_ending_is_both_taken_and_sent_back() -> None:
    assert not set(type_messages()) & set(KINDS)
