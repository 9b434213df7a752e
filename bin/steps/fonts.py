"""The Fandol fonts (仿宋, 楷体, 黑体) that official reports are set in.

They are part of Debian's texlive-lang-chinese. Only the font files are taken from that package,
with their licence (GPL with font exception: a PDF may embed them freely); they are never committed.
What lies there is compared with the checksums below at every set-up, and taken again when it was
cut or altered.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from pathlib import Path

from steps import system
from steps.common import CACHE, Failed, is_stamped, run, sha256, timed, warn, write_stamp

PACKAGE = "texlive-lang-chinese"
WANTED = {  # SHA-256 of the files in Fandol 0.3, which distributions have carried for years
    "FandolFang-Regular.otf": "d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9",
    "FandolHei-Bold.otf": "42ca2de27b45e16a284768673b6205a5add9e17871ee0e7db9c0d03f061d96fd",
    "FandolHei-Regular.otf": "4afa97aa8751e0118617df88272b58d43691b5cffb7ea024c4580496e9f34d28",
    "FandolKai-Regular.otf": "ea7e7fb4f9b3ac694a68d43946e04d21deed6e8c29a7c2d3081e1a4138f2f827",
}
INSTALLED = Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol")
TARGET = CACHE / "fonts" / "fandol"
STAMP = TARGET / ".stamp"


def prepare() -> None:
    """Put the fonts into .cache/fonts/fandol; without them reports are set in Noto alone."""
    if _are_whole(TARGET):
        return
    try:
        with timed("Fonts: Fandol"):
            _take()
    except Failed as error:
        warn(f"The Fandol fonts could not be had; reports are set in Noto instead.\n{error}")
        return
    write_stamp(STAMP, _sums(TARGET))


def _are_whole(folder: Path) -> bool:
    """Whether each font is the pinned one, or what the distribution's signed package held."""
    taken = is_stamped(STAMP, _sums(folder))
    return taken or all(sha256(folder / name) == pinned for name, pinned in WANTED.items())


def _sums(folder: Path) -> str:
    return "".join(f"{sha256(folder / name)}  {name}\n" for name in WANTED)


def _take() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    apt = shutil.which("apt-get")
    installed = all((INSTALLED / name).is_file() for name in WANTED)
    if _are_whole(INSTALLED) or (installed and apt is None):
        for name in sorted(WANTED):
            shutil.copyfile(INSTALLED / name, TARGET / name)
        return
    if apt is None:
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
