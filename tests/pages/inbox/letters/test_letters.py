"""Letters as the office and their recipients meet them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from lab.extensions import db
from lab.inbox.models.letters import Letter, LetterRecipient
from lab.inbox.models.notices import Notice
from lab.jobs.models import Job
from lab.proposals.rules.screening import checklist
from tests.support.builders.calls import open_call
from tests.support.builders.letters import BODY, SUBJECT, drafted, give_mail, set_mail
from tests.support.builders.proposals import submitted_proposal
from tests.support.cast import Cast, person
from tests.support.client import PageClient, text_of
from tests.support.concurrency import together

RETURN = {
    "evidence": "fail",
    "evidence_note": "缺盖章页",
    "outcome": "returned",
    "reason": "请补盖章。",
    "open_files": ["files"],
}


@pytest.fixture
def sent_in(app: Flask, cast: Cast) -> str:
    """The key of a submitted proposal."""
    with app.app_context():
        return submitted_proposal(cast, open_call(cast)).key


def draft_in(app: Flask, cast: Cast, *people: int, **text: str) -> str:
    """The key of a letter that waits to be sent."""
    with app.app_context():
        key = drafted(cast, *people, **text).key
        db.session.remove()
        return key


def letter_about(app: Flask) -> str:
    """The address of the one letter."""
    with app.app_context():
        return f"/letters/{db.session.scalars(select(Letter.key)).one()}"


def status_of(app: Flask, key: str) -> str:
    with app.app_context():
        return db.session.scalars(select(Letter.status).where(Letter.key == key)).one()


def test_the_letter_follows_the_check_and_is_sent(
    client: PageClient, app: Flask, cast: Cast, sent_in: str
) -> None:
    office, owner = client.as_(cast.office), client.as_(cast.applicant)
    office.submit(f"/checks/{sent_in}", RETURN)
    address = letter_about(app)
    assert f'<a href="{address}">核对并发送</a>' in office.get("/checks").text
    text = text_of(office.get(address))
    for words in ("退回补正", "缺盖章页", "请补盖章。", "编辑", "预览", "确认发送", "待发送"):
        assert words in text
    owner.get(address, status=404)
    assert "函件" not in text_of(owner.get(f"/proposals/{sent_in}"))
    assert "退回补正" not in text_of(owner.get("/inbox")), "nothing is told before the letter"
    assert "发送1件函件" in text_of(office.get("/"))
    office.submit(address)
    shown = text_of(owner.get(address))
    assert "缺盖章页" in shown and "北京邮银数字人民币创新实验室实施办公室" in shown
    assert "来函：关于《园区数字人民币缴费【演示】》退回补正的通知" in text_of(owner.get("/inbox"))
    assert "退回补正的通知" in text_of(owner.get("/inbox/letters"))
    assert address in owner.get(f"/proposals/{sent_in}").text
    assert address in client.as_(cast.leader).get(f"/proposals/{sent_in}").text
    assert address not in client.as_(cast.member).get(f"/proposals/{sent_in}").text
    client.as_(cast.member).get(address, status=404)
    assert "退回补正的通知" not in text_of(client.as_(cast.member).get("/inbox/letters"))
    assert "件函件" not in text_of(office.get("/"))


@pytest.mark.parametrize("outcome", ["passed", "returned", "refused"])
def test_no_letter_names_who_checked_or_who_reviews(
    client: PageClient, app: Flask, cast: Cast, sent_in: str, outcome: str
) -> None:
    office = client.as_(cast.office)
    marks = {item.code: checklist.OK for item in checklist.ITEMS} if outcome == "passed" else {}
    reason = {} if outcome == "passed" else {"reason": "理由如上。"}
    reason |= {"open_files": ["files"], "confirmed": "1"}
    office.submit(f"/checks/{sent_in}", {**marks, **reason, "outcome": outcome})
    address = letter_about(app)
    office.submit(address)
    read = client.as_(cast.applicant).get(address).text
    with app.app_context():
        letter = db.session.scalars(select(Letter)).one()
        hidden = ("office", "office2", "reviewer", "reviewer2", "reviewer3", "recused")
        names = [person(getattr(cast, one)).name for one in hidden]
        told = [letter.subject, letter.body, *db.session.scalars(select(Notice.text))]
    for name in names:
        assert not any(name in text for text in [*told, read]), name


def test_the_preview_is_what_the_recipient_reads(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    key = draft_in(app, cast)
    office = client.as_(cast.office)
    before = office.get(f"/letters/{key}/preview").text
    office.submit(f"/letters/{key}/preview")
    after = client.as_(cast.applicant).get(f"/letters/{key}").text
    sheet = '<article class="letter-sheet">'
    assert before.partition(sheet)[2].partition("</article>")[0].strip()
    assert (
        before.partition(sheet)[2].partition("</article>")[0]
        == (after.partition(sheet)[2].partition("</article>")[0])
    )
    office.get(f"/letters/{key}/preview", status=409)


def test_what_is_filled_in_on_sending_is_told_from_the_text(
    client: PageClient, app: Flask, cast: Cast, sent_in: str
) -> None:
    office = client.as_(cast.office)
    office.submit(f"/checks/{sent_in}", RETURN)
    office.submit(f"{letter_about(app)}/edit", {"body": "【演示】请于【补正期限】前补正。"})
    sheet = office.get(letter_about(app)).text.partition('<article class="letter-sheet">')[2]
    assert "【演示】请于<mark" in sheet and ">补正期限<" in sheet and "【补正期限】" not in sheet


def test_two_clerks_who_edit_one_letter_see_both_texts(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    key = draft_in(app, cast)
    office = client.as_(cast.office)
    stale = {"version": "1", "subject": SUBJECT, "body": "甲的正文。"}
    office.submit(f"/letters/{key}/edit", {"body": "乙的正文。"})
    page = office.post(f"/letters/{key}/edit", stale, status=409)
    assert "甲的正文。" in page.text and "乙的正文。" in page.text
    page = office.post(f"/letters/{key}/send", {"version": "1"}, status=409)
    assert "有修改，没有发送" in text_of(page)
    assert status_of(app, key) == "draft"


def test_a_text_that_is_refused_stays_in_the_form(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    key = draft_in(app, cast)
    page = client.as_(cast.office).submit(
        f"/letters/{key}/edit", {"subject": "", "body": "字" * 4001}, status=422
    )
    assert "字" * 4001 in page.text and "最多4000个字符" in page.text


def test_a_void_letter_is_never_sent_and_says_why(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    key = draft_in(app, cast)
    office = client.as_(cast.office)
    office.submit(f"/letters/{key}/void", {"reason": ""}, status=422)
    office.submit(f"/letters/{key}/void", {"reason": "与上一件重复。"})
    assert "与上一件重复。" in text_of(office.get(f"/letters/{key}"))
    office.post(f"/letters/{key}/send", {"version": "2"}, status=409)
    client.as_(cast.applicant).get(f"/letters/{key}", status=404)


def test_fifty_clicks_send_one_letter_once(
    both_app: Flask, both_cast: Cast, both_client: PageClient
) -> None:
    with both_app.app_context():
        give_mail(both_cast.applicant)
        give_mail(both_cast.leader)
    set_mail(both_app, 9)
    key = draft_in(both_app, both_cast, both_cast.applicant, both_cast.leader)
    office = both_client.as_(both_cast.office)
    clients = [both_client.as_(both_cast.office) for _ in range(5)]
    tokens = [one.token() for one in clients]

    def click(n: int) -> int:
        # A test client is for one thread; five people with ten tabs each.
        mine = both_app.test_client()
        cookie = clients[n % 5].http.get_cookie("lab")
        assert cookie is not None
        mine.set_cookie("lab", cookie.value)
        data = {"csrf_token": tokens[n % 5], "version": "1"}
        answer = mine.post(
            f"/letters/{key}/send", data=data, headers={"Origin": "http://localhost"}
        )
        return answer.status_code

    answers = together(50, click)
    assert sorted(answers) == [303] + [409] * 49
    assert "已发送" in text_of(office.get(f"/letters/{key}"))
    with both_app.app_context():
        count = select(func.count())
        assert db.session.scalar(count.where(Notice.text.startswith("来函"))) == 2
        assert db.session.scalar(count.select_from(Job)) == 2
        assert db.session.scalar(count.where(LetterRecipient.status == "waiting")) == 2
        db.session.remove()


def test_several_are_sent_after_a_page_that_names_each(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    keys = [draft_in(app, cast, subject=f"第{n}件函件") for n in range(3)]
    office = client.as_(cast.office)
    address = "/letters/send?" + "&".join(f"letter={key}" for key in keys)
    text = text_of(office.get(address))
    for n in range(3):
        assert f"第{n}件函件" in text
    assert "2022-01-001" in text and "申报甲" in text and "发送3件" in text
    office.submit(f"/letters/{keys[0]}/edit", {"body": "另有修改。"})
    chosen = [f"{key}.1" for key in keys]
    page = office.post("/letters/send", {"letter": chosen})
    assert page.headers["Location"] == "/letters"
    assert "已发送2件；1件已由他人办理或修改，没有发送" in text_of(office.get("/letters"))
    assert [status_of(app, key) for key in keys] == ["draft", "sent", "sent"]
    office.post("/letters/send", {"letter": chosen}, status=409)
    office.post("/letters/send", {"letter": ["x", "zzzzzzzzzzzz.1", f"{keys[0]}.9"]}, status=409)


def test_the_outbox_finds_by_number_title_and_person_and_counts(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    draft_in(app, cast, subject="甲项目的通知")
    draft_in(app, cast, cast.leader, subject="乙项目的通知")
    office = client.as_(cast.office)
    text = text_of(office.get("/letters"))
    assert "全部 2" in text and "待发送 2" in text
    for query, found in (
        ("甲项目", ["甲"]),
        ("组长甲", ["乙"]),
        ("2022-01", ["甲", "乙"]),
        ("%", []),
    ):
        text = text_of(office.get(f"/letters?q={query}"))
        assert [one for one in "甲乙" if f"{one}项目的通知" in text] == found, query
    client.as_(cast.applicant).get("/letters", status=403)


def fail_mail(app: Flask) -> None:
    """The mail server refused the address of every mail."""
    with app.app_context():
        db.session.execute(
            db.text(
                "UPDATE letter_recipient SET status = 'failed', phase = 'text', attempts = 1, "
                "claimed_at = queued_at, last_error = '邮件服务器不接受收件地址（550）。'"
            )
        )
        db.session.commit()
        db.session.remove()


def test_a_clerk_does_not_handle_a_letter_to_himself(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        give_mail(cast.office2)
    set_mail(app, 9)
    key = draft_in(app, cast, cast.office2)
    client.as_(cast.office2).get(f"/letters/{key}", status=404)
    assert SUBJECT not in text_of(client.as_(cast.office2).get("/letters"))
    assert "件函件" not in text_of(client.as_(cast.office2).get("/"))
    client.as_(cast.office).submit(f"/letters/{key}")
    assert "请补盖章。" in text_of(client.as_(cast.office2).get(f"/letters/{key}"))
    fail_mail(app)
    for who, told in ((cast.office, True), (cast.office2, False)):
        assert ("件函件的邮件" in text_of(client.as_(who).get("/"))) is told


def test_the_office_sees_why_a_mail_failed_and_sends_it_again(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        give_mail(cast.applicant)
    set_mail(app, 9)
    key = draft_in(app, cast)
    office = client.as_(cast.office)
    office.submit(f"/letters/{key}")
    fail_mail(app)
    assert "处理1件函件的邮件" in text_of(office.get("/"))
    assert "待处理" in text_of(office.get("/letters?status=all&mail=troubled"))
    assert "不接受收件地址（550）" in text_of(office.get(f"/letters/{key}"))
    office.submit(f"/letters/{key}")
    assert "待发" in text_of(office.get(f"/letters/{key}"))
    assert "件函件的邮件" not in text_of(office.get("/"))


def test_one_sets_ones_own_address_and_the_office_that_of_others(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    mine, office = client.as_(cast.applicant), client.as_(cast.office)
    for wrong in ("甲@example.cn", "a@b", "a b@example.cn", "a@example.cn, b@example.cn"):
        page = mine.submit("/account/mail", {"email": wrong}, status=422)
        assert "邮箱写法不对" in text_of(page) and wrong in page.text
    mine.submit("/account/mail", {"email": "jia@example.cn", "mail_wanted": []})
    page = mine.post("/account/mail", {"version": "1", "email": "yi@example.cn"}, status=409)
    assert "jia@example.cn" in page.text and "yi@example.cn" in page.text
    with app.app_context():
        row = person(cast.applicant)
        assert (row.email, row.mail_wanted) == ("jia@example.cn", False)
        key = row.key
        db.session.remove()
    office.submit(f"/people/{key}/edit", {"email": "bing@example.cn", "mail_wanted": "y"})
    assert "bing@example.cn" in text_of(office.get(f"/people/{key}"))


def queries_of(app: Flask, client: PageClient, path: str) -> int:
    """How many statements the page asks."""
    from sqlalchemy import event

    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        client.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_pages_of_letters_ask_the_same_for_one_row_and_for_many(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    office = client.as_(cast.office)
    key = draft_in(app, cast)
    paths = ("/letters", "/letters/send?all=1", f"/letters/{key}")
    office.get("/letters")
    one = [queries_of(app, office, path) for path in paths]
    for n in range(3):
        draft_in(app, cast, cast.applicant, cast.leader, cast.member, subject=f"第{n}件")
    assert [queries_of(app, office, path) for path in paths] == one
    assert max(one) <= 12, one


def test_the_longest_letter_breaks_no_page(client: PageClient, app: Flask, cast: Cast) -> None:
    key = draft_in(app, cast, subject="长" * 80, body="文" * 3998 + "\n\n")
    office = client.as_(cast.office)
    for path in ("", "/preview", "/edit"):
        office.get(f"/letters/{key}{path}")
    assert BODY not in office.get(f"/letters/{key}").text
