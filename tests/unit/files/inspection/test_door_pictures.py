"""Pictures at the door: as telephones, scanners and Windows make them, and broken ones."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from PIL import Image

from lab.files.inspection import pictures
from tests.support.builders import files as builders_files
from tests.support.builders import odd_files as odd
from tests.support.door import TAKEN, at_the_door, drawn

JPEG, PNG, LARGE = odd.photo(), odd.photo("PNG"), odd.photo(size=(800, 900))
PROGRESSIVE = odd.photo(size=(800, 900), progressive=True)
PAINT = "请用系统自带的“画图”或看图软件打开，另存为PNG或JPG后再传。"
CUT = "不完整或已损坏，请重新导出后再传。"
AVIF = b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + b"\0" * 40
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + b"\0" * 40


def renamed(name: str, kind: str) -> str:
    return f"{TAKEN}这是{kind}，名称已改为“{name}”。"


DOOR = [
    ("照片.jpg", JPEG[:-2], TAKEN),
    ("照片.jpg", JPEG[:-1], TAKEN),
    ("照片.jpg", PROGRESSIVE[:-2], TAKEN),
    ("照片.jpg", JPEG[:-2] + b"\0" * 64, TAKEN),
    ("照片.jpg", JPEG + b"SEFH" * 400, TAKEN),
    ("照片.jpg", LARGE[: len(LARGE) // 2], "half"),
    ("照片.jpg", LARGE[: len(LARGE) // 2] + b"\0" * 9000, "half"),
    ("照片.jpg", PROGRESSIVE[: len(PROGRESSIVE) // 3], "half"),
    ("照片.jpg", JPEG[:100], f"文件“照片.jpg”{CUT}"),
    ("照片.jpg", JPEG[:300], f"文件“照片.jpg”{CUT}"),
    ("照片.jfif", JPEG, TAKEN),
    ("照片.jpe", JPEG, TAKEN),
    ("照片.JPG", odd.photo(progressive=True), TAKEN),
    ("照片.JPEG", odd.of_mode("CMYK", "JPEG"), TAKEN),
    ("照片.jpg", odd.of_mode("L", "JPEG"), TAKEN),
    ("照片.heic", odd.HEIC, TAKEN),
    ("照片.HEIF", odd.HEIC, TAKEN),
    ("照片.jpg", odd.HEIC, renamed("照片.heic", "HEIC格式的照片")),
    ("照片.heic", odd.HEIC[:-120], f"文件“照片.heic”{CUT}"),
    ("照片.heic", odd.HEIC[:300], f"文件“照片.heic”{CUT}"),
    ("截图.jpg", PNG, renamed("截图.png", "PNG格式的图片")),
    ("截图.png", JPEG, renamed("截图.jpg", "JPG格式的图片")),
    ("截图.png", odd.of_mode("I;16", "PNG"), TAKEN),
    ("截图.png", odd.of_mode("P", "PNG"), TAKEN),
    ("截图.png", odd.of_mode("RGBA", "PNG"), TAKEN),
    ("截图.png", odd.animated("PNG"), TAKEN),
    ("截图.png", PNG + b"\0" * 300, TAKEN),
    ("截图.png", PNG + b"made by a tool", TAKEN),
    ("截图.png", PNG[:-12], TAKEN),
    ("截图.png", PNG[: len(PNG) // 2], f"文件“截图.png”{CUT}"),
    (
        "截图.png",
        PNG + builders_files.pdf(),
        "文件“截图.png”同时是PDF文件，请用原来的软件打开，重新另存后再传。",
    ),
    (
        "截图.png",
        PNG + builders_files.office(),
        "文件“截图.png”同时是压缩包（ZIP），请用原来的软件打开，重新另存后再传。",
    ),
    ("截图.png", odd.photo("WEBP"), f"文件“截图.png”其实是WebP格式的图片，{PAINT}"),
    ("截图.webp", odd.photo("WEBP"), f"文件“截图.webp”是WebP格式的图片，{PAINT}"),
    ("扫描.jpg", odd.photo("TIFF"), f"文件“扫描.jpg”其实是TIFF格式的图片，{PAINT}"),
    ("扫描.tif", odd.photo("TIFF"), f"文件“扫描.tif”是TIFF格式的图片，{PAINT}"),
    ("图.jpg", odd.photo("BMP"), f"文件“图.jpg”其实是BMP格式的图片，{PAINT}"),
    ("动图.png", odd.animated("GIF"), f"文件“动图.png”其实是GIF格式的图片，{PAINT}"),
    ("照片.heic", AVIF, f"文件“照片.heic”其实是AVIF格式的图片，{PAINT}"),
    ("录像.jpg", FILM, "文件“录像.jpg”其实是音频或视频，音频、视频不能上传。"),
    (
        "合同.jpg",
        builders_files.pdf(),
        "文件“合同.jpg”其实是PDF文件，请把名称的后缀改为.pdf后再传。",
    ),
    ("空.png", b"", "文件“空.png”是空的（0字节），请重新选择。"),
]


@pytest.mark.parametrize(("name", "data", "answer"), DOOR)
def test_a_picture_is_taken_or_told_why_not(name: str, data: bytes, answer: str) -> None:
    said = at_the_door(name, data)
    if answer == "half":
        share = int(said.removeprefix(f"文件“{name}”不完整，下面约").partition("%")[0])
        assert 20 < share < 80 and "的内容缺失，请从原处重新取得整张图片后再传" in said
    else:
        assert said == answer
    if said.startswith(TAKEN):
        assert [piece for _, piece, *_ in drawn(name, data)] == [1]


@pytest.mark.parametrize("kept", [0.95, 0.7, 0.4, 0.2])
def test_what_is_missing_of_a_photograph_is_said(kept: float) -> None:
    said = at_the_door("照片.jpg", LARGE[: int(len(LARGE) * kept)])
    assert said.startswith("文件“照片.jpg”不完整，下面约")


def test_a_photograph_is_upright_and_keeps_no_notes() -> None:
    (shown,) = pictures.preview(odd.HEIC, "heic")
    picture = Image.open(io.BytesIO(shown.data)).convert("RGB")
    assert picture.size == (64, 96)
    red = [picture.getpixel(at) for at in ((50, 10), (10, 10), (50, 80), (10, 80))]
    assert [value[1] < 100 for value in red] == [True, False, False, False]  # type: ignore[index]
    assert b"secret" in odd.HEIC and b"secret" not in shown.data


def test_too_many_pixels_are_counted_before_they_are_read() -> None:
    data = odd.of_mode("1", "PNG", (10_000, 5_001))
    assert at_the_door("图.png", data) == (
        "文件“图.png”有10000×5001像素，最多5000万像素，请缩小后再传。"
    )


LONG = [
    ((1080, 20_000), 14, (1080, 1503)),  # the screenshot of a whole page
    ((20_000, 1080), 14, (1503, 1080)),  # a plan over two years
    ((2160, 20_000), 7, (1080, 1498)),
    ((300, 3000), 2, (300, 1540)),
    ((1080, 2400), 1, (720, 1600)),  # one screen of a telephone
    ((1600, 500), 1, (1600, 500)),
]


@pytest.mark.parametrize(("size", "count", "first"), LONG)
def test_long_pictures_are_in_readable_pieces(
    size: tuple[int, int], count: int, first: tuple[int, int]
) -> None:
    pieces = drawn("长图.png", odd.of_mode("1", "PNG", size))
    assert len(pieces) == count and pieces[0][2:] == first
    assert {(width, height) for _, _, width, height in pieces} == {first}


@pytest.mark.parametrize("length", [1600, 1601, 1680, 3040, 3121, 20_000, 97_280])
def test_pieces_join_and_overlap(length: int) -> None:
    spans = pictures.spans(length)
    assert spans[0][0] == 0 and spans[-1][1] == length
    assert all(0 < end - begin <= 1600 for begin, end in spans)
    assert all(before[1] - after[0] >= 80 for before, after in pairwise(spans))


def test_a_line_on_the_seam_is_whole_in_one_piece() -> None:
    image = Image.new("RGB", (1080, 5000), "white")
    begin, end = pictures.spans(5000)[1]
    image.paste("red", (0, begin + 20, 1080, begin + 60))
    shown = pictures.displayed_pieces(image)
    columns = [Image.open(io.BytesIO(p.data)).convert("RGB").getchannel("G") for p in shown]
    reds = [sum(column.crop((5, 0, 6, column.height)).histogram()[:100]) for column in columns]
    assert reds[:2] == [40, 40] and end - begin == shown[1].height
