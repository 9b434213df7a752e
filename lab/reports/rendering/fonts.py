"""The official typefaces: the institution's own when mounted, open stand-ins otherwise.

GB/T 9704 requires 小标宋, 仿宋, 楷体 and 黑体. These are commercial, so none is shipped: a
configured folder may hold them; otherwise Fandol substitutes, installed into its folder at set-up;
and the installed Noto CJK faces supply titles, digits and every character Fandol lacks.
"""

from __future__ import annotations

import ctypes
import logging
import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import ImageFont

from lab.filesystem import ROOT

FANDOL_FOLDER = ROOT / ".cache" / "fonts"
NOTO = ("Noto Serif CJK SC", "Noto Sans CJK SC")
SUBSETTER = "libharfbuzz-subset.so.0"
SUFFIXES = (".otf", ".ttf")
FIRST_BEYOND_LATIN = 0x2010
log = logging.getLogger("lab.fonts")
_logged: set[str] = set()


@dataclass(frozen=True)
class Typeface:
    """One family of the style sheet, the names its files may carry, and its stand-in."""

    family: str
    names: frozenset[str]
    stand_in: str | None


TYPEFACES = (
    Typeface(
        "FZXiaoBiaoSong",
        frozenset(
            {"方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"}
        ),
        None,
    ),
    Typeface("FangSong_GB2312", frozenset({"仿宋_GB2312", "FangSong_GB2312"}), "FandolFang"),
    Typeface("KaiTi_GB2312", frozenset({"楷体_GB2312", "KaiTi_GB2312"}), "FandolKai"),
    Typeface("SimHei", frozenset({"黑体", "SimHei"}), "FandolHei"),
)
STAND_INS = {
    "FandolFang": "FandolFang-Regular.otf",
    "FandolKai": "FandolKai-Regular.otf",
    "FandolHei": "FandolHei-Regular.otf",
}


@dataclass(frozen=True)
class FontFile:
    """A file that the style sheet may load as `family`."""

    family: str
    path: Path


def font_folders(own: Path | None = None) -> tuple[Path, ...]:
    """Return the search folders in order: the institution's if it has one, then the stand-ins."""
    return (own, FANDOL_FOLDER) if own else (FANDOL_FOLDER,)


def find_fonts(folders: tuple[Path, ...]) -> tuple[FontFile, ...]:
    """Return the files to load: each typeface's own file, else its stand-in if present.

    A broken file counts as missing.
    """
    files = tuple(path for path in _files(folders) if not _is_broken(path))
    own: dict[str, Path] = {}
    for path in files:
        for face in TYPEFACES:
            if face.family not in own and face.names & _names(path):
                own[face.family] = path
    fonts = [FontFile(family, path) for family, path in own.items()]
    for face in TYPEFACES:
        if face.family not in own and face.stand_in:
            fonts += _stand_in(face.stand_in, files)
    return tuple(fonts)


@cache
def font_css(fonts: tuple[FontFile, ...]) -> str:
    """Return the @font-face rules of `fonts`; stand-ins supply hanzi and punctuation only.

    Fandol's digits are heavier than its hanzi, Noto's fit better. The range lists exactly what the
    file contains: the renderer trusts a range and would print nothing for a listed but missing
    character.
    """
    return "\n".join(
        f'@font-face{{font-family:"{font.family}";src:url("{font.path.as_uri()}")'
        f"{_hanzi_range(font.path) if font.family in STAND_INS else ''}}}"
        for font in fonts
    )


def broken_fonts(folders: tuple[Path, ...] | None = None) -> list[Path]:
    """Return the unusable font files, whatever their names."""
    return [path for path in _files(folders or font_folders()) if _is_broken(path)]


def log_broken(folders: tuple[Path, ...] | None = None) -> None:
    """Log each broken font file, once per process and damage."""
    for path in broken_fonts(folders):
        if (mark := f"{path} {_stamp(path)}") not in _logged:
            _logged.add(mark)
            log.warning("broken font file, taken for missing", extra={"file": str(path)})


def missing_fonts(folders: tuple[Path, ...] | None = None) -> list[str]:
    """Return what the machine lacks for the official page, as Chinese sentences.

    Empty for nothing.
    """
    folder_list = folders or font_folders()
    damaged = broken_fonts(folder_list)
    loaded = {font.family for font in find_fonts(folder_list)}
    messages = [f"字体文件 {path.name} 已损坏，没有使用。{_remedy(path)}" for path in damaged]
    messages += [
        f"没有找到字体 {face.stand_in}，正文将改用思源宋体，请运行 bin/setup。"
        for face in TYPEFACES
        if face.stand_in and not loaded & {face.family, face.stand_in}
    ]
    messages += [
        f"系统没有安装字体 {family}，请安装 fonts-noto-cjk。"
        for family in NOTO
        if not _installed(family)
    ]
    if not _loads(SUBSETTER):
        messages.append("系统没有安装 libharfbuzz-subset0，报告生成会慢很多倍，请安装。")
    return messages


def _remedy(path: Path) -> str:
    if FANDOL_FOLDER in path.parents:
        return "请运行 bin/setup，它会重新取得字体。"
    return "请换成完整的文件。"


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted(folder.resolve().rglob("*")) if folder.is_dir() else ():
            if path.suffix.lower() in SUFFIXES and path.is_file():
                yield path


def _stamp(path: Path) -> tuple[int, int]:
    """Return a stamp that changes with the file; (0, 0) when it is gone."""
    try:
        info = path.stat()
    except OSError:
        return 0, 0
    return info.st_mtime_ns, info.st_size


def _is_broken(path: Path) -> bool:
    return _cannot_be_used(path, _stamp(path))


@cache
def _cannot_be_used(path: Path, _when: tuple[int, int]) -> bool:
    """Return whether a table exceeds the file, or no character can be looked up and drawn.

    Table checksums are ignored: good commercial fonts have wrong ones.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file, TTFont(file, lazy=True) as font:
            cut = any(at.offset + at.length > size for at in font.reader.tables.values())
            drawn = ImageFont.truetype(os.fspath(path), 20).getmask(chr(min(font.getBestCmap())))
        return cut or drawn is None
    except Exception:  # the libraries raise whatever a damaged file leads them to
        return True


def _stand_in(family: str, files: Iterable[Path]) -> list[FontFile]:
    return [FontFile(family, path) for path in files if path.name == STAND_INS[family]][:1]


def _hanzi_range(path: Path) -> str:
    with TTFont(path, lazy=True) as font:
        points = sorted(point for point in font.getBestCmap() if point >= FIRST_BEYOND_LATIN)
    # Consecutive code points keep one distance to their rank.
    runs = [list(run) for _, run in groupby(enumerate(points), key=lambda at: at[1] - at[0])]
    ranges = ",".join(f"U+{run[0][1]:X}-{run[-1][1]:X}" for run in runs)
    return f";unicode-range:{ranges}"


def _names(path: Path) -> set[str]:
    """Return family and full names in the file, in every language; empty for none."""
    try:
        with path.open("rb") as file, TTFont(file, lazy=True) as font:
            return {str(record) for record in font["name"].names if record.nameID in (1, 4, 6)}
    except (OSError, KeyError, UnicodeDecodeError):
        return set()


def _loads(library: str) -> bool:
    """Ask the loader directly: importing the layout library for this would slow every start."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@cache
def _installed(family: str) -> bool:
    try:
        output = subprocess.run(
            ["fc-list", family, "family"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return any(Path("/usr/share/fonts").rglob("Noto*CJK*"))
    return family in output.stdout
