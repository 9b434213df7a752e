"""What takes two people, as they meet it: asking, releasing, the slip, the first sign-in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import select, text

from lab import audit
from lab.extensions import db
from lab.identity.models.account import Person
from lab.identity.models.addresses import AddressChange
from lab.identity.models.resets import PasswordReset
from lab.identity.passwords import service_resets
from lab.identity.people import service as identity
from lab.releases.models import Release
from tests.support.cast import PASSWORD, Cast, person
from tests.support.client import PageClient, text_of

REASON = "本人忘记密码，已当面核实。"


def key_of(app: Flask, person_id: int) -> str:
    with app.app_context():
        return person(person_id).key


def asked(client: PageClient, cast: Cast, whom: int, by: int) -> str:
    """Ask for a reset on the page; the address of the request."""
    path = f"/people/{key_of(client.app, whom)}/reset"
    answer = client.as_(by).submit(path, {"reason": REASON})
    return str(answer.headers["Location"])


def press(client: PageClient, page: str, action: str, status: int = 303, **fields: str) -> Any:
    """Send the form of a page that goes to this address."""
    root = lxml_html.fromstring(client.get(page).text)
    forms = root.xpath(f"//main//form[@action='{page}/{action}']")
    assert forms, f"{page} offers no {action}"
    values = {**dict(forms[0].form_values()), **fields}
    values.pop("csrf_token")
    return client.post(f"{page}/{action}", values, status)


def test_what_was_asked_for_already_is_not_offered_again(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    page = asked(client, cast, cast.reviewer, cast.office)
    path = f"/people/{key_of(app, cast.reviewer)}/reset"
    shown = client.as_(cast.office2).get(path).text
    assert "已有同样的申请等待复核" in shown and f'href="{page}"' in shown
    assert "提交复核" not in shown and "申请理由" not in shown
    client.as_(cast.office2).post(path, {"reason": REASON}, status=422)


def test_a_reviewers_password_takes_two_of_the_office(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    page = asked(client, cast, cast.reviewer, cast.office)
    office, second = client.as_(cast.office), client.as_(cast.office2)
    shown = text_of(office.get(page))
    assert "经办乙（实施办公室）" in shown and REASON in shown and "待复核" in shown
    assert f"{page}/agree" not in office.get(page).text
    assert "复核重置密码" not in text_of(office.get("/"))
    home = text_of(second.get("/"))
    assert "复核重置密码" in home and "评委甲" in home
    assert "申请重置密码" in text_of(second.get("/inbox"))
    assert "有1项等待您复核" in text_of(second.get("/releases"))
    client.submit("/sign-in", {"name": "reviewer", "password": PASSWORD})
    press(second, page, "agree", password=PASSWORD)
    assert "初始密码" not in text_of(second.get(page)).split("办理前后")[0]
    assert f"{page}/slip" not in second.get(page).text
    slip = office.get(press(office, page, "slip", status=303).headers["Location"])
    word = re.search(r"初始密码\s?([\w-]{19})\b", text_of(slip))
    assert word, text_of(slip)
    assert f"{page}/slip" not in office.get(page).text
    office.post(f"{page}/slip", status=409)
    fresh = PageClient(app)
    fresh.submit("/sign-in", {"name": "reviewer", "password": PASSWORD}, status=422)
    fresh.submit("/sign-in", {"name": "reviewer", "password": word[1]})
    first = text_of(fresh.get("/account/password"))
    assert "申请人经办甲（实施办公室），同意人经办乙（实施办公室）" in first
    new = {"new_password": "Benren-2022-xin", "repeat_password": "Benren-2022-xin"}
    fresh.submit("/account/password", {"password": word[1], **new})
    assert "密码被重置" not in text_of(fresh.get("/account/password"))


def test_an_owner_who_chose_a_password_already_reads_it_once(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.test_request_context("/", method="POST"):
        service_resets.reset_password(cast.stranger, "Chushi-2022-mima", person(cast.office))
        person(cast.stranger).must_change = False  # as after a link by mail
        db.session.commit()
    told = "申请人经办甲（实施办公室）"
    mine = PageClient(app)
    mine.submit("/sign-in", {"name": "stranger", "password": "Chushi-2022-mima"})
    assert told in text_of(mine.get("/"))
    again = PageClient(app)
    again.submit("/sign-in", {"name": "stranger", "password": "Chushi-2022-mima"})
    assert told not in text_of(again.get("/"))


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ("reviewer", "实施办公室"),
        ("office", "系统管理员"),
        ("system", "其他系统管理员或服务器管理员"),
    ],
)
def test_who_objects_is_sent_to_who_can_help(
    app: Flask, client: PageClient, cast: Cast, who: str, whom: str
) -> None:
    with app.app_context():
        owner: int = getattr(cast, who)
        db.session.add(PasswordReset(person_id=owner, asked_by="甲", released_by="乙"))
        db.session.add(AddressChange(person_id=owner, email="a@b.test"))
        audit.record("people.edit", person(owner))
        db.session.commit()
    client.submit("/sign-in", {"name": who, "password": PASSWORD})
    page = text_of(client.get("/"))
    assert f"请立即联系{whom}。" in page and f"如有疑问，请与{whom}联系。" in page


def test_a_wrong_password_releases_nothing(app: Flask, client: PageClient, cast: Cast) -> None:
    page = asked(client, cast, cast.reviewer, cast.office)
    answer = press(client.as_(cast.office2), page, "agree", status=422, password="falsch")
    assert "登录密码不对" in text_of(answer)
    with app.app_context():
        assert db.session.scalars(select(Release.status)).all() == ["pending"]


def test_who_left_the_office_opens_no_slip(app: Flask, client: PageClient, cast: Cast) -> None:
    page = asked(client, cast, cast.reviewer, cast.office)
    press(client.as_(cast.office2), page, "agree", password=PASSWORD)
    with app.app_context():
        asker = person(cast.office)
        identity.set_roles(asker, asker.version, ["applicant"])
        db.session.commit()
    former = client.as_(cast.office)
    assert "不再有权" in text_of(former.post(f"{page}/slip", status=409))
    with app.app_context():
        assert person(cast.reviewer).password_hash == ""


def test_an_open_plain_account_is_reset_at_once_others_are_not(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    first = {"new_password": "Chushi-2022-mima", "repeat_password": "Chushi-2022-mima"}
    system = client.as_(cast.system)
    for whom in (cast.reviewer, cast.office, cast.leading, cast.security, cast.audit):
        key = key_of(app, whom)
        system.post(f"/people/{key}/password", first, status=403)
        assert f"/people/{key}/reset" in system.get(f"/people/{key}").text
    office = client.as_(cast.office)
    office.post(f"/people/{key_of(app, cast.reviewer)}/password", first, status=403)
    office.post(f"/people/{key_of(app, cast.leading)}/reset", {"reason": REASON}, status=403)
    office.submit(f"/people/{key_of(app, cast.stranger)}/password", first)
    client.submit("/sign-in", {"name": "stranger", "password": "Chushi-2022-mima"})
    assert "申请人经办甲（实施办公室）。" in text_of(client.get("/account/password"))


def test_where_nobody_may_the_page_says_so_before_it_is_begun(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    system, path = client.as_(cast.system), f"/people/{key_of(app, cast.security)}/reset"
    page = system.get(path)
    assert "flask --app app release reset-password security" in text_of(page)
    assert 'name="reason"' not in page.text
    answer = system.post(path, {"reason": REASON}, status=422)
    assert "没有第二个人" in text_of(answer) and REASON in answer.text


def test_a_reviewers_unit_changes_only_by_release(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key, office = key_of(app, cast.reviewer), client.as_(cast.office)
    form = office.get(f"/people/{key}/edit")
    assert 'name="unit"' not in form.text and "变更单位" in text_of(form)
    office.submit(f"/people/{key}/edit", {"duty": "高级经理"})
    version = re.search(r'name="version"[^>]*value="(\d+)"', office.get(f"/people/{key}/edit").text)
    assert version
    sly = {"version": version[1], "name": "评委甲", "unit": str(cast.post_branch)}
    office.post(f"/people/{key}/edit", sly)
    with app.app_context():
        assert person(cast.reviewer).unit_id == cast.bank_other
    fields = {"unit": str(cast.post_branch), "reason": "工作调动。"}
    page = office.submit(f"/people/{key}/unit", fields).headers["Location"]
    shown = text_of(office.get(page))
    assert "单位 邮储丰台支行 邮政东城分公司" in shown and "角色 评委 不变" in shown
    press(client.as_(cast.office2), page, "agree", password=PASSWORD)
    with app.app_context():
        assert person(cast.reviewer).unit_id == cast.post_branch


def test_one_security_administrator_gives_no_power_alone(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key, security = key_of(app, cast.stranger), client.as_(cast.security)
    path = f"/people/{key}/roles"
    assert "系统管理（系统管理员）" in text_of(security.get(path))
    answer = security.submit(path, {"roles": ["applicant", "reviewer"]}, status=422)
    assert "请写明理由" in text_of(answer)
    fields = {"roles": ["applicant", "reviewer"], "reason": "聘为评委。"}
    page = security.submit(path, fields).headers["Location"]
    with app.app_context():
        assert person(cast.stranger).roles == {"applicant"}
    system = client.as_(cast.system)
    assert "复核增加角色" in text_of(system.get("/"))
    press(system, page, "agree", password=PASSWORD)
    with app.app_context():
        assert person(cast.stranger).roles == {"applicant", "reviewer"}


def test_one_system_administrator_makes_no_administrator_alone(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    system = client.as_(cast.system)
    fields = {"kind": "security", "name": "安全乙", "sign_in_name": "Security2", "reason": REASON}
    page = system.submit("/people/new-admin", fields).headers["Location"]
    made = select(Person).where(Person.sign_in_name == "security2")
    with app.app_context():
        assert db.session.scalar(made) is None
    other = client.as_(cast.security)
    assert "不变" not in text_of(other.get(page))
    press(other, page, "agree", password=PASSWORD)
    slip = system.get(press(system, page, "slip", status=303).headers["Location"])
    word = re.search(r"初始密码\s?([\w-]{19})\b", text_of(slip))
    assert word
    client.submit("/sign-in", {"name": "security2", "password": word[1]})
    taken = {**fields, "sign_in_name": "office"}
    assert "已被使用" in text_of(system.submit("/people/new-admin", taken, status=422))


def test_account_givers_cannot_release_each_others_requests(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    page, other = asked(client, cast, cast.audit, cast.system), client.as_(cast.security)
    assert "审计" in text_of(other.get(page))
    with app.app_context():
        handed = text("UPDATE person SET first_password_by_id = :by WHERE id = :id")
        db.session.execute(handed, {"by": cast.system, "id": cast.security})
        db.session.commit()
    for path in (page, f"{page}/agree"):
        (other.get if path == page else other.post)(path, status=404)
    assert "审计" not in text_of(other.get("/releases"))
    assert "复核重置密码" not in text_of(other.get("/"))
    assert "目前没有第二个人可以复核" in text_of(client.as_(cast.system).get(page))


def test_a_reset_is_no_matter_of_who_handed_that_account_out(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    page, other = asked(client, cast, cast.audit, cast.system), client.as_(cast.security)
    assert page in other.get("/releases").text
    with app.app_context():
        handed = text("UPDATE person SET first_password_by_id = :by WHERE id = :id")
        db.session.execute(handed, {"by": cast.security, "id": cast.audit})
        db.session.commit()
    assert page not in other.get("/releases").text
    other.get(page, status=404)


def test_a_releaser_can_read_the_request_later(app: Flask, client: PageClient, cast: Cast) -> None:
    page, other = asked(client, cast, cast.reviewer, cast.office), client.as_(cast.office2)
    press(other, page, "agree", password=PASSWORD)
    with app.app_context():
        handed = text("UPDATE person SET first_password_by_id = :by WHERE id = :id")
        db.session.execute(handed, {"by": cast.office, "id": cast.office2})
        db.session.commit()
    assert "评委甲" in text_of(other.get(page))
    assert page in other.get("/releases").text


def test_a_closed_account_with_powers_is_opened_by_two(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key, office = key_of(app, cast.reviewer), client.as_(cast.office)
    office.post(f"/people/{key}/disable")
    office.post(f"/people/{key}/enable", status=403)
    page = office.submit(f"/people/{key}/ask-enable", {"reason": REASON}).headers["Location"]
    press(client.as_(cast.office2), page, "agree", password=PASSWORD)
    client.submit("/sign-in", {"name": "reviewer", "password": PASSWORD})


def test_who_is_concerned_reads_it_and_strangers_do_not(client: PageClient, cast: Cast) -> None:
    page = asked(client, cast, cast.reviewer, cast.office)
    owner = client.as_(cast.reviewer)
    assert "等待复核" in text_of(owner.get("/inbox"))
    assert REASON in text_of(owner.get(page))
    owner.post(f"{page}/agree", {"password": PASSWORD}, status=403)
    for who in (cast.stranger, cast.reviewer2, cast.leading, cast.system, cast.security):
        client.as_(who).get(page, status=404)
    assert REASON in text_of(client.as_(cast.audit).get(page))
    for who in (cast.audit, cast.office, cast.office2):
        assert "评委甲" in text_of(client.as_(who).get("/releases"))
    for who in (cast.leading, cast.system, cast.security):
        assert "评委甲" not in text_of(client.as_(who).get("/releases"))


def test_refusing_needs_a_reason_and_withdrawing_ends_it(client: PageClient, cast: Cast) -> None:
    page = asked(client, cast, cast.reviewer, cast.office)
    second = client.as_(cast.office2)
    assert "必填" in text_of(press(second, page, "refuse", status=422))
    press(second, page, "refuse", answer="未与本人核实。")
    assert "未与本人核实" in text_of(client.as_(cast.office).get(page))
    page = asked(client, cast, cast.reviewer, cast.office)
    press(client.as_(cast.office), page, "withdraw")
    assert "已撤回" in text_of(second.get(page))
    second.post(f"{page}/agree", {"password": PASSWORD}, status=409)


def test_a_request_overtaken_by_events_cannot_be_agreed_to(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    page = asked(client, cast, cast.reviewer, cast.office)
    second = client.as_(cast.office2)
    with app.app_context():
        identity.disable(person(cast.reviewer))
        db.session.commit()
    shown = second.get(page)
    assert "情况已有变化" in text_of(shown) and f"{page}/agree" not in shown.text
    answer = second.post(f"{page}/agree", {"password": PASSWORD, "version": "1"}, status=422)
    assert "情况已有变化" in text_of(answer)


@pytest.mark.parametrize("who", ["office", "system", "security", "audit", "leading"])
def test_the_menu_shows_the_list_to_those_concerned(
    client: PageClient, cast: Cast, who: str
) -> None:
    page = client.as_(getattr(cast, who)).get("/releases")
    assert "没有这样的复核事项" in text_of(page) and "复核事项" in page.text
    client.as_(cast.stranger).get("/releases", status=403)
