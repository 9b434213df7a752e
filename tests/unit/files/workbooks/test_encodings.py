"""The encoding of a text file is recognised, or the line in which it breaks is named."""

from __future__ import annotations

import codecs
import string

import pytest

from lab.files.workbooks.delimited import read_delimited
from lab.files.workbooks.encodings import decode_text
from lab.rejected import Rejected

# 200 lines: what decides may stand far behind the beginning.
LINES = ["项目名称,单位,金额", *(f"东城园区缴费{n},【演示】邮政分公司,1200" for n in range(199))]
TEXT = "\n".join(LINES) + "\n"
UTF8, GBK = TEXT.encode(), TEXT.encode("gbk")
WRONG = "第{}行有损坏的字，或编码与其他行不同"
CUT = "文件到第{}行中断，后面的内容不完整"
NEITHER = "无法识别文件的编码：第{}行既不是UTF-8，也不是GBK"
NO_TEXT = "无法识别文件的编码：第{}行有文本中不会有的字符"


@pytest.mark.parametrize(
    "data",
    [
        UTF8,
        codecs.BOM_UTF8 + UTF8,
        codecs.BOM_UTF8 * 2 + UTF8,  # saved by two programs, one after the other
        GBK,
        TEXT.encode("gb18030"),
        "\ufeff".encode("gb18030") + GBK,
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
    ],
)
def test_a_long_text_is_read_in_each_encoding(data: bytes) -> None:
    assert decode_text(data) == TEXT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(
    "text",
    [
        "姓名\n一丁\n",
        "一直,联通\n",
        "㐀𠮷,〇\n王𠮷,1\n",  # beyond the characters of GBK
        "a" * 4095 + "名,金额\n" + "东" * 4096 + ",1\n",
        "繁體字,區域名稱\n臺灣,發展\n",
        "价格—￥1,200…,“甲”·乙\n甲,乙\n",
        "é,ü,°C,±,×\n名,1\n",
        "name,amount\nabc,1\n",
        "",
    ],
)
def test_texts_that_look_alike_are_not_confused(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize("cut", [1, 2])
@pytest.mark.parametrize("size", [64, 512, 1024, 4096, 8192])
def test_a_character_across_any_border_is_read(cut: int, size: int) -> None:
    text = "a" * (size - cut) + "东城,园区\n"
    assert decode_text(text.encode()) == text


def test_french_or_russian_in_utf8_stays_what_it_is() -> None:
    for text in ("créée,Müller\n", "Привет,мир\n", "Ελλάδα,1\n"):
        assert decode_text(text.encode()) == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (UTF8.replace(b"198", b"\xa0198"), WRONG.format(200)),
        (UTF8 + b"\xa0,1\n", WRONG.format(201)),  # a blank of a web page
        (UTF8.replace("缴费7,".encode(), "缴费7,".encode()[1:]), WRONG.format(9)),
        (UTF8.replace(b"1200", b"1200\xa0"), WRONG.format(2)),  # one in every line
        (codecs.BOM_UTF8 + UTF8 + b"\xff\n", WRONG.format(201)),
        (UTF8 + b"\xed\xa0\xbd\xed\xb8\x80\n", WRONG.format(201)),  # halves of a character
        (UTF8 + GBK, WRONG.format(201)),
        (GBK + UTF8, WRONG.format(201)),
        (GBK * 9 + LINES[1].encode() + b"\n" + GBK, WRONG.format(1801)),
        (UTF8[:-1].replace(b"1200", b"") + "元".encode()[:2], CUT.format(200)),
        (UTF8.replace(b"\n", b"\r\n") + "元".encode()[:1], CUT.format(201)),
        (codecs.BOM_UTF8 + UTF8 + "元".encode()[:2], CUT.format(201)),
        (GBK + "元".encode("gbk")[:1], CUT.format(201)),
        (TEXT.encode("utf-16") + b"\x43", CUT.format(201)),
        (TEXT.encode("utf-16") + b"\x00\xd8\n\0", WRONG.format(201)),
        (b"\xff\xfea", CUT.format(1)),
        (GBK + b"a\xff\n", NEITHER.format(201)),
        (b"\x81\x20", NEITHER.format(1)),
        (b"abc\xff\n", NEITHER.format(1)),
        (b"a,b\nc\x01,d", NO_TEXT.format(2)),
        (b"\0\0\0\x01x", NO_TEXT.format(1)),
        ("名称,金额\n东\0城,1\n".encode(), NO_TEXT.format(2)),
        ("名称,金额\n东\0城,1\n".encode("gbk"), NO_TEXT.format(2)),
        (TEXT.encode("utf-32"), NO_TEXT.format(1)),
    ],
)
def test_where_an_encoding_breaks_the_line_is_named(data: bytes, message: str) -> None:
    with pytest.raises(Rejected) as rejected:
        read_delimited(data)
    assert message in rejected.value.message and rejected.value.message.endswith("再上传。")


@pytest.mark.parametrize("wrong", [bytes([byte]) for byte in range(0x80, 0x100)])
def test_one_wrong_byte_never_makes_another_text_of_it(wrong: bytes) -> None:
    for place in (0, 1, 2, 3, len(UTF8) // 2, len(UTF8) - 1):
        with pytest.raises(Rejected):
            read_delimited(UTF8[:place] + wrong + UTF8[place:])


@pytest.mark.parametrize("sign", string.ascii_letters[:3])
def test_rare_characters_among_letters_are_gbk(sign: str) -> None:
    text = f"{sign}喆,{sign}镕{sign}\n陈旻昱,王珺\n"
    assert decode_text(text.encode("gbk")) == text
