"""DOCX and XLSX at the door: what only a click opens is taken, what acts is named by its place."""

from __future__ import annotations

import re

import pytest

from lab.files.inspection.active import TABLE
from lab.files.inspection.office.links import is_local, starts_program
from tests.support.builders import active_files as active
from tests.support.builders import files as builders_files
from tests.support.builders import odd_files as odd
from tests.support.door import TAKEN, at_the_door

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SETTINGS = "word/_rels/settings.xml.rels"
LOCAL = "file:///C:\\Users\\a\\AppData\\Roaming\\Microsoft\\Templates\\%E5%85%AC%E6%96%87.dotx"
GBK = '<?xml version="1.0" encoding="GBK"?>'
SAVE = "请用Word或WPS打开，另存后再传。"


def listed(kind: str, *targets: str, part: str = _SETTINGS) -> bytes:
    """A document in which a list of relations names these things outside."""
    form = '<Relationship Id="r{}" Type="http://x/{}" Target="{}" TargetMode="External"/>'
    rows = "".join(form.format(n, kind, target) for n, target in enumerate(targets))
    return active.member(part, text=f'<Relationships xmlns="r">{rows}</Relationships>')


def refused(code: str, *places: str, name: str = "说明.docx") -> str:
    """The sentence that names these places."""
    row = TABLE[code]
    told = "；".join(f"第{at}处：{place}" for at, place in enumerate(places, 1))
    return f"文件“{name}”含有{row.name}。{told}。{row.remedy}。"


def linked(*targets: str) -> bytes:
    return listed("hyperlink", *targets, part="word/_rels/document.xml.rels")


def with_default(ending: str, kind: str) -> bytes:
    """A document whose list of kinds names an ending."""
    parts = builders_files.parts("docx")
    row = f'<Default Extension="{ending}" ContentType="{kind}"/></Types>'
    types = parts["[Content_Types].xml"].replace("</Types>", row)
    return builders_files.packed({**parts, "[Content_Types].xml": types})


def without_main(ending: str, kind: str) -> bytes:
    """A document whose list of kinds names an ending, and no main part."""
    parts = builders_files.parts("docx")
    types = parts["[Content_Types].xml"]
    types = re.sub(r"<Override[^>]*main\+xml[^>]*/>", "", types)
    row = f'<Default Extension="{ending}" ContentType="{kind}"/></Types>'
    types = types.replace("</Types>", row)
    return builders_files.packed({**parts, "[Content_Types].xml": types})


BODY = "（位于正文word/document.xml）"
DOCX = {
    "links to sites and people": (
        linked("https://example.com/a?b=c", "http://x.example/", "mailto:a@b.example", "tel:1"),
        TAKEN,
    ),
    "a link to a program of a site": (linked("https://example.com/setup.exe"), TAKEN),
    "a link in a comment": (
        listed("hyperlink", "https://example.com/setup.exe", part="word/_rels/comments.xml.rels"),
        TAKEN,
    ),
    "links to files on a disk and a share": (
        linked("file:///D:/资料/方案.docx", "\\\\server\\share\\a.xlsx", "附件1.pdf"),
        TAKEN,
    ),
    "data that another program left in it, in GBK": (
        active.member("customXml/item1.xml", text=f"{GBK}<a>中文</a>".encode("gbk")),
        TAKEN,
    ),
    "a picture of a site in a part in GBK": (
        active.member(
            "word/footer1.xml", text=f'{GBK}<a href="中"><image src="http://x"/></a>'.encode("gbk")
        ),
        refused("outside_picture", "图片 http://x（位于页脚word/footer1.xml）"),
    ),
    "a part in an encoding that nobody knows": (
        active.member("customXml/item1.xml", text=GBK.replace("GBK", "x-y") + "<a/>"),
        "文件“说明.docx”已损坏，内部的customXml/item1.xml无法读取，"
        "请用Word或WPS打开并修复，另存后再传。",
    ),
    "a link to a place in the text": (linked("#_Toc1"), TAKEN),
    "links that start programs": (
        linked("file:///C:/工具/a.exe", "https://x.example/", "ms-msdt:/id PCWDiagnostic"),
        refused(
            "program_link",
            f"链接 file:///C:/工具/a.exe{BODY}",
            f"链接 ms-msdt:/id PCWDiagnostic{BODY}",
        ),
    ),
    "seven of them": (
        linked(*(f"search-ms:{n}" for n in range(7))),
        refused("program_link", *(f"链接 search-ms:{n}{BODY}" for n in range(5))).replace(
            "）。请右键", "）；共7处。请右键"
        ),
    ),
    "a template on the own disk": (listed("attachedTemplate", LOCAL), TAKEN),
    "a template by its name": (listed("attachedTemplate", "Normal.dotm"), TAKEN),
    "a template of a site": (
        listed("attachedTemplate", "http://x.example/a.dotm"),
        refused("external", "模板 http://x.example/a.dotm（位于文档设置word/settings.xml）"),
    ),
    "a template on a share": (
        listed("attachedTemplate", "file://server/share/a.dotx"),
        refused("external", "模板 file://server/share/a.dotx（位于文档设置word/settings.xml）"),
    ),
    "a page of a site in a frame": (
        listed("frame", "http://x.example/", part="word/_rels/webSettings.xml.rels"),
        refused("external", "框架中的网页 http://x.example/（位于网页设置word/webSettings.xml）"),
    ),
    "a list of addresses": (
        listed("mailMergeSource", "file:///D:/名单.xlsx"),
        refused(
            "external", "邮件合并的数据源 file:///D:/名单.xlsx（位于文档设置word/settings.xml）"
        ),
    ),
    "a picture of a site in a header": (
        listed("image", "http://x.example/logo.png", part="word/_rels/header1.xml.rels"),
        refused("outside_picture", "图片 http://x.example/logo.png（位于页眉word/header1.xml）"),
    ),
    "a chart whose data lie in another file": (
        listed("oleObject", "file:///D:/测算.xlsx", part="word/charts/_rels/chart1.xml.rels"),
        refused("object", "链接的对象 file:///D:/测算.xlsx（位于图表word/charts/chart1.xml）"),
    ),
    "a macro that the document uses": (
        builders_files.packed(
            {
                **builders_files.parts(
                    "docx", rels=active._INTERNAL.format("vbaProject", "vbaProject.bin")
                ),
                "word/vbaProject.bin": "x",
            }
        ),
        refused("macro", f"宏 vbaProject.bin{BODY}"),
    ),
    "a kind of macros that no part has": (
        with_default("bin", "application/vnd.ms-office.vbaProject"),
        TAKEN,
    ),
    "a kind of macros under an ending in capitals": (
        with_default("XML", "application/vnd.ms-word.document.macroEnabled.main+xml"),
        refused("macro", "宏（位于.XML）"),
    ),
    "no part of its own kind, and a kind of macros that no part has": (
        without_main("zzz", "application/vnd.ms-word.document.macroEnabled.main+xml"),
        "文件“说明.docx”的内容与类型不符或已损坏，请用原来的软件打开，重新另存后再传。",
    ),
    "a link by a field": (
        active.word('<w:fldSimple w:instr=" HYPERLINK &quot;https://x/&quot;"/>'),
        TAKEN,
    ),
    "a link to a program by a field": (
        active.word('<w:fldSimple w:instr=" HYPERLINK &quot;C:/a.exe&quot;"/>'),
        refused("program_link", f"链接 C:/a.exe{BODY}"),
    ),
    "an object": (
        active.member("word/embeddings/oleObject1.bin"),
        refused("object", "对象 word/embeddings/oleObject1.bin"),
    ),
    "a macro": (
        active.member("word/vbaProject.bin"),
        refused("macro", "宏或控件 word/vbaProject.bin"),
    ),
    "a page put in": (
        active.related("aFChunk", "a.html", form=active._INTERNAL),
        refused("external", f"插入的网页 a.html{BODY}"),
    ),
    "a field that runs a program": (
        active.word('<w:fldSimple w:instr=" DDEAUTO c:\\cmd.exe"/>'),
        refused("field", f"域 DDEAUTO c:\\cmd.exe{BODY}"),
    ),
    "a macro and a picture of a site": (
        builders_files.packed(
            {
                **builders_files.parts("docx", rels=active._EXTERNAL.format("image", "http://x/a")),
                "word/vbaProject.bin": "x",
            }
        ),
        refused("macro", "宏或控件 word/vbaProject.bin")
        + refused("outside_picture", f"图片 http://x/a{BODY}").removeprefix("文件“说明.docx”"),
    ),
    "a document with macros under another name": (
        odd.of_kind("docx", "application/vnd.ms-word.document.macroEnabled.main+xml"),
        refused("macro", "宏（位于word/document.xml）"),
    ),
    "a template under another name": (
        odd.of_kind("docx", f"{_WORD}.template.main+xml"),
        "文件“说明.docx”其实是Office模板，请用Word或WPS打开，另存为.docx或.xlsx后再传。",
    ),
    "a workbook under another name": (
        builders_files.office("xlsx"),
        "文件“说明.docx”其实是电子表格，请把后缀改为.xlsx后再传。",
    ),
    "slides under another name": (
        odd.of_kind(
            "docx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        ),
        "文件“说明.docx”其实是演示文稿，请打开后另存（或打印）为PDF再传。",
    ),
    "an archive under another name": (
        builders_files.packed({"甲.txt": "x"}),
        "文件“说明.docx”其实是压缩包（ZIP），请解压后逐个上传其中的文件。",
    ),
    "a password": (
        odd.old_office("EncryptedPackage"),
        "文件“说明.docx”设有打开密码，查看人无法打开，请用Word或WPS打开后去掉密码，保存后再传。",
    ),
    "a document of the old form": (
        odd.old_office("WordDocument"),
        "文件“说明.docx”其实是旧版的Word或Excel文件，请用Word或WPS打开，另存为.docx或.xlsx后再传。",
    ),
    "a part that is spoilt": (
        active.member("word/comments.xml", text="<w:comments"),
        "文件“说明.docx”已损坏，内部的word/comments.xml无法读取，"
        "请用Word或WPS打开并修复，另存后再传。",
    ),
    "half of it": (
        builders_files.office()[:200],
        "文件“说明.docx”不完整或已损坏，请重新导出后再传。",
    ),
    "bytes behind it": (
        builders_files.office() + b"\0" * 512,
        f"文件“说明.docx”的末尾多出512个字节，{SAVE}",
    ),
    "a document with 600 pictures": (
        builders_files.packed(
            {**builders_files.parts("docx"), **{f"word/media/{n}.png": "x" for n in range(600)}}
        ),
        TAKEN,
    ),
}


@pytest.mark.parametrize("what", DOCX)
def test_a_document_is_taken_or_told_why_not(what: str) -> None:
    data, answer = DOCX[what]
    assert at_the_door("说明.docx", data) == answer


def workbook(part: str, text: str) -> bytes:
    return active.member(part, "xlsx", text)


_LINKS = "xl/externalLinks/_rels/externalLink1.xml.rels"
_ROW = '<Relationship Id="a" Type="http://x/externalLinkPath" Target="{}" TargetMode="External"/>'
XLSX = {
    "another workbook on a share": (
        workbook(
            _LINKS, f'<Relationships xmlns="r">{_ROW.format("file:///S:/a.xlsx")}</Relationships>'
        ),
        TAKEN,
    ),
    "another workbook of a site": (
        workbook(
            _LINKS, f'<Relationships xmlns="r">{_ROW.format("https://x/a.xlsx")}</Relationships>'
        ),
        TAKEN,
    ),
    "links by a formula": (active.sheet('HYPERLINK("https://x.example/","网站")'), TAKEN),
    "a link to a program by a formula": (
        active.sheet('HYPERLINK("\\\\s\\a.exe","打开")'),
        refused(
            "program_link",
            "链接 \\\\s\\a.exe（位于工作表xl/worksheets/sheet1.xml）",
            name="表.xlsx",
        ),
    ),
    "a connection": (
        workbook("xl/connections.xml", "<connections/>"),
        refused("connection", "数据连接 xl/connections.xml", name="表.xlsx"),
    ),
    "a formula that asks a site": (
        workbook(
            "xl/worksheets/sheet2.xml",
            '<worksheet><c r="A1"><f>SUM(A2)</f></c>'
            '<c r="C7"><f>_xlfn.WEBSERVICE("http://x/")</f></c></worksheet>',
        ),
        refused(
            "connection",
            "联网函数 WEBSERVICE（位于工作表xl/worksheets/sheet2.xml C7单元格）",
            name="表.xlsx",
        ),
    ),
    "a control": (
        workbook("xl/activeX/activeX1.bin", "x"),
        refused("macro", "宏或控件 xl/activeX/activeX1.bin", name="表.xlsx"),
    ),
    "a workbook with macros under another name": (
        odd.of_kind("xlsx", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        refused("macro", "宏（位于xl/workbook.xml）", name="表.xlsx"),
    ),
    "a template under another name": (
        odd.of_kind("xlsx", f"{_SHEET}.template.main+xml"),
        "文件“表.xlsx”其实是Office模板，请用Word或WPS打开，另存为.docx或.xlsx后再传。",
    ),
    "a password": (
        odd.old_office("EncryptedPackage"),
        "文件“表.xlsx”设有打开密码，查看人无法打开，请用Word或WPS打开后去掉密码，保存后再传。",
    ),
    "empty rows without end": (
        workbook("xl/worksheets/sheet1.xml", "<worksheet>" + " " * 9_000_000 + "</worksheet>"),
        "文件“表.xlsx”解压后超过50 MB或原来的100倍，请删去多余的内容（如空白的行和列）后另存再传。",
    ),
}


@pytest.mark.parametrize("what", XLSX)
def test_a_workbook_is_taken_or_told_why_not(what: str) -> None:
    data, answer = XLSX[what]
    assert at_the_door("表.xlsx", data) == answer


PATHS = {
    "C:\\模板\\a.dotx": True,
    "file:///C:/a.dotx": True,
    "file:///C:%5Ca.dotx": True,
    "file://localhost/C:/a.dotx": True,
    "file:///Users/a/a.dotx": True,
    "a.dotm": True,
    "\\\\server\\a.dotx": False,
    "//server/a.dotx": False,
    "file://server/a.dotx": False,
    "file:////server/a.dotx": False,
    "file:///%5C%5Cserver/a.dotx": False,
    "%5C%5Cserver/a.dotx": False,
    "http://x.example/a.dotx": False,
    "HTTPS://x.example/a.dotx": False,
    "ftp://x.example/a.dotx": False,
}


@pytest.mark.parametrize("path", PATHS)
def test_only_a_template_on_the_own_disk_is_local(path: str) -> None:
    assert is_local(path) is PATHS[path]


TARGETS = {
    "https://x.example/a.exe": False,
    "HTTP://x.example/a.bat?x=1": False,
    "http://www.chinapost.com": False,
    "file:///C:/a.docx": False,
    "附件一：说明.docx": False,
    "C:\\a.exe": True,
    "..\\a.bat": True,
    "a.exe#x": True,
    "file:///C:/a.exe%20": True,
    "\\\\server\\a.LNK": True,
    "javascript:alert(1)": True,
    "mhtml:http://x.example/": True,
    "http://[请填写网址]/": False,
    "http://x.example：8080/": False,
    "portal.example:8080/a": False,
    "localhost:8080": False,
    "about:blank": False,
    "javascript:void(0);": False,
    "javascript:": False,
    "www.chinapost.com": False,
    "java\tscript:alert(1)": True,
    "a:8080.exe": True,
    "\\\\server\\a.com": True,
    "file:///C:/a.com": True,
    "D:\\a.msc": True,
    "函数.xll": True,
}


@pytest.mark.parametrize("target", TARGETS)
def test_a_link_that_starts_a_program_is_told_apart(target: str) -> None:
    assert starts_program(target) is TARGETS[target]
