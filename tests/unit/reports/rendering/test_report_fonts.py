"""The official typefaces are used when the institution has them, good stand-ins otherwise."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from fontTools.ttLib import TTFont

from lab.reports.content.leading import to_plain
from lab.reports.rendering import fonts, pdf
from lab.reports.rendering.fonts import FontFile, find_fonts, font_css, font_folders, missing_fonts
from tests.support.documents.report_cases import facts_report
from tests.support.documents.report_pages import needs_fonts


@pytest.fixture(scope="module")
def official() -> bytes:
    """A stand-in that says it is the official typeface."""
    stand_in = next(font for font in find_fonts(font_folders()) if font.family == "FandolFang")
    renamed = io.BytesIO()
    with TTFont(stand_in.path) as font:
        for record in font["name"].names:
            if record.nameID in (1, 4, 6, 16):
                record.string = "FangSong_GB2312"
        font.save(renamed)
    return renamed.getvalue()


@needs_fonts
def test_the_institutions_own_typeface_goes_before_the_stand_in(
    tmp_path: Path, official: bytes
) -> None:
    own = tmp_path / "office.otf"
    own.write_bytes(official)
    folders = font_folders(tmp_path)
    found = find_fonts(folders)
    assert FontFile("FangSong_GB2312", own) in found
    assert "FandolFang" not in {font.family for font in found}
    document = pdf.write_pdf(pdf.render_html(to_plain(facts_report())), folders=folders)
    path = tmp_path / "report.pdf"
    path.write_bytes(document)
    used = pypdf.PdfReader(path).pages[0]["/Resources"]["/Font"]
    assert any("FangSong" in str(font.get_object()["/BaseFont"]) for font in used.values())


@needs_fonts
def test_a_stand_in_promises_only_the_characters_it_has() -> None:
    css = font_css(tuple(font for font in find_fonts(font_folders()) if "Fang" in font.family))
    points = set()
    for part in css.partition("unicode-range:")[2].rstrip("}").split(","):
        first, last = (int(end, 16) for end in part.removeprefix("U+").split("-"))
        points.update(range(first, last + 1))
    assert ord("创") in points
    assert not points & {ord(sign) for sign in "喆昇堃玥䶮0A"}


def test_a_file_that_is_no_font_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"not a font")
    assert find_fonts((tmp_path,)) == ()


def test_missing_stand_in_fonts_are_named(tmp_path: Path) -> None:
    sentences = missing_fonts((tmp_path,))
    for family in ("FandolFang", "FandolKai", "FandolHei"):
        assert any(family in sentence and "bin/setup" in sentence for sentence in sentences)


def test_missing_system_parts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "SUBSETTER", "libabsent.so.0")
    monkeypatch.setattr(fonts, "_installed", lambda family: False)
    sentences = missing_fonts()
    assert any("libharfbuzz-subset0" in sentence for sentence in sentences)
    assert any("Noto Serif CJK SC" in sentence for sentence in sentences)


def test_a_report_can_be_made_without_any_stand_in(tmp_path: Path) -> None:
    document = pdf.write_pdf(pdf.render_html(to_plain(facts_report())), folders=(tmp_path,))
    path = tmp_path / "report.pdf"
    path.write_bytes(document)
    assert "个人钱包19146个" in pypdf.PdfReader(path).pages[1].extract_text().replace("\n", "")


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _blotted(data: bytes) -> bytes:
    return data[:20_000] + bytes(len(data) // 2) + data[20_000 + len(data) // 2 :]


DAMAGES = [_cut, _blotted, lambda data: data[:1000], lambda data: b"", lambda data: b"no font" * 99]
NAMES = ["half", "zeros", "a kilobyte", "nothing", "something else"]


@needs_fonts
@pytest.mark.parametrize("damage", DAMAGES, ids=NAMES)
def test_a_broken_font_counts_as_missing_and_is_named(
    tmp_path: Path,
    official: bytes,
    damage: Callable[[bytes], bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:
    own = tmp_path / "office.otf"
    own.write_bytes(damage(official))
    folders = font_folders(tmp_path)
    assert {font.family for font in find_fonts(folders)} == set(fonts.STAND_INS)
    (sentence,) = missing_fonts(folders)
    assert "office.otf 已损坏" in sentence
    fonts.log_broken(folders)
    fonts.log_broken(folders)
    assert [getattr(line, "file", "") for line in caplog.records] == [str(own)]


@needs_fonts
def test_a_report_is_made_though_a_stand_in_is_broken(tmp_path: Path) -> None:
    for font in find_fonts((fonts.FANDOL_FOLDER,)):
        data = font.path.read_bytes()
        spoilt = font.family == "FandolFang"
        (tmp_path / font.path.name).write_bytes(_cut(data) if spoilt else data)
    document = pdf.write_pdf(pdf.render_html(to_plain(facts_report())), folders=(tmp_path,))
    used = pypdf.PdfReader(io.BytesIO(document)).pages[0]["/Resources"]["/Font"]
    names = {str(font.get_object()["/BaseFont"]) for font in used.values()}
    assert not any("FandolFang" in name for name in names)


@needs_fonts
def test_a_font_that_is_replaced_is_used_again(tmp_path: Path) -> None:
    good = next(f for f in find_fonts(font_folders()) if f.family == "FandolKai").path.read_bytes()
    path = tmp_path / "FandolKai-Regular.otf"
    path.write_bytes(_cut(good))
    assert find_fonts((tmp_path,)) == () and fonts.broken_fonts((tmp_path,)) == [path]
    path.write_bytes(good)
    assert [font.family for font in find_fonts((tmp_path,))] == ["FandolKai"]
