"""Pages made from the layouts, fields and macros are valid, labelled and the same everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask, Response, flash, render_template, request
from flask.testing import FlaskClient
from jinja2 import FileSystemLoader

from lab import errors
from lab.filesystem import ROOT
from lab.web import fields, forms
from lab.web.pages import nav, pagination, shell
from lab.web.pages.conflict import ConflictPage

COLOURS = [("a", "数字人民币开户"), ("b", "商户受理"), ("c", "代发工资")]


class SampleForm(forms.EditForm):
    title = fields.TextField(
        label="项目名称", required=True, limit=20, hint="写清做什么、在哪里做。"
    )
    aim = fields.TextAreaField(
        label="建设内容", required=True, limit=800, hint="说明做法和成效，不写客户个人信息。"
    )
    kind = fields.RadioField(label="项目类型", required=True, choices=COLOURS)
    areas = fields.CheckboxListField(label="涉及场景", choices=COLOURS, hint="可多选。")
    unit = fields.SelectField(label="牵头单位", required=True, choices=COLOURS)
    starts = fields.DateField(label="开始日期")
    count = fields.IntegerField(label="受理商户", unit="户", min=0, max=10000)
    closes_at = fields.DateTimeField(label="截止时间")
    budget = fields.YuanField(label="经费预算", hint="含税，不超过本批次上限。")
    score = fields.DecimalField(label="自评得分", places=1, min=0, max=100, unit="分")
    files = fields.FileListField(label="附件")
    pledge = fields.CheckboxField(label="所填内容真实，不含涉密信息", required=True)
    secret = fields.PasswordField(label="登录密码")


def rows(count: int) -> list[SimpleNamespace]:
    looks = [("推进中", "blue", "green"), ("逾期", "red", "red"), ("退回补正", "yellow", "黄")]
    return [
        SimpleNamespace(
            title=f"【演示】数字人民币商圈受理环境建设（第{n}期）",
            status=looks[n % 3][0],
            tone=looks[n % 3][1],
            light=looks[n % 3][2],
            score=8418 - 37 * n,
            money=1234500 * 10 ** (n % 4),
        )
        for n in range(count)
    ]


def make_app() -> Flask:
    app = Flask("sample", static_folder=str(ROOT / "static"))
    app.secret_key = "only-for-this-test"
    folders = [ROOT / "tests" / "unit" / "web" / "pages", ROOT / "templates"]
    app.jinja_loader = FileSystemLoader(folders)
    shell.init(app)

    @app.context_processor
    def person() -> dict[str, Any]:
        section = nav.Section("征集评审", (nav.Entry("申报书", "/form", request.path == "/form"),))
        labels = ("项目总览", "里程碑", "变更申请", "验收结项")
        items = tuple(
            nav.Entry(label, "/list", label == labels[0] and request.path == "/list")
            for label in labels
        )
        me = SimpleNamespace(name="【演示】张明", unit_name="【演示】实施办公室")
        return {
            "nav": [section, nav.Section("项目推进", items)],
            "current_user": me,
            "demo_banner": True,
            "inbox_url": "/list",
            "inbox_count": 3,
        }

    @app.route("/form", methods=["GET", "POST"])
    def form() -> str:
        form = SampleForm(data={"version": 1})
        form.validate_on_submit()
        return render_template("form.html", form=form)

    app.add_url_rule("/sign-in", "identity.sign_in", form)
    app.add_url_rule("/inbox", "inbox.index", form)

    @app.route("/list")
    def list() -> str:
        flash("已提交。", "success")
        flash("两个指标逾期未报。", "warning")
        page = pagination.paginate_list(rows(30), request.args, size=6)
        return render_template("list.html", page=page, form=SampleForm(prefix="f"))

    @app.route("/error/<int:status>")
    def error(status: int) -> str:
        page = errors.ErrorPage(status, *errors.PAGES[status], event_number="7F3A21BC")
        return render_template("errors/error.html", page=page)

    @app.route("/conflict", methods=["GET", "POST"])
    def conflict() -> str:
        form = SampleForm(data={"version": 1, "title": "我的标题", "aim": "我写的一段话"})
        form.rebase(2)
        texts = [
            ("项目名称", "我的标题", "别人的标题"),
            ("建设内容", "我写的一段话", "我写的一段话"),
        ]
        page = ConflictPage(texts, back_url="/list")
        return render_template("errors/conflict.html", page=page, form=form)

    @app.post("/identity/sign-out", endpoint="identity.sign_out")
    def sign_out() -> Response:
        return Response(status=204)

    app.add_url_rule("/identity/password", "identity.password", form)
    app.add_url_rule("/identity/mail", "identity.mail", form)
    return app


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with make_app().test_client() as client:
        yield client


PAGES = [
    "/form",
    "/list",
    "/conflict",
    *(f"/error/{c}" for c in (400, 403, 404, 405, 409, 413, 429, 500, 503)),
]
BAD_POST = {
    "title": "字" * 21,
    "aim": "有\x08退格",
    "kind": "z",
    "starts": "2022年2月30日",
    "count": "十二",
    "budget": "1.234",
}


def parse(html: str) -> Element:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def check_page(html: str) -> Element:
    """Fail unless the page is valid, with unique ids, one h1, a name for every control."""
    tree = parse(html)
    ids = [node.get("id", "") for node in tree.iter() if node.get("id")]
    assert len(ids) == len(set(ids)), sorted(ids)
    assert len(list(tree.iter("h1"))) == 1
    assert "".join(next(tree.iter("title")).itertext()).strip()
    check_controls(tree)
    check_references(tree, set(ids))
    check_policy(tree)
    return tree


def check_controls(tree: Element) -> None:
    labelled = {label.get("for") for label in tree.iter("label")}
    controls = [node for kind in ("input", "select", "textarea") for node in tree.iter(kind)]
    for control in controls:
        named = control.get("id") in labelled or control.get("aria-label")
        assert named or control.get("type") == "hidden", control.attrib


def check_references(tree: Element, ids: set[str]) -> None:
    described = [node.get("aria-describedby", "").split() for node in tree.iter()]
    assert {reference for references in described for reference in references} <= ids
    links = [anchor.get("href", "") for anchor in tree.iter("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= ids


def check_policy(tree: Element) -> None:
    """Nothing that the Content-Security-Policy refuses."""
    for node in tree.iter():
        assert not [name for name in node.attrib if name == "style" or name.startswith("on")]
        places = [node.get(place, "") for place in ("src", "href", "action")]
        assert not [place for place in places if re.match(r"(https?:)?//", place)]
    assert not list(tree.iter("style"))
    inline = [script for script in tree.iter("script") if (script.text or "").strip()]
    assert [script.get("type") for script in inline] == ["importmap"]
    assert inline[0].get("nonce")


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_valid_with_one_heading_and_named_controls(
    client: FlaskClient, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    check_page(answer.text)


NATIVE_WORDS = re.compile(
    r"""type=["'](?:date|datetime-local|month|week|time|number|email|url)["']"""
    r"""|<(?:input|select|textarea)[^>]*\s(?:required|pattern|minlength)[\s=>]"""
)


def test_no_control_speaks_the_language_of_the_browser(client: FlaskClient) -> None:
    """Calendars, spinners and bubbles of the browser are in its language, not in Chinese."""
    pages = [client.get("/form").text, client.post("/form", data=BAD_POST).text]
    templates = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    assert [words for text in pages + templates for words in NATIVE_WORDS.findall(text)] == []


def test_form_errors_link_to_their_fields(
    client: FlaskClient,
) -> None:
    tree = check_page(client.post("/form", data=BAD_POST).text)
    links = [a.get("href") for a in tree.iter("a") if (a.get("href") or "").startswith("#")]
    assert {"#title", "#aim", "#kind-0", "#starts", "#count", "#budget", "#unit", "#pledge"} <= set(
        links
    )


def test_no_english_reaches_the_person_whose_form_fails(client: FlaskClient) -> None:
    for data in (BAD_POST, {}, {name: "\ud7ff?" for name in BAD_POST}):
        tree = parse(client.post("/form", data=data).text)
        boxes = [n for n in tree.iter() if n.get("class") in ("error-summary", "field-error")]
        text = "".join("".join(box.itertext()) for box in boxes)
        assert text and not re.search(r"[A-Za-z]{4,}", text), text


def test_every_response_carries_security_headers(client: FlaskClient) -> None:
    for path, status in (("/form", 200), ("/nowhere", 404), ("/list", 200)):
        answer = client.get(path)
        assert answer.status_code == status
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self' 'nonce-")
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    first, second = (client.get("/form").headers["Content-Security-Policy"] for _ in "ab")
    assert first != second


def test_only_hashed_static_files_are_cached_for_a_year(client: FlaskClient) -> None:
    href = next(
        link.get("href", "")
        for link in parse(client.get("/list").text).iter("link")
        if "app.css" in link.get("href", "")
    )
    assert re.search(r"\?v=[0-9a-f]{12}$", href)
    other_release = href[:-12] + "0" * 12
    with client.get(href) as kept:
        assert "immutable" in kept.headers["Cache-Control"]
    for address in ("/static/css/app.css", other_release):
        with client.get(address) as asked_again:
            assert asked_again.headers["Cache-Control"] == "no-cache"


def test_messages_are_announced_by_their_weight(client: FlaskClient) -> None:
    html = client.get("/list").text
    assert '<div class="notice notice-green" role="status"><p>已提交。</p></div>' in html
    assert '<div class="notice notice-yellow" role="alert"><p>两个指标逾期未报。</p></div>' in html


def test_a_conflict_shows_both_texts_and_keeps_mine(client: FlaskClient) -> None:
    tree = check_page(client.get("/conflict").text)
    words = "".join(tree.itertext())
    assert "别人的标题" in words
    values = {node.get("name"): node.get("value") for node in tree.iter("input")}
    assert values["title"] == "我的标题" and values["version"] == "2"


def test_paging_keeps_the_rest_of_the_query(client: FlaskClient) -> None:
    tree = parse(client.get("/list?unit=a&unit=b").text)
    following = next(a.get("href", "") for a in tree.iter("a") if a.get("rel") == "next")
    assert "unit=a&unit=b&after=" in following
    assert (
        "（第6期）" in client.get(following).text and "（第5期）" not in client.get(following).text
    )
