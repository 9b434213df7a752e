"""Validate a DOCX or XLSX: its zip directory, every member, no active content. Pure.

Members are counted while they are unpacked, because the directory may be false. Limits (measured on
archives that unpack to a thousand times their size): 2,000 members, 50 MB in all, ratio 100.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from lab.files.inspection.office import packages, parts
from lab.files.inspection.office.links import PROGRAMS
from lab.files.inspection.office.packages import is_read
from lab.files.inspection.problems import FileProblem, Finding, rejected_findings
from lab.files.inspection.signatures import OLD_OFFICE, OLE_START, ZIP_START

MAX_MEMBERS, MAX_BYTES, MAX_RATIO = 2000, 50 * 1024 * 1024, 100
MAX_XML_BYTES = 4 * 1024 * 1024  # of the parts that are read, not only counted
CHUNK_SIZE = 1 << 20
MACROS = ("vbaproject", "vbadata", "macrosheets/", "activex/")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")  # what a password makes of the file


def examine(data: bytes, extension: str) -> None:
    """Raise FileProblem unless the bytes are a sound document of this extension."""
    if data.startswith(OLE_START):
        _raise_old(data)
    members = _directory(data)
    texts, findings = _unpack(data, members)
    names = {member.filename for member in members}
    findings += packages.check_parts(texts, names, extension)
    told = [finding.what for finding in findings]
    for finding in (*_member_findings(names), *parts.name_findings(names)):
        own_name = finding.what.rpartition("/")[2]
        if not any(what.endswith(own_name) for what in told):  # already by who uses it
            findings.append(finding)
    if rejected := rejected_findings(findings):
        raise FileProblem(rejected[0].code, findings=rejected)


def _raise_old(data: bytes) -> None:
    if ENCRYPTED_STREAM in data:
        raise FileProblem("office_locked")
    raise FileProblem("kind", detail=OLD_OFFICE.text)


# -- the archive -------------------------------------------------------------------------------


def _directory(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members, comment = archive.infolist(), archive.comment
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as error:
        raise FileProblem("cut") from error
    behind = len(data) - (data.rfind(b"PK\x05\x06") + 22 + len(comment))
    if behind:
        raise FileProblem("trailing", detail=str(behind))
    if not members:
        raise FileProblem("content")
    if len(members) > MAX_MEMBERS:
        raise FileProblem("members", detail=str(len(members)))
    for member in members:
        _check_entry(member)
    if len({member.filename.lower() for member in members}) != len(members):
        raise FileProblem("lying")
    return members


def _check_entry(member: zipfile.ZipInfo) -> None:
    name = member.filename
    if member.flag_bits & 1:
        raise FileProblem("office_locked")
    if name.startswith("/") or "\\" in name or ".." in name.split("/") or "\0" in name:
        raise FileProblem("lying")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileProblem("part", detail=name)


def _member_findings(names: set[str]) -> Iterator[Finding]:
    for name in sorted(names):
        if name.lower().endswith(PROGRAMS):
            yield Finding("macro", f"程序 {name}")
        elif any(mark in name.lower() for mark in MACROS) and not name.lower().endswith(".rels"):
            yield Finding("macro", f"宏或控件 {name}")


def _unpack(data: bytes, members: list[zipfile.ZipInfo]) -> tuple[dict[str, bytes], list[Finding]]:
    """Unpack and count every member; return the texts that list the parts and their relations, and
    what acts in the others."""
    total, end, texts, readers = 0, 0, {}, []
    for member in sorted(members, key=lambda m: m.header_offset):
        if member.header_offset < end or (end == 0 and member.header_offset != 0):
            raise FileProblem(
                "lying"
            )  # members on top of each other, or something before the first
        start = _content_at(data, member)
        end = start + member.compress_size
        reader = parts.reader_of(member.filename)
        readers += [reader] if reader else []
        text = _content(data[start:end], member, MAX_BYTES - total, reader)
        total += member.file_size
        if is_read(member.filename):
            texts[member.filename] = text
    if total > MAX_RATIO * len(data):
        raise FileProblem("bomb")
    for problem in (reader.problem for reader in readers if reader.problem):
        raise problem
    return texts, [finding for reader in readers for finding in reader.findings]


def _content(
    packed: bytes,
    member: zipfile.ZipInfo,
    limit: int,
    reader: parts.Reader | None = None,
) -> bytes:
    """The content of a member that is read, b"" of one that is only counted; `reader` is given all
    of it.

    Raises FileProblem as soon as it turns out longer than `limit`, or than the directory says.
    """
    content, size, crc = bytearray(), 0, 0
    read = is_read(member.filename)
    for piece in _pieces(packed, member):
        size, crc = size + len(piece), zlib.crc32(piece, crc)
        if size > member.file_size:
            raise FileProblem("lying")
        if size > limit or (read and size > MAX_XML_BYTES):
            raise FileProblem("bomb")
        content += piece if read else b""
        if reader is not None:
            reader.feed(piece)
    if (size, crc) != (member.file_size, member.CRC):
        raise FileProblem("lying")
    if reader is not None:
        reader.close()
    return bytes(content)


def _content_at(data: bytes, member: zipfile.ZipInfo) -> int:
    """Return the offset of the packed bytes; the name before them must match the directory."""
    head = data[member.header_offset : member.header_offset + 30]
    if len(head) < 30 or not head.startswith(ZIP_START):
        raise FileProblem("cut")
    name_length, extra_length = struct.unpack("<HH", head[26:30])
    start = member.header_offset + 30
    written = data[start : start + name_length]
    if written.decode("utf-8" if member.flag_bits & 0x800 else "cp437", "replace") != (
        member.orig_filename
    ):
        raise FileProblem("lying")
    return int(start + name_length + extra_length)


def _pieces(packed: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    if len(packed) != member.compress_size:
        raise FileProblem("cut")
    if member.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    inflater, rest = zlib.decompressobj(-15), packed
    try:
        while rest or not inflater.eof:
            piece = inflater.decompress(rest, CHUNK_SIZE)
            yield piece
            rest = inflater.unconsumed_tail
            if inflater.eof or not (piece or rest):
                break
    except zlib.error as error:
        raise FileProblem("cut") from error
    if not inflater.eof or inflater.unused_data:
        raise FileProblem("lying")
