"""PDF and Office files that hold something active, one kind each."""

from __future__ import annotations

import io
from collections.abc import Callable

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NullObject,
    StreamObject,
    TextStringObject,
)

from tests.support.builders import files


def dictionary(**values: object) -> DictionaryObject:
    """A dictionary with these keys; texts that begin with / are names."""
    made = DictionaryObject()
    for key, value in values.items():
        if isinstance(value, str):
            value = NameObject(value) if value.startswith("/") else TextStringObject(value)
        made[NameObject(f"/{key}")] = value  # type: ignore[assignment]
    return made


def pdf_with(change: Callable[[PdfWriter], None], pages: int = 1) -> bytes:
    """A sound PDF after the change."""
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(files.pdf(pages=pages)))), io.BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def at_root(key: str, value: object) -> Callable[[PdfWriter], None]:
    def change(writer: PdfWriter) -> None:
        writer.root_object[NameObject(key)] = value  # type: ignore[assignment]

    return change


def at_page(key: str, value: object) -> Callable[[PdfWriter], None]:
    def change(writer: PdfWriter) -> None:
        writer.pages[0][NameObject(key)] = value  # type: ignore[assignment]

    return change


def annotated(**values: object) -> Callable[[PdfWriter], None]:
    return at_page("/Annots", ArrayObject([dictionary(Type="/Annot", **values)]))


def link(uri: str) -> Callable[[PdfWriter], None]:
    return annotated(Subtype="/Link", A=dictionary(S="/URI", URI=uri))


def embedded(name: str, content: bytes) -> Callable[[PdfWriter], None]:
    def change(writer: PdfWriter) -> None:
        writer.add_attachment(name, content)

    return change


def scripted(writer: PdfWriter) -> None:
    tree = dictionary(Names=ArrayObject([TextStringObject("a"), SCRIPT]))
    writer.root_object[NameObject("/Names")] = dictionary(JavaScript=tree)


def titled(writer: PdfWriter) -> None:
    writer.add_outline_item(title="一", page_number=0)


def stream_elsewhere(writer: PdfWriter) -> None:
    stream = StreamObject()
    stream[NameObject("/F")] = TextStringObject("\\\\server\\share\\a.dat")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)


def hidden_in_a_chain(writer: PdfWriter) -> None:
    """A script as the third action after a harmless one."""
    last = writer._add_object(dictionary(S="/JavaScript", JS="app.alert(1)"))
    second = writer._add_object(dictionary(S="/GoTo", D=ArrayObject(), Next=last))
    annotated(Subtype="/Link", A=dictionary(S="/GoTo", Next=ArrayObject([second])))(writer)


def with_object(text: bytes) -> bytes:
    """A page names an object with this text, which the writer of PDFs would not write."""
    plain = b"<<\n/Marked /Spoilt\n>>"  # no byte may move: the table of objects counts them
    assert len(text) <= len(plain)

    def change(writer: PdfWriter) -> None:
        added = writer._add_object(dictionary(Marked="/Spoilt"))
        writer.pages[0][NameObject("/PieceInfo")] = added

    return pdf_with(change).replace(plain, text.ljust(len(plain)))


UNREADABLE = (b"<< /A [ <<", b"}}}}", b"<< 12 13 >>", b"stream", b"<</A/B/A/C>>", b"<</A <zz> >>")


SCRIPT = dictionary(S="/JavaScript", JS="app.alert(1)")
GO = dictionary(S="/URI", URI="http://x.example/")
PDF = {
    "a script on opening": ("javascript", at_root("/OpenAction", SCRIPT)),
    "a script of a page": ("javascript", at_page("/AA", dictionary(O=SCRIPT))),
    "a script behind two actions": ("javascript", hidden_in_a_chain),
    "a script by name": ("javascript", scripted),
    "a field that counts": (
        "javascript",
        annotated(Subtype="/Widget", AA=dictionary(C=SCRIPT)),
    ),
    "a program to start": ("launch", annotated(Subtype="/Link", A=dictionary(S="/Launch", F="a"))),
    "an address on opening": ("auto_uri", at_root("/OpenAction", GO)),
    "an address of a page": ("auto_uri", at_page("/AA", dictionary(O=GO))),
    "an address after a jump": (
        "auto_uri",
        at_root("/OpenAction", dictionary(S="/GoTo", D=NullObject(), Next=GO)),
    ),
    "an address of a page under a false name": (
        "auto_uri",
        at_page("/AA", dictionary(Type="/X", O=GO)),
    ),
    "a form that is sent": ("submit", annotated(Subtype="/Widget", A=dictionary(S="/SubmitForm"))),
    "another file": ("remote", annotated(Subtype="/Link", A=dictionary(S="/GoToR", F="b.pdf"))),
    "content elsewhere": ("remote", stream_elsewhere),
    "a program inside": ("program", embedded("发票.exe", b"x")),
    "a program by its bytes": ("program", embedded("发票.dat", b"MZ\x90\x00")),
    "an invoice inside": ("embedded", embedded("明细.xml", b"<x/>")),
    "a film": ("media", annotated(Subtype="/RichMedia")),
    "a dynamic form": ("xfa", at_root("/AcroForm", dictionary(XFA="<xdp/>"))),
    "a link to a share": ("odd_link", link("file://server/share/a.pdf")),
    "a link that is a script": ("odd_link", link("javascript:alert(1)")),
    "a link to a program": ("odd_link", link("http://x.example/a.exe")),
}
PLAIN = {
    "a link to a site": link("https://www.chinapost.com.cn/a.html"),
    "a link to a site named .com": link("http://www.chinapost.com"),
    "a link to a site that is still to be named": link("http://[请填写网址]/"),
    "a link to a site behind a port": link("portal.example:8080/a.html"),
    "a link to a site by its name alone": link("www.chinapost.com"),
    "an address of a person": link("mailto:a@b.example"),
    "a first page to open": at_root("/OpenAction", ArrayObject()),
    "a title in the outline": titled,
}

_EXTERNAL = '<Relationship Id="a" Type="http://x/{}" Target="{}" TargetMode="External"/>'
_INTERNAL = '<Relationship Id="a" Type="http://x/{}" Target="{}"/>'
_LIST = (
    '<Relationships xmlns="r"><Relationship Id="a" Type="http://x/{kind}" Target="{target}" '
    'TargetMode="External"/></Relationships>'
)
_W = 'xmlns:w="w" xmlns:v="v"'
_FIELD = (
    '<w:fldChar w:fldCharType="begin"/><w:instrText>{}</w:instrText>'
    '<w:instrText>{}</w:instrText><w:fldChar w:fldCharType="separate"/>'
    '<w:fldChar w:fldCharType="end"/>'
)


def related(kind: str, target: str, inside: str = "docx", form: str = _EXTERNAL) -> bytes:
    return files.packed(files.parts(inside, rels=form.format(kind, target)))


def word(body: str) -> bytes:
    text = f"<w:document {_W}>{body}</w:document>"
    return files.packed({**files.parts("docx"), "word/document.xml": text})


def sheet(formula: str) -> bytes:
    text = f"<worksheet><c><f>{formula}</f></c></worksheet>"
    return files.packed({**files.parts("xlsx"), "xl/worksheets/sheet1.xml": text})


def member(name: str, kind: str = "docx", text: str | bytes = "<x/>") -> bytes:
    return files.packed({**files.parts(kind), name: text})


def moved(part: str) -> bytes:
    """A document with a field that runs, its main part of another name."""
    parts = files.parts("docx")
    types = parts["[Content_Types].xml"].replace("/word/document.xml", f"/{part}")
    field = f'<w:document {_W}><w:fldSimple w:instr="DDEAUTO c:"/></w:document>'
    return files.packed({**parts, "[Content_Types].xml": types, part: field})


def typed(part: str, kind: str, text: str) -> bytes:
    """A workbook with one more part, which the list of kinds names."""
    parts = files.parts("xlsx")
    row = f'<Override PartName="/{part}" ContentType="application/vnd.{kind}+xml"/></Types>'
    types = parts["[Content_Types].xml"].replace("</Types>", row)
    return files.packed({**parts, "[Content_Types].xml": types, part: text})


OFFICE = {
    "a picture of a site": ("docx", "outside_picture", related("image", "http://x/a.png")),
    "a picture on a share": ("xlsx", "outside_picture", related("image", "\\\\s\\a.png", "xlsx")),
    "a picture by its address": (
        "docx",
        "outside_picture",
        word('<v:imagedata src="http://x/a.png"/>'),
    ),
    "a film of a site": ("docx", "outside_picture", related("video", "http://x/a.mp4")),
    "a field that runs": ("docx", "field", word(_FIELD.format("DDEAUTO", " c:\\a"))),
    "a field in two runs": ("docx", "field", word(_FIELD.format(" DDEAU", "TO c:\\a"))),
    "a picture by a field": (
        "docx",
        "field",
        word('<w:fldSimple w:instr=" INCLUDEPICTURE http://x/a.png"/>'),
    ),
    "a picture by another list": (
        "docx",
        "outside_picture",
        member("word/_rels/a.xml.RELS", text=_LIST.format(kind="image", target="http://x/a.png")),
    ),
    "a template by another list": (
        "docx",
        "external",
        member("word/_RELS/a.xml.RELS", text=_LIST.format(kind="attachedTemplate", target="//x/a")),
    ),
    "a picture that says it is a link": ("docx", "outside_picture", word('<w:blip link="a"/>')),
    "a picture of an old drawing": (
        "xlsx",
        "outside_picture",
        member("xl/drawings/a.vml", "xlsx", "<xml><br><v:fill src='http://x/a.png'/>"),
    ),
    "a field in another folder": ("docx", "field", moved("other/document.xml")),
    "a formula in another folder": (
        "xlsx",
        "connection",
        member("a/b.xml", "xlsx", '<worksheet><f>WEBSERVICE("http://x/")</f></worksheet>'),
    ),
    "a program asked for in other letters": (
        "xlsx",
        "connection",
        member("a/b.xml", "xlsx", "<externalLink><ddeLink/></externalLink>".encode("utf-16")),
    ),
    "a control": ("docx", "macro", related("control", "a.xml", form=_INTERNAL)),
    "an object of another name": ("docx", "object", related("oleObject", "a.bin", form=_INTERNAL)),
    "a connection of another name": (
        "xlsx",
        "connection",
        related("connections", "a.xml", "xlsx", form=_INTERNAL),
    ),
    "a data connection": ("xlsx", "connection", member("xl/connections.xml", "xlsx")),
    "a formula that asks a site": (
        "xlsx",
        "connection",
        sheet('_xlfn.WEBSERVICE("http://x/")'),
    ),
    "an object": ("docx", "object", member("word/embeddings/oleObject1.bin")),
    "a web part": ("docx", "web_part", member("word/webextensions/taskpanes.xml")),
    "a page put in": ("docx", "external", related("aFChunk", "a.html", form=_INTERNAL)),
    "a link to a program on a share": (
        "docx",
        "program_link",
        related("hyperlink", "\\\\s\\a.exe"),
    ),
    "addresses for a mailing": ("docx", "external", related("mailMergeSource", "file:///a.xlsx")),
}
MISPLACED = {  # parts that would be read by Office and not by the check
    "a field in a part of another ending": ("docx", moved("word/document.dat")),
    "formulas for texts": (
        "xlsx",
        typed("xl/sharedStrings.xml", "openxmlformats-officedocument.spreadsheetml.worksheet", ""),
    ),
}
PLAIN_OFFICE = {
    "a link in the text": ("docx", related("hyperlink", "https://www.chinapost.com.cn/")),
    "another workbook": ("xlsx", related("externalLinkPath", "file:///C:/a.xlsx", "xlsx")),
    "the data of a chart": ("docx", member("word/embeddings/Sheet1.xlsx")),
    "a picture of its own": ("docx", related("image", "media/a.png", form=_INTERNAL)),
    "page numbers": ("docx", word(_FIELD.format("PA", "GE"))),
    "a sum": ("xlsx", sheet("SUM(A1:A9)")),
    "the word in a text": ("docx", word("<w:t>DDEAUTO WEBSERVICE( http://x/</w:t>")),
}
