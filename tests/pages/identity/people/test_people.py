"""People and units as the office and the administrators meet them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from lab.extensions import db
from lab.identity.models.account import AuthSession, Person, Unit
from lab.identity.units import service as units_service
from tests.support.cast import PASSWORD, Cast, person, unit
from tests.support.client import PageClient, text_of

FIRST = "Chushi-2022-mima"


def key_of(app: Flask, person_id: int) -> str:
    with app.app_context():
        return person(person_id).key


def new_account(name: str, **more: str) -> dict[str, str]:
    return {
        "name": "新人甲",
        "sign_in_name": name,
        **more,
    }


def test_a_new_applicant_has_no_password_until_the_slip_is_used(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    fields = new_account("XinRen.Jia", unit=str(cast.post_branch))
    office = client.as_(cast.office)
    made_page = office.submit("/people/new", fields).headers["Location"]
    text = text_of(office.get(made_page))
    assert "请打印启用单交给本人" in text and "尚未设置，凭启用单启用" in text
    with app.app_context():
        made = db.session.scalars(select(Person).where(Person.sign_in_name == "xinren.jia")).one()
        assert (made.roles, made.kind, made.password_hash) == ({"applicant"}, "staff", "")
    client.submit("/sign-in", {"name": "xinren.jia", "password": FIRST}, status=422)


def test_the_office_cannot_make_an_administrator(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    office = client.as_(cast.office)
    assert 'name="kind"' not in office.get("/people/new").text
    office.post("/people/new", new_account("guanli", unit=str(cast.post_root), kind="system"))
    with app.app_context():
        made = db.session.scalars(select(Person).where(Person.sign_in_name == "guanli")).one()
        assert made.kind == "staff"


def test_the_system_administrator_grants_no_business_roles(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    system = client.as_(cast.system)
    assert 'name="kind"' not in system.get("/people/new").text
    system.submit("/people/new", new_account("xin2", unit=str(cast.bank_root)))
    with app.app_context():
        found = {p.sign_in_name: (p.kind, p.roles) for p in db.session.scalars(select(Person))}
    assert found["xin2"] == ("staff", set())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"sign_in_name": "office"}, "已被使用"),
        ({"sign_in_name": "张三"}, "登录名只能用"),
        ({"unit": ""}, "所在单位"),
    ],
)
def test_a_wrong_account_is_refused_beside_its_field(
    client: PageClient, cast: Cast, change: dict[str, str], sentence: str
) -> None:
    fields = {**new_account("xin"), "unit": str(cast.post_branch), **change}
    page = client.as_(cast.office).submit("/people/new", fields, status=422)
    assert sentence in text_of(page)


def test_administrators_do_not_exist_for_the_office(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    office, key = client.as_(cast.office), key_of(app, cast.audit)
    assert "审计管理" not in text_of(office.get("/people?q=管理"))
    assert "审计管理" in text_of(client.as_(cast.system).get("/people"))
    gone = office.get("/people/nosuchperson", status=404)
    for path in (f"/people/{key}", f"/people/{key}/edit", f"/people/{key}/password"):
        assert text_of(office.get(path, status=404))[:20] == text_of(gone)[:20]
    office.post(f"/people/{key}/disable", status=404)


def test_people_are_found_by_name_unit_with_those_below_and_role(
    client: PageClient, cast: Cast
) -> None:
    office = client.as_(cast.office)
    assert "共1人" in text_of(office.get("/people?q=申报甲"))
    below = text_of(office.get(f"/people?unit={cast.post_root}&role=reviewer"))
    assert "共2人" in below and "评委乙" in below and "评委丁" in below
    assert "没有符合条件的人员" in text_of(office.get("/people?q=nobody&state=disabled"))


def test_removing_roles_ends_the_sessions(app: Flask, client: PageClient, cast: Cast) -> None:
    key, before = key_of(app, cast.stranger), client.as_(cast.stranger)
    before.get("/calls")
    client.as_(cast.security).submit(f"/people/{key}/roles", {"roles": []})
    with app.app_context():
        assert person(cast.stranger).roles == set()
    assert before.http.get("/calls").status_code == 303
    client.as_(cast.office).get(f"/people/{key}/roles", status=403)
    client.as_(cast.security).get(f"/people/{key_of(app, cast.system)}/roles", status=404)


def test_a_disabled_person_is_out_until_enabled(app: Flask, client: PageClient, cast: Cast) -> None:
    key, theirs = key_of(app, cast.stranger), client.as_(cast.stranger)
    office = client.as_(cast.office)
    office.post(f"/people/{key}/disable")
    assert theirs.http.get("/calls").status_code == 303
    office.post(f"/people/{key}/disable", status=409)
    office.post(f"/people/{key}/enable")
    client.submit("/sign-in", {"name": "stranger", "password": PASSWORD})


def test_nobody_closes_their_own_account(app: Flask, client: PageClient, cast: Cast) -> None:
    key = key_of(app, cast.office)
    office = client.as_(cast.office)
    assert f"/people/{key}/disable" not in office.get(f"/people/{key}").text
    office.post(f"/people/{key}/disable", status=403)
    with app.app_context():
        assert person(cast.office).disabled_at is None


def test_a_reset_password_ends_sessions_and_must_be_changed(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key = key_of(app, cast.stranger)
    client.as_(cast.stranger)
    passwords = {"new_password": FIRST, "repeat_password": FIRST}
    client.as_(cast.office).submit(f"/people/{key}/password", passwords)
    with app.app_context():
        alive = select(func.count()).where(
            AuthSession.person_id == cast.stranger, AuthSession.ended_at.is_(None)
        )
        assert db.session.scalar(alive) == 0
        assert person(cast.stranger).must_change


def test_two_editors_of_one_person_see_both_texts(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    path = f"/people/{key_of(app, cast.stranger)}/edit"
    stale = client.as_(cast.office).get(path).text.split('name="version"')[1].split('value="')[1]
    client.as_(cast.office2).submit(path, {"duty": "副主任"})
    mine = {"version": stale.split('"')[0], "name": "外人甲", "unit": str(cast.bank_other)}
    page = client.as_(cast.office).post(path, {**mine, "duty": "主任"}, status=409)
    assert "副主任" in text_of(page) and 'value="主任"' in page.text


def test_units_are_shown_as_a_tree_made_and_renamed(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    office = client.as_(cast.office)
    office.submit("/units/new", {"name": "邮政东城一所", "parent": str(cast.post_branch)})
    page = text_of(office.get("/units"))
    places = [page.rindex(n) for n in ("北京市邮政分公司", "邮政东城分公司", "邮政东城一所")]
    assert places == sorted(places)
    with app.app_context():
        made = db.session.scalars(select(Unit).where(Unit.name == "邮政东城一所")).one()
        assert (made.side, made.parent_id) == ("post", cast.post_branch)
        key = unit(cast.bank_other).key
    office.submit(f"/units/{key}/edit", {"name": "邮储丰台中心支行"})
    assert "邮储丰台中心支行" in text_of(office.get("/units"))
    taken = office.submit(f"/units/{key}/edit", {"name": "邮储东城支行"}, status=422)
    assert "已有名为" in text_of(taken)


def test_a_person_keeps_a_unit_that_is_out_of_use(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        closed = unit(cast.bank_other)
        units_service.edit_unit(closed, closed.version, name=closed.name, active=False)
        db.session.commit()
    office = client.as_(cast.office)
    office.submit(f"/people/{key_of(app, cast.stranger)}/edit", {"duty": "经理"})
    with app.app_context():
        assert person(cast.stranger).unit_id == cast.bank_other
    assert "邮储丰台支行" not in text_of(office.get("/people/new"))
