"""The acts around a call: announce it, close it."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

from pypdf import PdfWriter

from tests.browser.journey import Walk, choose, confirmed, fill, follow, menu, press, says

CALL = "第一批创新项目征集"
CRITERIA = ("项目的重要性", "涉及业务的复杂程度", "示范性", "可复制性")


def attachment(name: str) -> Any:
    """A one-page PDF file for an upload."""
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(file)
    return {"name": name, "mimeType": "application/pdf", "buffer": file.getvalue()}


def announce_call(walk: Walk, now: datetime) -> None:
    """The office writes a call with criteria and an attachment, publishes and opens it."""
    page = walk.person("office")
    menu(page, "征集批次")
    walk.look(page, "office-no-calls")
    page.locator("main").get_by_role("link", name="新建批次").first.click()
    fill(
        page,
        批次名称=CALL,
        征集通知正文="请各单位围绕数字人民币受理环境建设申报项目。\n联系人：实施办公室。",
        开始时间=f"{now + timedelta(days=1):%Y-%m-%d %H:%M}",
        截止时间=f"{now + timedelta(days=20):%Y-%m-%d %H:%M}",
        拟立项数="1",
        每个项目有效评审份数下限="2",
    )
    walk.look(page, "office-new-call")
    press(page, "保存草稿")
    says(page, "批次已保存为草稿")
    choose(page, 权重="30、20、25、25", 分制="0–100分，整数")
    press(page, "套用预设")
    says(page, "已套用预设的四项指标")
    walk.look(page, "office-criteria")
    page.locator("main").get_by_role("link", name="返回批次").click()
    follow(page, "修改")
    page.get_by_label("选择文件").first.set_input_files(attachment("申报指南.pdf"))
    press(page, "上传附件")
    says(page, "附件已上传")
    walk.look(page, "office-edit-call")
    page.locator("main").get_by_role("link", name="返回").click()
    confirmed(page, "发布")
    says(page, "批次已发布")
    confirmed(page, "提前开始")
    says(page, "已开始征集")
    walk.look(page, "office-call-open")


def close_call(walk: Walk) -> None:
    """The office ends the call before its time."""
    page = walk.person("office")
    menu(page, "征集批次")
    follow(page, CALL)
    confirmed(page, "提前截止")
    says(page, "已截止征集")
