"""The editor of a notice: written by keyboard, pasted into, recovered, published."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from lab.extensions import db
from tests.browser.axe import barriers
from tests.browser.conftest import Portal, Visit
from tests.browser.journey import field, fill, follow, press, says
from tests.browser.readiness import act_at_once
from tests.support.builders.calls import draft_call

pytestmark = pytest.mark.browser
PAUSE = 30  # milliseconds
CLIPBOARD = Path(__file__).with_name("clipboard")
LISTEN = """window.reports = [];
addEventListener('securitypolicyviolation', (event) => {
  window.reports.push(`${event.violatedDirective} ${event.sourceFile}:${event.lineNumber}`);
});"""
PASTE = """([kind, data]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData(kind, data);
  document.querySelector('.ProseMirror').dispatchEvent(
    new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}"""
PASTE_PICTURE = """() => {
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File(['x'], '截图.png', { type: 'image/png' }));
  document.querySelector('.ProseMirror').dispatchEvent(
    new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}"""
TYPED = """## 征集范围

各单位围绕**受理环境**申报，见[管理办法](/calls)。

- 商户场景
  - 园区缴费
- 公共交通

1. 填写申报书
2. 提交

| 类别 | 上限 |
| --- | ---: |
| 重点 | 50 |
|  |  |

完"""
WORD = """## 关于征集创新项目的通知

### 一、征集范围

各单位围绕**数字人民币受理环境**申报，见[办法](https://www.example.cn/a?b=1)和附件、外链。

- 商户场景
  - 园区缴费
- 公共交通

1. 填写申报书
2. 提交

#### （一）材料

（1）申报书

| 经费 |  | 备注 |
| --- | ---: | --- |
| 设备 | 12,000 | 一年内 用完 |
| 人员 | 8,000 |  |

面积100m²，作废"""
WORD_LOSSES = (
    "粘贴时以下内容不能原样保留：图片1张（请改为上传附件）；"
    "不能使用的链接地址2个（“附件”“外链”，文字已保留）；合并的单元格2处（已拆开，内容在第一格）；"
    "单元格内的分行1处（已连成一行）；删除线1处（文字已保留，请核对）。"
)
WEB = "### 标题\n\n第一段\n\n第二段 斜\n\n- 甲\n  - 乙\n- 丙\n\n## 框\n\n框里\n\n*\u2060 星 # 井"
PASTES = [
    ("word.html", WORD, WORD_LOSSES),
    ("excel.html", "| 单位 | 金额(元) |\n| --- | ---: |\n| 甲支行 | 1,234.50 |\n| 乙 | 12% |", ""),
    ("web.html", WEB, "粘贴时以下内容不能原样保留：音频、视频或嵌入内容1个；斜体、下划线。"),
    (
        "wps.html",
        "- 甲项\n- 乙项\n\n+ 丙\n+ 丁\n\n价□格",
        "粘贴时以下内容不能原样保留：无法识别的符号1个（已改为“□”）。",
    ),
    ("# 标题\n一行\n二行\n\n● 甲\n● 乙", "## 标题\n\n一行\n二行\n\n- 甲\n- 乙", ""),
    ("甲\t乙\n丙\t丁|戊\n", "| 甲 | 乙 |\n| --- | --- |\n| 丙 | 丁\\|戊 |", ""),
]


def notice(page: Page) -> Locator:
    """The editor."""
    return field(page, "征集通知正文")


def stored(page: Page) -> str:
    """What the form would send."""
    return page.locator("textarea[name='notice_text']").input_value()


def keys(page: Page, *pressed: str) -> None:
    """Press the keys one by one; a text that is no key is typed.

    With the pauses of quick fingers: browsers tell of a moved cursor a moment later.
    """
    for key in pressed:
        if re.fullmatch(r"(?:(?:Control|Alt|Shift)\+)*(?:[A-Z]\w+|[a-z0-9\[\]])", key):
            page.keyboard.press(key)
            page.wait_for_timeout(PAUSE)
        else:
            page.keyboard.type(key)


def write_by_keyboard(page: Page) -> None:
    """Type a notice with all that the toolbar offers, without the mouse."""
    notice(page).focus()
    keys(page, "Control+Alt+1", "征集范围", "Enter", "各单位围绕", "Control+b", "受理环境")
    keys(page, "Control+b", "申报，见", "Control+k")
    window = page.get_by_role("dialog", name="链接")
    field(window, "文字").fill("管理办法")
    field(window, "链接地址").fill("javascript:alert(1)")
    keys(page, "Enter")
    expect(window).to_contain_text("请填写网址")
    field(window, "链接地址").fill("/calls")
    keys(page, "Enter", "。", "Enter", "- 商户场景", "Enter", "园区缴费", "Control+]", "Enter")
    keys(page, "Control+[", "公共交通", "Enter", "Enter")


def write_the_rest(page: Page) -> None:
    """Go on with a list and a table, whose button is found by the arrow keys."""
    keys(page, "1. 填写申报书", "Enter", "提交", "Enter", "Enter", "Shift+Tab")
    bar = page.get_by_role("toolbar", name="排版")
    expect(bar.get_by_role("button", name="正文")).to_be_focused()
    keys(page, "End", "ArrowLeft", "ArrowLeft")
    expect(bar.get_by_role("button", name="表格", exact=True)).to_be_focused()
    keys(page, "Enter", "Escape", "类别", "Tab", "上限", "Tab")
    press(bar, "删除列")
    keys(page, "重点", "Tab", "50")
    press(bar, "右对齐")
    expect(bar.get_by_role("button", name="右对齐")).to_have_attribute("aria-pressed", "true")
    keys(page, "Tab", "Shift+Tab", "Enter", "Enter", "完")
    # Out of the table Tab leaves the editor.
    keys(page, "Tab")
    expect(notice(page)).not_to_be_focused()


@pytest.fixture
def office(as_person: Visit) -> Page:
    """The office's page, which listens to what the security policy refuses."""
    page = as_person("office")
    page.add_init_script(LISTEN)
    return page


def test_a_notice_is_written_by_keyboard_and_published(office: Page) -> None:
    page = office
    page.goto("/calls/new")
    fill(page, 批次名称="键盘写的通知")
    write_by_keyboard(page)
    write_the_rest(page)
    assert stored(page) == TYPED
    assert barriers(page) == []
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    press(page, "保存草稿")
    says(page, "批次已保存为草稿")
    follow(page, "返回批次")
    shown = page.locator(".rich-text")
    expect(shown.get_by_role("heading", name="征集范围")).to_be_visible()
    expect(shown.get_by_role("link", name="管理办法")).to_have_attribute("href", "/calls")
    expect(shown.locator("li > ul > li")).to_have_text("园区缴费")
    expect(shown.get_by_role("cell", name="50")).to_have_class("num")
    assert page.evaluate("window.reports") == []


def test_pasted_text_keeps_its_structure(office: Page) -> None:
    for source, markdown, losses in PASTES:
        office.goto("/calls/new")
        notice(office).focus()
        file = CLIPBOARD / source
        kind = "text/html" if source.endswith(".html") else "text/plain"
        data = file.read_text(encoding="utf-8") if kind == "text/html" else source
        office.evaluate(PASTE, [kind, data])
        assert stored(office) == markdown
        expect(office.locator(".rich-state").last).to_have_text(losses)
        assert office.evaluate("window.reports") == []
    office.evaluate(PASTE_PICTURE)
    expect(office.locator(".rich-state").last).to_contain_text("图片1张（请改为上传附件）")


OLD = "# 旧通知\n一行  \n* 甲\n* 乙\n\n| a | b |\n|---|--:|\n| 1 | 2 |"


def test_an_old_text_changes_only_by_a_real_edit(portal: Portal, office: Page) -> None:
    with portal.app.app_context():
        key = draft_call(portal.cast, notice_text=OLD).key
        db.session.commit()
    page = office
    page.goto(f"/calls/{key}/edit")
    page.get_by_text("征集通知正文").first.click()  # the label leads into the editor
    expect(notice(page)).to_be_focused()
    keys(page, "ArrowDown", "Control+End")
    assert stored(page) == OLD
    assert page.locator("form[data-changed='1']").count() == 0
    keys(page, "x", "Control+z")
    assert stored(page) == OLD, "taken back to the letter"
    # A word written by an input method is one word.
    page.context.new_cdp_session(page).send(
        "Input.imeSetComposition", {"text": "xin", "selectionStart": 3, "selectionEnd": 3}
    )
    page.keyboard.insert_text("新")
    assert stored(page) == (
        "## 旧通知\n\n一行\n\n- 甲\n- 乙\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |\n\n新"
    )
    expect(page.locator("#notice_text-count [data-used]")).to_have_text(str(len(stored(page))))


def test_a_notice_of_a_closed_page_is_offered_again(portal: Portal, office: Page) -> None:
    page = office
    page.goto("/calls/new")
    notice(page).focus()
    keys(page, "# 没有保存的通知", "Enter", "正文", "Control+b", "要点")
    expect(page.locator("[data-autosave-state]")).to_contain_text("草稿已自动保存")
    page.close(run_before_unload=False)
    again = page.context.new_page()
    again.goto("/calls/new")
    press(again, "恢复未保存的内容")
    expect(notice(again).get_by_role("heading", name="没有保存的通知")).to_be_visible()
    assert stored(again) == "## 没有保存的通知\n\n正文**要点**"
    keys(again, "Tab")
    notice(again).focus()
    keys(again, "Control+End", "。")
    assert stored(again) == "## 没有保存的通知\n\n正文**要点。**"


# What is typed into the textarea, keys that follow, and what "新" makes once the editor is there.
BEGUN = [
    ("甲\n\n乙", [], "甲\n\n乙新"),
    ("甲\n\n乙", ["ArrowLeft"], "甲\n\n新乙"),
    ("甲\n乙", ["ArrowLeft"], "甲\n新乙"),
    ("## 甲\n- 乙丙\n\n丁", ["ArrowUp", "ArrowUp", "End", "ArrowLeft"], "## 甲\n\n- 乙新丙\n\n丁"),
    ("甲\n", [], "甲\n\n新"),
]


def test_a_text_begun_before_the_editor_goes_on_in_it(as_person: Visit) -> None:
    page = as_person("office")
    act_at_once(page)
    late: list[Route] = []
    page.route("**/static/js/rich.js*", lambda route: late.append(route))
    for typed, pressed, text in BEGUN:
        page.goto("/calls/new", wait_until="commit")
        page.locator("textarea[name='notice_text']").focus()
        keys(page, typed, *pressed)
        late.pop().continue_()
        expect(page.locator(".ProseMirror")).to_be_focused()
        page.keyboard.type("新")
        assert stored(page) == text
