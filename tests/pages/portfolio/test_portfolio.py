"""The portfolio's pages as each person meets them."""

from __future__ import annotations

from datetime import date

from flask import Flask

from lab.extensions import db
from lab.portfolio.charter import service_creation
from lab.portfolio.models.project import Project
from lab.portfolio.status import service as project_status
from tests.support.builders.calls import open_call
from tests.support.builders.projects import approved_projects, at, running_project
from tests.support.cast import Cast
from tests.support.client import PageClient, entered, text_of


def running(app: Flask, cast: Cast) -> str:
    with app.app_context():
        return running_project(cast).key


def test_the_list_says_what_comes_next_while_it_is_empty(client: PageClient, cast: Cast) -> None:
    page = text_of(client.as_(cast.stranger).get("/projects/"))
    assert "没有您参与的项目" in page and "立项并公布后" in page


def test_each_tier_sees_its_own_projects(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        key = approved_projects(cast, published=False)[0].key
    for person_id in (cast.office, cast.leading):
        assert "LX-2022-01-01" in text_of(client.as_(person_id).get("/projects/"))
    for person_id in (cast.leader, cast.member, cast.stranger, cast.reviewer):
        assert "LX-2022-01-01" not in text_of(client.as_(person_id).get("/projects/"))
        client.as_(person_id).get(f"/projects/{key}", status=404)
    client.as_(cast.system).get("/projects/", status=403)


def test_a_new_project_waits_for_its_leader_then_the_office(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    tasks = {"签署任务书": cast.leader, "办理开始实施": cast.office}

    def waiting() -> list[str]:
        return [task for task, who in tasks.items() if task in text_of(client.as_(who).get("/"))]

    with app.app_context():
        home = f"/projects/{approved_projects(cast)[0].key}"
        db.session.remove()
    with at(2022, 7, 4):
        assert waiting() == ["签署任务书"]
        client.as_(cast.leader).post(f"{home}/charter")
        assert waiting() == ["办理开始实施"]
        client.as_(cast.office).submit(f"{home}/start", {"started_on": "2022-07-04"})
        assert waiting() == []


def test_a_foreign_project_and_a_missing_one_answer_alike(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key = running(app, cast)
    stranger = client.as_(cast.stranger)
    assert "没有找到" in text_of(stranger.get(f"/projects/{key}", status=404))
    assert "没有找到" in text_of(stranger.get("/projects/aaaaaaaaaaaa", status=404))


def test_the_list_filters_by_state_light_and_day(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    running(app, cast)
    office = client.as_(cast.office)
    with at(2022, 12, 20):
        assert "LX-2022-01-01" in text_of(office.get("/projects/?state=running&light=red"))
        assert "没有符合条件的项目" in text_of(office.get("/projects/?state=landed"))
        past = text_of(office.get("/projects/?on=2022-07-10"))
        assert "截至2022年7月10日，按2022年12月20日10时00分前已登记的记录" in past
        assert "没有符合条件" in text_of(office.get("/projects/?on=2022-07-10&light=red"))
        office.get("/projects/?on=nonsense&state=bogus&call=x")


def test_a_published_project_says_what_is_unknown(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        project = service_creation.enter_public_project(
            open_call(cast),
            name="“金点驿充”数字人民币支付项目",
            status="landed",
            status_as_of=date(2022, 12, 31),
            source_label="来源：公开报道",
        )
        db.session.commit()
        key = project.key
    listed = text_of(client.as_(cast.leading).get("/projects/")).replace(" ", "")
    assert "公开报道未载明已落地截至2022年12月31日" in listed
    page = text_of(client.as_(cast.leading).get(f"/projects/{key}")).replace(" ", "")
    assert "截至2022年12月31日" in page and "来源：公开报道" in page
    assert "承担单位未载明" in page and "立项编号—" in page


def test_a_project_goes_from_charter_to_landed(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        key = approved_projects(cast)[0].key
    leader, office = client.as_(cast.leader), client.as_(cast.office)
    with at(2022, 7, 4):
        assert "签署任务书" not in text_of(client.as_(cast.member).get(f"/projects/{key}")).replace(
            "组长签署任务书", ""
        )
        client.as_(cast.member).post(f"/projects/{key}/charter", status=403)
        office.post(f"/projects/{key}/start", {"started_on": "2022-07-04"}, status=403)
        leader.post(f"/projects/{key}/charter")
        office.submit(f"/projects/{key}/start", {"started_on": "2022-07-05"}, status=422)
        office.submit(f"/projects/{key}/start", {"started_on": "2022-07-04"})
        office.submit(f"/projects/{key}/land", {"reason": ""}, status=422)
        office.submit(f"/projects/{key}/land", {"reason": "三个商户已上线。"})
    page = text_of(client.as_(cast.office).get(f"/projects/{key}"))  # years later: signed in anew
    assert "已落地" in page and "三个商户已上线。" in page


def test_only_the_leading_group_terminates(app: Flask, client: PageClient, cast: Cast) -> None:
    key = running(app, cast)
    client.as_(cast.office).post(f"/projects/{key}/terminate", {"reason": "x"}, status=403)
    client.as_(cast.leading).submit(f"/projects/{key}/terminate", {"reason": "合作方退出。"})
    page = text_of(client.as_(cast.leader).get(f"/projects/{key}"))
    assert "已终止" in page and "理由：合作方退出。" in page
    client.as_(cast.leading).post(f"/projects/{key}/terminate", {"reason": "再来"}, status=409)


def test_a_manual_light_is_marked_as_such(app: Flask, client: PageClient, cast: Cast) -> None:
    key = running(app, cast)
    office = client.as_(cast.office)
    office.submit(f"/projects/{key}/light", {"color": "yellow", "reason": "商户迟疑"})
    page = text_of(office.get(f"/projects/{key}"))
    assert "人工设为黄灯：商户迟疑" in page and "（人工" in page
    office.post(f"/projects/{key}/light/clear")
    assert "人工设为" not in text_of(office.get(f"/projects/{key}"))


def test_stale_milestones_show_both_texts(app: Flask, client: PageClient, cast: Cast) -> None:
    key = running(app, cast)
    with app.app_context():
        project = db.session.query(Project).filter_by(key=key).one()
        first = project.milestones[0].key
        version = project.version
    leader = client.as_(cast.leader)
    with at(2022, 8, 20):
        leader.submit(
            f"/projects/{key}/milestones",
            {f"progress-{first}": "60", f"note-{first}": "接口联调中"},
        )
        page = text_of(leader.get(f"/projects/{key}"))
        assert "60%" in page and "接口联调中" in page
        stale = {"version": str(version)}
        for field in ("progress", "done_on", "note"):
            for milestone in page_keys(app, key):
                stale[f"{field}-{milestone}"] = {"progress": "10"}.get(field, "")
        clash = leader.post(f"/projects/{key}/milestones", stale, status=409)
        assert "接口联调中" in text_of(clash)
        bad = leader.submit(
            f"/projects/{key}/milestones", {f"progress-{first}": "一半"}, status=422
        )
        assert 'value="一半"' in bad.text


def page_keys(app: Flask, key: str) -> list[str]:
    with app.app_context():
        project = db.session.query(Project).filter_by(key=key).one()
        return [milestone.key for milestone in project.milestones]


def test_the_office_edits_the_team_and_texts(app: Flask, client: PageClient, cast: Cast) -> None:
    key = running(app, cast)
    office = client.as_(cast.office)
    office.submit(
        f"/projects/{key}/team",
        {"members-1-person_id": "外人甲", "members-1-duty": "数据统计"},
    )
    office.submit(f"/projects/{key}/texts", {"outcome": "已开立钱包一千个。"})
    one_more = {"members-rows": "4", "add": "members"}
    wider = office.post(f"/projects/{key}/team", one_more, status=200).text
    assert entered(wider) == ["members-4-person_id"]
    page = text_of(office.get(f"/projects/{key}"))
    assert "外人甲" in page and "数据统计" in page and "已开立钱包一千个。" in page
    client.as_(cast.leading).get(f"/projects/{key}/team", status=403)
    client.as_(cast.member).get(f"/projects/{key}/texts", status=403)


def test_a_state_entered_late_takes_its_day_and_reason(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context(), at(2022, 7, 4):
        project = approved_projects(cast)[0]
        project_status.sign_charter(project, cast.leader)
        db.session.commit()
        key = project.key
    office, home = client.as_(cast.office), f"/projects/{key}"
    with at(2022, 7, 8):
        refused = office.submit(f"{home}/start", {"started_on": "2022-07-04"}, status=422)
        assert "请写明原因" in text_of(refused) and "2022-07-04" in refused.text
        office.submit(f"{home}/start", {"started_on": "2022-07-04", "why": "会议后补记"})
    with at(2022, 10, 10):  # months later: signed in anew
        office = client.as_(cast.office)
        typed = {"reason": "场地装修", "since": "2022-10-11"}
        assert "晚于今天" in text_of(office.submit(f"{home}/pause", typed, status=422))
        typed = {"reason": "场地装修", "since": "2022-09-26", "why": "台账补记"}
        office.submit(f"{home}/pause", typed)
        assert "暂停" in text_of(office.get("/projects/?on=2022-09-30&state=paused"))
        early = text_of(office.submit(f"{home}/resume", {"since": "2022-09-25"}, status=422))
        assert "早于现状态的开始日2022年9月26日" in early
        office.submit(f"{home}/resume", {})
        page = text_of(office.get(home))
        assert "补记原因：会议后补记" in page and "补记原因：台账补记" in page
    with at(2022, 10, 11):
        assert "没有符合条件" in text_of(
            client.as_(cast.office).get("/projects/?on=2022-10-10&state=paused")
        )
