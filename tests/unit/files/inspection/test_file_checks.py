"""What is inside an upload: sound files pass, hostile and broken ones get their sentence."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from lab.files.inspection import archives, examiner, kinds, pdfs, pictures
from lab.files.inspection.active import TABLE
from lab.files.inspection.kinds import rejection_message
from lab.files.inspection.problems import PROBLEM_MESSAGES, FileProblem
from tests.support.builders import files as builders_files

WORD_MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
EXTERNAL = '<Relationship Id="a" Type="http://x/{}" Target="{}" TargetMode="External"/>'


def fault(data: bytes, extension: str) -> str:
    """The code of what the examiner finds, "" for a sound file."""
    order = {"act": kinds.EXAMINE, "form": kinds.form_of(f"a.{extension}")}
    problem = examiner.problem_from(examiner.run(order, data)[0])
    return problem.code if problem else ""


def password_pdf() -> bytes:
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(builders_files.pdf()))), io.BytesIO()
    writer.encrypt("open me")
    writer.write(out)
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size, with next to no data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0" * 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def lying_archive() -> bytes:
    """A sound document in whose directory one member is said to be short."""
    data = bytearray(
        builders_files.packed({**builders_files.parts("docx"), "word/long.xml": "长" * 9000})
    )
    directory = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 24, 10)
    return bytes(data)


def other_names() -> bytes:
    """The directory calls a member otherwise than the member itself."""
    data = bytearray(builders_files.office())
    at = data.rfind(b"docProps/note.xml")
    data[at : at + 17] = b"docProps/nota.xml"
    return bytes(data)


def overlapping() -> bytes:
    """Two entries of the directory that share the bytes of one member."""
    data = bytearray(
        builders_files.packed(
            {**builders_files.parts("docx"), "word/a.xml": "x", "word/b.xml": "x"}
        )
    )
    last = data.rfind(b"PK\x01\x02")
    before = data.rfind(b"PK\x01\x02", 0, last)
    data[last + 42 : last + 46] = data[before + 42 : before + 46]
    return bytes(data)


def docx(**more: str) -> bytes:
    return builders_files.packed({**builders_files.parts("docx"), **more})


def with_link(kind: str, target: str) -> bytes:
    return builders_files.packed(builders_files.parts("docx", rels=EXTERNAL.format(kind, target)))


SOUND = {
    "pdf": builders_files.pdf(pages=3),
    "png": builders_files.image(),
    "jpg": builders_files.image("jpeg"),
    "jpeg": builders_files.image("jpeg"),
    "docx": builders_files.office("docx"),
    "xlsx": builders_files.office("xlsx"),
}


@pytest.mark.parametrize("extension", SOUND)
def test_a_sound_file_passes(extension: str) -> None:
    data = SOUND[extension]
    assert rejection_message(f"a.{extension}", len(data), 1 << 20, data[:2048]) == ""
    assert fault(data, extension) == ""


HOSTILE = {
    "a PDF with a password": ("pdf", password_pdf, "pdf_locked"),
    "a PDF that is a zip too": (
        "pdf",
        lambda: builders_files.pdf() + builders_files.office(),
        "two",
    ),
    "a PDF of 301 pages": ("pdf", lambda: builders_files.pdf(pages=301), "pages"),
    "the ends of a PDF only": ("pdf", lambda: b"%PDF-1.7\nstartxref\n0\n%%EOF\n", "cut"),
    "a picture cut short": ("jpg", lambda: builders_files.image("jpeg", (900, 900))[:4000], "half"),
    "a PNG cut short": ("png", lambda: builders_files.image()[:-30], "cut"),
    "a PNG with a spoilt byte": ("png", lambda: spoilt(builders_files.image()), "cut"),
    "a PNG with a page behind it": (
        "png",
        lambda: builders_files.image() + b"<script>",
        "two",
    ),
    "a picture that is a zip too": (
        "jpg",
        lambda: builders_files.image("jpeg") + builders_files.office(),
        "two",
    ),
    "a picture as large as a field": ("png", lambda: png_of(10_000, 5_001), "pixels"),
    "a picture beyond all bounds": ("png", lambda: png_of(60_000, 60_000), "pixels"),
    "a bomb": ("docx", lambda: docx(**{"word/big.xml": "0" * 9_000_000}), "bomb"),
    "a large bomb": ("xlsx", lambda: bomb(), "bomb"),
    "a directory that lies": ("docx", lying_archive, "lying"),
    "other names inside": ("docx", other_names, "lying"),
    "members on top of each other": ("docx", overlapping, "lying"),
    "a way out of the folder": ("docx", lambda: docx(**{"../../x.xml": "x"}), "lying"),
    "2,001 members": ("docx", lambda: docx(**{f"w/{n}.png": "" for n in range(2001)}), "members"),
    "a picture before the archive": (
        "docx",
        lambda: b"PK\x03\x04" + builders_files.office(),
        "lying",
    ),
    "something behind the archive": (
        "docx",
        lambda: builders_files.office() + b"<html>",
        "trailing",
    ),
    "half an archive": ("docx", lambda: builders_files.office()[:200], "cut"),
    "any zip": ("docx", lambda: builders_files.packed({"a.txt": "x"}), "kind"),
    "a sheet called DOCX": ("docx", lambda: builders_files.office("xlsx"), "kind"),
    "a DOCM renamed": (
        "docx",
        lambda: builders_files.packed(builders_files.parts("docx", content_type=WORD_MACRO)),
        "macro",
    ),
    "a macro inside": ("docx", lambda: docx(**{"word/vbaProject.bin": "x"}), "macro"),
    "a program inside": ("docx", lambda: docx(**{"word/embeddings/a.exe": "MZ"}), "macro"),
    "a template from elsewhere": (
        "docx",
        lambda: with_link("attachedTemplate", "http://x/a.dotm"),
        "external",
    ),
    "a link to a program": (
        "docx",
        lambda: with_link("hyperlink", "file:///c:/a.exe"),
        "program_link",
    ),
    "a link that runs": ("docx", lambda: with_link("hyperlink", "ms-msdt:/id"), "program_link"),
    "entities": (
        "docx",
        lambda: docx(**{"_rels/.rels": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}),
        "part",
    ),
}


def spoilt(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 255]) + data[middle + 1 :]


def bomb() -> bytes:
    """Unpacks to 60 MB in three members."""
    more = {f"xl/{n}.xml": b"0" * 20_000_000 for n in range(3)}
    plain = {name: text.encode() for name, text in builders_files.parts("xlsx").items()}
    return builders_files.packed({**plain, **more})


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_or_broken_file_is_found_out(what: str) -> None:
    extension, make, code = HOSTILE[what]
    assert fault(make(), extension) == code
    assert code in PROBLEM_MESSAGES or code in TABLE


def test_a_link_to_a_site_is_no_program() -> None:
    assert fault(with_link("hyperlink", "http://www.chinapost.com"), "docx") == ""


def test_a_member_is_counted_while_it_is_unpacked_not_believed() -> None:
    member = zipfile.ZipInfo("word/a.xml")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(b"0" * 5_000_000) + packer.flush()
    member.compress_type, member.compress_size = zipfile.ZIP_DEFLATED, len(packed)
    member.file_size = 100
    with pytest.raises(FileProblem, match="lying"):
        archives._content(packed, member, 1 << 20)
    member.file_size = 5_000_000
    with pytest.raises(FileProblem, match="bomb"):
        archives._content(packed, member, 1 << 20)


# -- pictures of it ----------------------------------------------------------------------------


def test_pictures_are_bounded_and_carry_nothing_but_pixels() -> None:
    exif = Image.Exif()
    exif[0x9286], exif[0x0112] = "某人的备注", 6  # a comment; lying on its side
    out = io.BytesIO()
    Image.new("RGB", (3000, 1001), "blue").save(out, "JPEG", exif=exif, comment=b"secret")
    (shown,) = pictures.preview(out.getvalue(), "jpg")
    assert (shown.width, shown.height) == (534, 1600)
    drawn = Image.open(io.BytesIO(shown.data))
    assert not drawn.info.keys() & {"exif", "comment", "icc_profile"}
    assert "备注".encode() not in shown.data and b"secret" not in shown.data


def test_unusual_images_are_shown_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    (clear,) = pictures.preview(out.getvalue(), "png")
    assert Image.open(io.BytesIO(clear.data)).convert("L").getpixel((4, 4)) == 255
    deep = io.BytesIO()
    Image.new("I;16", (8, 8), 65535).save(deep, "PNG")
    (white,) = pictures.preview(deep.getvalue(), "png")
    assert Image.open(io.BytesIO(white.data)).convert("L").getpixel((4, 4)) == 255


def test_a_photograph_becomes_a_jpeg_and_a_page_a_png() -> None:
    noise = Image.effect_noise((1200, 1200), 90)
    coloured = Image.merge("RGB", (noise, noise.rotate(90), noise.rotate(180)))
    assert pictures.displayed(coloured).kind == "jpeg"
    _, (drawn,) = pdfs.preview(builders_files.pdf())
    page = drawn.picture
    assert (page.kind, page.height) == ("png", 1599) and 1100 < page.width < 1140


def test_the_first_twenty_pages_are_shown() -> None:
    total, shown = pdfs.preview(builders_files.pdf(pages=23))
    assert (total, len(shown)) == (23, 20)


def test_a_page_as_long_as_a_street_still_fits() -> None:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(14_400, 2)
    writer.write(out)
    _, drawn = pdfs.preview(out.getvalue())
    assert len(drawn) > 9
    assert all(one.picture.width <= 1600 and one.picture.height >= 1 for one in drawn)
