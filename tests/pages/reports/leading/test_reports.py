"""The report centre as the office and the leading group meet it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from lab.demo import facts
from lab.extensions import db
from lab.jobs.service import run_due
from lab.portfolio.models.project import Project
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of


def _facts(app: Flask) -> None:
    with app.app_context():
        facts.load()
        db.session.commit()


def test_a_leader_makes_waits_for_and_downloads_a_report(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    _facts(app)
    leader = client.as_(cast.leading)
    made = leader.submit("/reports/new", {"cutoff": "2022-12-31"})
    address = made.headers["Location"]
    assert "正在生成" in text_of(leader.get(address))
    assert leader.get(f"{address}/state").json["state"] == "queued"
    with app.app_context():
        run_due()
    assert leader.get(f"{address}/state").json["state"] == "done"
    assert "下载PDF" in text_of(leader.get(address))
    with leader.post(f"{address}/download", status=200) as file:
        assert file.data.startswith(b"%PDF-")
        assert "attachment" in file.headers["Content-Disposition"]
        assert "sandbox" in file.headers["Content-Security-Policy"]


def test_a_future_cutoff_is_refused_without_losing_text(client: PageClient, cast: Cast) -> None:
    page = client.as_(cast.office).submit(
        "/reports/new", {"cutoff": "2099-01-01", "title_1": "请决定的事项"}, status=422
    )
    assert "数据截止日期不能晚于今天" in text_of(page)
    assert "请决定的事项" in page.text


def test_a_reason_without_its_matter_is_pointed_out(client: PageClient, cast: Cast) -> None:
    page = client.as_(cast.office).submit(
        "/reports/new", {"cutoff": "2022-12-31", "reason_2": "理由"}, status=422
    )
    assert "请填写第2项的事项" in text_of(page)


def test_the_verify_page_says_genuine_or_unknown(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    _facts(app)
    office = client.as_(cast.office)
    address = office.submit("/reports/new", {"cutoff": "2022-12-31"}).headers["Location"]
    page = text_of(office.get(address))
    code = page.split("数据指纹")[1].split()[0]
    assert "本系统生成，是最新版" in text_of(office.get(f"/reports/verify?code={code[:8]}"))
    assert "未能核实" in text_of(office.get("/reports/verify?code=00000000"))


def test_staff_without_the_role_have_no_report_centre(client: PageClient, cast: Cast) -> None:
    client.as_(cast.applicant).get("/reports/", status=403)
    client.as_(cast.system).get("/reports/new", status=403)


def test_the_lize_project_shows_the_published_figures(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    _facts(app)
    with app.app_context():
        key = db.session.scalar(select(Project.key).where(Project.short_name == "丽泽试验区"))
        db.session.rollback()
    page = text_of(client.as_(cast.leading).get(f"/projects/{key}"))
    for words in (
        "近20个申报，立项12个，已落地4个",
        "19,146个",
        "54个",
        "1户",
        "4户",
        "1家",
        "预计每月100余万元",
        "丽泽SOHO",
        "丽泽天街",
        "丽泽天地",
        "晋商大厦",
        "来源：公开报道",
    ):
        assert words in page, words
    assert "演示数据" not in page


def test_the_administrators_read_which_font_file_is_broken(
    app: Flask, client: PageClient, cast: Cast, tmp_path: Path
) -> None:
    (tmp_path / "office.otf").write_bytes(b"no font")
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], font_dir=tmp_path)
    page = text_of(client.as_(cast.system).get("/system/status"))
    assert "字体文件 office.otf 已损坏，没有使用。请换成完整的文件。" in page
    assert app.test_client().get("/health").get_json()["checks"]["fonts"]["broken"] == 1


def test_a_double_post_opens_one_report(app: Flask, client: PageClient, cast: Cast) -> None:
    _facts(app)
    office = client.as_(cast.office)
    made = [office.submit("/reports/new", {"cutoff": "2022-12-31"}) for _ in range(2)]
    assert made[0].headers["Location"] == made[1].headers["Location"]


def test_a_report_of_a_batch_says_so_on_its_page(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    _facts(app)
    office = client.as_(cast.office)
    with app.app_context():
        call_id = db.session.scalar(select(Project.call_id).limit(1))
    sent = {"cutoff": "2022-12-31", "call": str(call_id)}
    address = office.submit("/reports/new", sent).headers["Location"]
    assert "征集批次首批创新项目征集" in text_of(office.get(address))
    assert "全部批次" in text_of(office.get("/reports/new"))
    early = office.submit("/reports/new", {"cutoff": "2021-01-31"}, status=422)
    assert "最早的记录在" in text_of(early)
