"""What the worker does shows itself: no reload, no double words, no button that stays dead."""

from __future__ import annotations

import io
import re
import time

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from lab.extensions import db
from lab.jobs import service as jobs
from lab.proposals.bulk_import import service as imports
from lab.proposals.bulk_import.workbook.template import template_workbook
from lab.proposals.models.imports import ProposalImport
from lab.reports.core import sandbox
from tests.browser.conftest import Portal, Visit
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import submitted_proposal
from tests.support.documents.rendering_here import render_here

pytestmark = pytest.mark.browser


def _submitted(portal: Portal) -> str:
    """The address of the documents of a proposal just submitted."""
    with portal.app.app_context():
        key = submitted_proposal(portal.cast, open_call(portal.cast)).key
    return f"/proposals/{key}/versions/1/paper"


def _work(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "render_in_child", render_here)
    with portal.app.app_context():
        jobs.run_due()


def _stay(page: Page) -> None:
    page.evaluate("window.stayed = true")


def _stayed(page: Page) -> bool:
    return bool(page.evaluate("window.stayed === true"))


def test_documents_appear_by_themselves_and_download(
    portal: Portal, as_person: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, plain = as_person("applicant"), as_person("applicant", java_script_enabled=False)
    address = _submitted(portal)
    plain.goto(address)
    expect(plain.get_by_role("link", name="查看进度")).to_have_count(3)
    page.goto(address)
    polls = page.locator("[data-poll]")
    expect(polls).to_have_count(3)
    _stay(page)
    page.context.set_offline(True)
    expect(polls.first).to_contain_text("会自动再查")
    _work(portal, monkeypatch)
    page.context.set_offline(False)
    button = page.get_by_role("button", name="下载提交回执")
    expect(button).to_be_visible()
    expect(page.get_by_role("button", name="下载申报书")).to_be_visible()
    expect(polls).to_have_count(0)
    expect(page.locator("[data-live-say]")).to_have_text(re.compile("已更新。"))
    assert _stayed(page)
    _download_twice(page, button)


def _download_twice(page: Page, button: Locator) -> None:
    """The button is free again once the file has come."""
    with page.expect_download():
        button.click()
    came = time.monotonic()
    expect(button).not_to_have_attribute("aria-disabled", "true")
    assert time.monotonic() - came < 5, "not after ten seconds"
    with page.expect_download():
        button.click()


def test_a_list_of_imports_says_by_itself_that_one_is_checked(
    portal: Portal, as_person: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with portal.app.app_context():
        call = open_call(portal.cast)
        data = io.BytesIO(template_workbook(call.title))
        file = FileStorage(data, filename="汇总.xlsx")
        batch = imports.begin_import(call, file, portal.cast.office).key
        key = call.key
        db.session.commit()
    page, result = (as_person("office") for _ in range(2))
    page.goto(f"/proposals/imports/calls/{key}")
    result.goto(f"/proposals/imports/{batch}")
    expect(page.locator("#imports")).to_contain_text("核对中")
    main = result.locator("main")
    expect(main).to_contain_text("正在逐格核对")
    expect(main).not_to_contain_text("核对中")
    _stay(page)
    _work(portal, monkeypatch)
    expect(page.locator("#imports")).not_to_contain_text("核对中")
    expect(page.locator("[data-live-say]")).to_have_text("核对完成。")
    expect(main).not_to_contain_text("正在逐格核对")
    assert _stayed(page)
    with portal.app.app_context():
        assert db.session.scalars(select(ProposalImport.status)).one() != "checking"
