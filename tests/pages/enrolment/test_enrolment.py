"""From the workbook to the first sign-in and the granted roles, as each person meets it."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import event, select

from lab.audit.models import AuditEvent
from lab.enrolment.models import PeopleImport, RoleRequest
from lab.enrolment.slips import printing
from lab.extensions import db
from lab.identity.models.account import Person, SignInFailure
from lab.jobs import service as jobs
from lab.reports.rendering.pdf import render_html
from tests.support.builders.people_workbooks import UNIT, newcomer, workbook
from tests.support.builders.workbooks import xlsx
from tests.support.cast import PASSWORD, Cast
from tests.support.client import PageClient, text_of
from tests.support.records import audit_lines

pytestmark = pytest.mark.usefixtures("workbooks_here")

OWN = "Qiyong-2022-mima"


@pytest.fixture
def system(client: PageClient, cast: Cast) -> PageClient:
    return client.as_(cast.system)


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The HTML of each sheet of slips, in place of its PDF."""
    sheets: list[str] = []

    def render(plain: dict[str, object], **_: object) -> bytes:
        sheets.append(render_html(plain))
        return b"%PDF-1.7 slips"

    monkeypatch.setattr(printing, "render_in_child", render)
    return sheets


def upload(client: PageClient, data: bytes, **more: str) -> str:
    """Upload a workbook, have it checked; the address of its page."""
    answer = client.post("/people/imports", {"files": (io.BytesIO(data), "名单.xlsx"), **more})
    with client.app.app_context():
        jobs.run_due()
    return str(answer.headers["Location"])


def enrolled(system: PageClient, *rows: dict[str, str]) -> str:
    """An import of these people that was confirmed."""
    page = upload(system, workbook([UNIT], rows))
    system.post(f"{page}/confirm")
    return page


def key_of(app: Flask, name: str) -> str:
    with app.app_context():
        return db.session.scalars(select(Person.key).where(Person.sign_in_name == name)).one()


def codes_in(sheet: str) -> list[str]:
    return re.findall(r"启用码</b>([A-Z2-9-]{19})", sheet)


def test_a_file_that_is_no_workbook_is_named_at_once(system: PageClient) -> None:
    file = {"files": (io.BytesIO(b"%PDF-1.7 list"), "名单.xlsx")}
    answer = system.submit("/people/imports", file, status=422)
    assert "这是PDF文件，不是表格" in text_of(answer)
    with system.app.app_context():
        assert db.session.scalars(select(PeopleImport)).all() == []


def test_the_journey_from_the_workbook_to_the_roles(
    system: PageClient, client: PageClient, cast: Cast, printed: list[str]
) -> None:
    page = upload(system, workbook([UNIT], [newcomer(1, roles="申报人、评委")]))
    assert "全部通过核对，尚未建立" in text_of(system.get(page))
    system.post(f"{page}/confirm")
    made = text_of(system.get(page))
    assert "已全部建立。" in made and "已建立单位1个、账号1个" in made
    # slips
    answer = system.submit("/people/slips")
    sheet = system.http.get(answer.headers["Location"])
    assert (sheet.data, sheet.mimetype) == (b"%PDF-1.7 slips", "application/pdf")
    again = system.get(answer.headers["Location"])
    assert "只能下载一次，已下载过" in text_of(again)
    (code,) = codes_in(printed[0])
    for part in ("示例支局【演示】", "新人1【演示】", "new1", "/activate", "有效期至"):
        assert part in printed[0]
    # the owner
    assert "首次使用，凭启用单启用账号" in client.get("/sign-in").text
    owner = PageClient(client.app)
    typed = {"name": "new1", "code": code, "new_password": OWN, "repeat_password": OWN}
    owner.submit("/activate", typed)
    assert "账号已启用" in text_of(owner.get("/"))
    used = PageClient(client.app).submit("/activate", typed, 422)
    assert "此启用单已经用过" in text_of(used)
    # the roles
    security = client.as_(cast.security)
    assert "办理角色申请" in text_of(security.get("/"))
    listed = text_of(security.get("/role-requests"))
    assert "本页可以授予2项" in listed and "可以授予，启用单由系统管理发放" in listed
    security.submit("/role-requests", {"password": PASSWORD})
    assert "评委" in text_of(security.get(f"/people/{key_of(client.app, 'new1')}"))
    assert "已授予" in text_of(security.get("/role-requests?view=decided"))
    assert "办理角色申请" not in text_of(security.get("/"))


def test_each_fault_stands_beside_its_cell(system: PageClient) -> None:
    page = upload(system, workbook([UNIT], [newcomer(1, email="不是邮箱")]))
    text = text_of(system.get(page))
    assert "1行有问题，一个也没有建立" in text
    assert "第2行「邮箱」：邮箱写法不对" in text and "单元格F2：不是邮箱" in text
    assert "只看有问题的行" in text
    system.post(f"{page}/confirm", status=409)


def test_a_checked_list_is_given_up_and_its_file_stays(system: PageClient) -> None:
    data = workbook([UNIT], [newcomer(1)])
    page = upload(system, data)
    with system.post(f"{page}/file", status=200) as original:
        assert original.data == data
    system.post(f"{page}/abandon")
    assert "已放弃，没有建立。" in text_of(system.get("/people/imports"))
    assert "已放弃" in text_of(system.get(page))
    system.post(f"{page}/confirm", status=409)
    with system.app.app_context():
        assert db.session.scalar(select(Person.id).where(Person.sign_in_name == "new1")) is None
        assert len(audit_lines("people_import.download")) == 1


def test_a_list_that_no_longer_fits_says_so_on_confirmation(system: PageClient) -> None:
    page, same = (upload(system, workbook([UNIT], [newcomer(1)])) for _ in range(2))
    system.post(f"{same}/confirm")
    system.post(f"{page}/confirm")
    assert "重新核对没有通过，一个也没有建立" in text_of(system.get(page))


def test_an_own_list_goes_through_the_matching(system: PageClient, cast: Cast) -> None:
    lines = [["登录名", "姓名", "单位"], ["zs", "张三【演示】", "邮政东城分公司"]]
    steps = upload(system, xlsx(lines, "花名册"), way="people")
    columns = system.submit(f"{steps}/heading").headers["Location"]
    result = system.submit(str(columns)).headers["Location"]
    with system.app.app_context():
        jobs.run_due()
    assert "全部通过核对" in text_of(system.get(str(result)))
    assert "批量建立账号" in text_of(system.get(str(result)))


def test_the_template_is_taken_back_as_it_is_filled(system: PageClient) -> None:
    template = system.http.get("/people/imports/template")
    assert template.data.startswith(b"PK")
    page = upload(system, template.data)
    assert "表中没有内容" in text_of(system.get(page))


def test_slips_are_printed_for_the_chosen_alone(system: PageClient, printed: list[str]) -> None:
    page = enrolled(system, newcomer(1), newcomer(2))
    batch = page.rpartition("/")[2]
    nobody = system.post("/people/slips", {}, 422)
    assert "没有选择人员" in text_of(nobody)
    answer = system.post("/people/slips", {"people": key_of(system.app, "new2")})
    system.http.get(answer.headers["Location"])
    assert "new2" in printed[0] and "new1" not in printed[0]
    waiting = system.get(f"/people/slips?batch={batch}")
    assert "共2个账号没有启用" in text_of(waiting)
    assert "未发放" in text_of(waiting) and "发放，有效期至" in text_of(waiting)
    ticked = lxml_html.fromstring(waiting.text).xpath("//main//input[@name='people'][@checked]")
    assert [box.get("value") for box in ticked] == [key_of(system.app, "new1")]  # without a slip
    assert system.get(f"/people/slips?batch={batch}&tick=none").text.count(" checked") == 0
    assert system.get("/people/slips?q=new2").text.count('name="people"') == 1


def test_the_key_of_a_sheet_of_slips_opens_it_alone(system: PageClient, printed: list[str]) -> None:
    enrolled(system, newcomer(1))
    answer = system.post("/people/slips", {"people": key_of(system.app, "new1")})
    address = answer.headers["Location"]
    key = address.partition("kept=")[2]
    for page in ("/people/slips", "/people/slips/file", "/units/new"):
        shown = system.http.get(f"{page}?answer={key}", follow_redirects=True)
        assert '"code"' not in shown.text
    assert system.http.get(address).mimetype == "application/pdf"  # and nothing spent it
    assert "new1" in printed[0]


def test_a_slip_sent_twice_is_issued_once(system: PageClient, printed: list[str]) -> None:
    enrolled(system, newcomer(1))
    values = {"people": key_of(system.app, "new1"), "post_key": "a" * 24}
    first, second = (system.post("/people/slips", values) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]


def test_the_office_prints_the_slip_of_a_single_account(
    system: PageClient, client: PageClient, cast: Cast, printed: list[str]
) -> None:
    enrolled(system, newcomer(1))
    office, person = client.as_(cast.office), f"/people/{key_of(client.app, 'new1')}"
    assert "尚未设置，凭启用单启用" in text_of(office.get(person))
    answer = office.post(f"{person}/slip")
    assert office.http.get(answer.headers["Location"]).mimetype == "application/pdf"
    assert "由经办甲发放，有效期至" in text_of(office.get(person))
    office.get("/people/slips", 403)
    # another browser does not get the sheet
    assert "没有可以下载的启用单" in text_of(system.get(answer.headers["Location"]))


def test_granting_takes_the_password_and_refusing_a_reason(
    system: PageClient, client: PageClient, cast: Cast
) -> None:
    enrolled(system, newcomer(1))
    security = client.as_(cast.security)
    with client.app.app_context():
        key = db.session.scalars(select(RoleRequest.key)).one()
    sent = {"requests": key, "decision": "grant"}
    assert "请输入本人登录密码" in text_of(security.post("/role-requests", sent, 422))
    wrong = security.post("/role-requests", {**sent, "password": "wrong"}, 422)
    assert "登录密码不对" in text_of(wrong) and " checked" in wrong.text
    refusal = {"requests": key, "decision": "refuse"}
    assert "请写明不同意的理由" in text_of(security.post("/role-requests", refusal, 422))
    assert "没有选择申请" in text_of(security.post("/role-requests", {"decision": "grant"}, 422))
    security.post("/role-requests", {**refusal, "answer": "不在名单内。"})
    assert "不在名单内" in text_of(security.get("/role-requests?view=decided"))


def test_a_page_of_forty_accounts_asks_few_queries(
    system: PageClient, client: PageClient, cast: Cast
) -> None:

    enrolled(system, *[newcomer(n, roles="申报人、评委") for n in range(40)])
    security = client.as_(cast.security)
    for who, path in ((system, "/people/slips"), (security, "/role-requests"), (security, "/")):
        who.get(path)
        counted: list[str] = []

        def count(*told: object, into: list[str] = counted) -> None:
            into.append(str(told[2]))

        with client.app.app_context():
            event.listen(db.engine, "before_cursor_execute", count)
            try:
                who.get(path)
            finally:
                event.remove(db.engine, "before_cursor_execute", count)
        assert len(counted) <= 12, (path, counted)


def test_slips_of_people_who_are_not_there_are_refused(
    system: PageClient, app: Flask, printed: list[str]
) -> None:
    enrolled(system, newcomer(1))
    for more in ("000000000000", key_of(app, "new1")[:-1]):
        sent = {"people": [key_of(app, "new1"), more]}
        assert "系统里没有的" in text_of(system.post("/people/slips", sent, status=422))
    assert printed == []


def test_a_code_typed_as_the_name_is_recorded_nowhere(client: PageClient, app: Flask) -> None:
    code = "KMPW-TGDX-4827-RHSA"
    typed = {"code": code, "new_password": OWN, "repeat_password": OWN}
    for name in (code, code.lower()):
        page = client.submit("/activate", {"name": name, **typed}, 422)
        assert "这里填的是启用码" in text_of(page)
    with app.app_context():
        assert db.session.scalar(select(AuditEvent.action)) is None
        assert db.session.scalar(select(SignInFailure.id)) is None
