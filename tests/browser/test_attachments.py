"""Attachments dragged into the page, over a line that breaks, replaced, and looked at."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from lab.extensions import db
from lab.proposals.models.proposal import ProposalFile
from tests.browser.conftest import Portal, Visit
from tests.browser.journey import field
from tests.browser.network import answer_backwards, drop_response
from tests.browser.readiness import act_at_once
from tests.support.builders import files as builders_files
from tests.support.builders import odd_files
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import empty_draft

pytestmark = pytest.mark.browser
DROP = """([place, files]) => {
  const carried = new DataTransfer();
  for (const [name, data] of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    carried.items.add(new File([bytes], name));
  }
  for (const kind of ["dragenter", "dragover", "drop"]) {
    const how = { bubbles: true, cancelable: true, dataTransfer: carried };
    place.dispatchEvent(new DragEvent(kind, how));
  }
}"""
WATCH = """(rows) => {
  window.seen = [];
  new MutationObserver(() => rows.querySelectorAll(".attach-state").forEach(
    (state) => window.seen.push(state.textContent))).observe(
    rows, { childList: true, subtree: true, characterData: true });
}"""


def in_database(portal: Portal, ask: Any) -> Any:
    with portal.app.app_context():
        return ask()


def drag(page: Page, *carried: tuple[str, bytes]) -> None:
    """Drag files from the desktop into the place for them."""
    place = page.locator("[data-attach-drop]").element_handle()
    page.evaluate(DROP, [place, [(n, base64.b64encode(d).decode()) for n, d in carried]])


def states(page: Page, name: str) -> Any:
    row = page.locator(".attach-rows li").filter(has_text=name)
    return expect(row.locator(".attach-state"), f"what is said of {name}")


def leave_while_one_is_tried_again(page: Page, key: str) -> None:
    """The page is left once the file is stored; one that nobody retries holds it, and says so."""
    address, held = page.url, page.locator("[data-attach-held]")
    save = page.get_by_role("button", name="保存", exact=True)
    page.route(f"**/proposals/{key}/files", lambda route: route.abort(), times=2)
    drag(page, ("补充.pdf", builders_files.pdf("补充")))
    states(page, "补充.pdf").to_have_text("连接中断，文件还在本页。稍后自动再试。")
    with page.expect_navigation():
        save.click()
        expect(held).to_have_text("附件上传完后自动保存本页。")
    page.goto(address)
    expect(page.locator("[data-attach-list]")).to_contain_text("补充.pdf")

    signed_out = {"state": "signed_out", "text": "登录已过期"}
    page.route(
        f"**/proposals/{key}/files", lambda r: r.fulfill(status=401, json=signed_out), times=1
    )
    drag(page, ("再补.pdf", builders_files.pdf("再补")))
    states(page, "再补.pdf").to_contain_text("登录已过期，文件还在本页")
    save.click()
    expect(held).to_contain_text("有附件没有上传，本页还没有保存")
    assert page.url == address
    field(page, "申报单位意见").fill("同意申报，王某某。")
    expect(page.locator("[data-autosave-state]")).to_contain_text("已保存")
    page.get_by_role("button", name="取消再补.pdf").click()
    expect(held).to_have_text("")


@pytest.mark.usefixtures("worker")
def test_dropped_files_survive_a_lost_connection(portal: Portal, as_person: Visit) -> None:
    key = in_database(portal, lambda: empty_draft(portal.cast, open_call(portal.cast)).key)
    page = as_person("applicant")
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(f"/proposals/{key}/edit/files")
    field(page, "申报单位意见").fill("同意申报，王某。")

    page.evaluate(WATCH, page.locator("[data-attach-rows]").element_handle())
    photo = builders_files.image(size=(1400, 900))
    answer_backwards(page, f"**/proposals/{key}/files")
    drag(
        page,
        ("意向书.pdf", builders_files.pdf(pages=3)),
        ("照片.png", photo),
        ("假.pdf", b"nothing"),
    )
    states(page, "意向书.pdf").to_have_text("已保存")
    states(page, "照片.png").to_have_text("已保存")
    states(page, "假.pdf").to_have_text(
        "未通过：文件“假.pdf”的内容与类型不符或已损坏，请用原来的软件打开，重新另存后再传。"
    )
    said = page.evaluate("window.seen")
    assert "等待" in said and any(text.startswith("上传中 ") for text in said)
    expect(page.locator("[data-attach-list]")).to_contain_text("已上传的附件（2个")

    page.route(f"**/proposals/{key}/files", drop_response, times=1)
    drag(page, ("测算.xlsx", builders_files.office("xlsx")))
    states(page, "测算.xlsx").to_have_text("连接中断，文件还在本页。稍后自动再试。")
    page.get_by_role("button", name="重试测算.xlsx").click()
    states(page, "测算.xlsx").to_have_text("已保存")
    count = select(func.count()).select_from(ProposalFile)
    assert in_database(portal, lambda: db.session.scalar(count)) == 3, "stored once"

    with page.expect_file_chooser() as chooser:
        page.get_by_role("link", name="替换照片.png").click()
    new = {
        "name": "新照片.png",
        "mimeType": "image/png",
        "buffer": builders_files.image(size=(700, 500)),
    }
    chooser.value.set_files(new)  # type: ignore[arg-type]
    states(page, "新照片.png").to_have_text("已保存")
    page.locator("[data-attach-list] summary").click()
    expect(page.locator(".file-versions")).to_contain_text("照片.png")
    assert field(page, "申报单位意见").input_value() == "同意申报，王某。"
    expect(page.locator("[data-autosave-state]")).to_contain_text("已保存")

    odd = odd_files.with_box("/CropBox", (900, 900, 999, 999))
    drag(page, ("三页.pdf", odd), ("旧方案.doc", b"x"))
    states(page, "旧方案.doc").to_have_text(
        "未通过：此文件是旧版文字文档，请用Word或WPS打开，另存为.docx或.xlsx后再传。"
    )
    note = page.locator("[data-file]").filter(has_text="三页.pdf").locator("[data-preview]")
    expect(note, "told without a reload").to_contain_text("第2页无法生成预览，评委看不到这一页")
    expect(page.locator("[data-previews-say]")).to_contain_text("三页.pdf：第2页无法生成预览")
    expect(page.locator("[data-preview='waiting']")).to_have_count(0)

    leave_while_one_is_tried_again(page, key)
    page.get_by_role("link", name="预览意向书.pdf").click()
    page.wait_for_url("**/preview")
    third = page.get_by_alt_text("第3页，共3页")
    third.scroll_into_view_if_needed()
    expect(third).to_be_visible()
    loaded = "picture => picture.decode().then(() => picture.naturalWidth)"
    assert third.evaluate(loaded) > 1000
    assert trouble == []


def test_a_file_chosen_before_the_scripts_came_goes_up(portal: Portal, as_person: Visit) -> None:
    key = in_database(portal, lambda: empty_draft(portal.cast, open_call(portal.cast)).key)
    page = as_person("applicant")
    act_at_once(page)
    late: list[Route] = []
    page.route("**/static/js/attach.js*", lambda route: late.append(route))
    page.goto(f"/proposals/{key}/edit/files", wait_until="commit")
    chosen = {
        "name": "意向书.pdf",
        "mimeType": "application/pdf",
        "buffer": builders_files.pdf("早"),
    }
    page.locator("[data-attach] input[type='file']").set_input_files(chosen)  # type: ignore[arg-type]
    late.pop().continue_()
    states(page, "意向书.pdf").to_have_text("已保存")
    expect(page.locator("[data-attach] .file-list li"), "it waits for nothing").to_have_count(0)
    expect(page.locator("[data-attach-list]")).to_contain_text("意向书.pdf")
