"""The Fandol fonts (仿宋, 楷体, 黑体) that official reports are set in.

They are part of Debian's texlive-lang-chinese. Only the font files are taken from that package,
with their licence (GPL with font exception: a PDF may embed them freely); they are never committed.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from pathlib import Path

from steps import system
from steps.common import CACHE, Failed, fingerprint, is_stamped, run, timed, warn, write_stamp

PACKAGE = "texlive-lang-chinese"
FONTS = ("FandolFang-Regular", "FandolKai-Regular", "FandolHei-Regular", "FandolHei-Bold")
WANTED = {f"{name}.otf" for name in FONTS}
INSTALLED = Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol")
TARGET = CACHE / "fonts" / "fandol"
STAMP = TARGET / ".stamp"


def prepare() -> None:
    """Put the fonts into .cache/fonts/fandol; without them reports are set in Noto alone."""
    value = fingerprint(*FONTS)
    if is_stamped(STAMP, value):
        return
    try:
        with timed("Fonts: Fandol"):
            _take()
    except Failed as error:
        warn(f"The Fandol fonts could not be had; reports are set in Noto instead.\n{error}")
        return
    write_stamp(STAMP, value)


def _take() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    if all((INSTALLED / name).is_file() for name in WANTED):
        for name in sorted(WANTED):
            shutil.copyfile(INSTALLED / name, TARGET / name)
        return
    if shutil.which("apt-get") is None:
        raise Failed(f"Put {', '.join(sorted(WANTED))} into {TARGET} by hand.")
    with tempfile.TemporaryDirectory() as folder:
        _extract(_download(Path(folder)), Path(folder))


def _download(folder: Path) -> Path:
    try:
        run("apt-get", "download", "-q", PACKAGE, cwd=folder)
    except Failed:
        privilege = system.privilege_prefix()
        if privilege is None:
            raise
        system.refresh_lists(privilege)
        run("apt-get", "download", "-q", PACKAGE, cwd=folder)
    return next(folder.glob("*.deb"))


def _extract(package: Path, folder: Path) -> None:
    contents = folder / "contents.tar"
    run("sh", "-c", 'dpkg-deb --fsys-tarfile "$1" > "$2"', "sh", package, contents)
    with tarfile.open(contents) as archive:
        for member in archive:
            path = Path(member.name)
            wanted = path.name in WANTED or path.parts[-2:] == ("fandol", "COPYING.gz")
            source = archive.extractfile(member) if member.isfile() and wanted else None
            if source is not None:
                (TARGET / path.name).write_bytes(source.read())
    lacking = sorted(name for name in WANTED if not (TARGET / name).is_file())
    if lacking:
        raise Failed(f"{PACKAGE} holds no {', '.join(lacking)}.")
