"""What letters say, when mails are tried again, and what is taken for an address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lab.identity.rules.addresses import passes_as_email
from lab.inbox.rules.backoff import GIVE_UP, ServerPause, next_attempt
from lab.inbox.rules.letter_wording import (
    BODY_LIMIT,
    KINDS,
    SUBJECT_LIMIT,
    CheckOutcome,
    check_letter,
    split_closing,
    split_signature,
)
from lab.inbox.rules.lifecycle import LETTER
from lab.inbox.rules.mail_lifecycle import MAIL
from lab.inbox.rules.mail_message import MailContent, compose, message_id, one_line

NOON = datetime(2022, 7, 1, 4, 0, tzinfo=UTC)
RETURNED = CheckOutcome(
    kind="check_returned",
    number="2022-01-001",
    title="【演示】园区缴费",
    unit="邮政东城分公司",
    reason="请补盖章。",
    failed=[("附件齐全", "缺盖章页"), ("无知识产权争议", "")],
    reopened_fields=["附件", "经费预算"],
    due_days=5,
)


def told(**changes: object) -> CheckOutcome:
    return CheckOutcome(**{**RETURNED.__dict__, **changes})  # type: ignore[arg-type]


def test_a_return_says_what_why_where_and_until_when() -> None:
    text = check_letter(RETURNED)
    assert text.subject == "关于《【演示】园区缴费》退回补正的通知"
    assert text.body == (
        "邮政东城分公司：\n\n"
        "你单位申报的《【演示】园区缴费》（编号2022-01-001）已办理形式审查，"
        "审查结论为：退回补正。\n\n"
        "一、退回理由\n请补盖章。\n\n"
        "二、不合格的项目\n1．附件齐全：缺盖章页\n2．无知识产权争议\n\n"
        "三、需要补正的内容\n1．附件\n2．经费预算\n\n"
        "四、补正期限\n请于【补正期限】24时前（自本函发出之日起5个工作日）在系统中改好并重新提交。\n\n"
        "北京邮银数字人民币创新实验室实施办公室\n【发函日期】"
    )


def test_empty_parts_are_left_out_and_the_rest_renumbered() -> None:
    body = check_letter(told(failed=[], reopened_fields=[])).body
    assert "一、退回理由" in body and "二、补正期限" in body and "不合格的项目" not in body


def test_a_refusal_gives_the_reason_and_a_pass_none() -> None:
    refused = check_letter(told(kind="check_refused", due_days=None))
    assert "不予受理的理由\n请补盖章。" in refused.body and "期限" not in refused.body
    passed = check_letter(told(kind="check_passed", failed=[], reason=""))
    assert "审查结论为：合格" in passed.body and "理由" not in passed.body


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_longest_texts_stay_within_the_limits(kind: str) -> None:
    text = check_letter(
        told(
            kind=kind,
            title="长" * 50,
            unit="位" * 60,
            reason="由" * 800,
            failed=[("项" * 40, "注" * 200)] * 15,
            reopened_fields=["栏" * 20] * 30,
        )
    )
    assert len(text.subject) <= SUBJECT_LIMIT and len(text.body) <= BODY_LIMIT
    assert text.body.endswith("【发函日期】"), "nothing is cut off"


def test_an_unknown_kind_has_no_text() -> None:
    with pytest.raises(KeyError):
        check_letter(told(kind="decision"))


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        ("甲。\n\n办公室\n2022年7月1日", "办公室\n2022年7月1日"),
        ("甲。\n\n只有一行", ""),
        ("办公室\n2022年7月1日", ""),
        ("甲。\n\n" + "长" * 31 + "\n2022年7月1日", ""),
    ],
)
def test_only_two_short_lines_at_the_end_are_a_signature(body: str, signature: str) -> None:
    text, found = split_signature(body)
    assert found == signature
    assert text + (f"\n\n{found}" if found else "") == body


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("甲。\n\n乙。\n丙。", "乙。\n丙。"),
        ("只有一段。", "只有一段。"),
        ("甲。\n\n" + "长" * 200, "长" * 200),
        ("甲。\n\n" + "长" * 201, ""),
    ],
)
def test_a_last_paragraph_of_some_lines_closes_a_letter(text: str, last: str) -> None:
    before, found = split_closing(text)
    assert found == last
    assert "\n\n".join(part for part in (before, found) if part) == text


@pytest.mark.parametrize(
    ("waited", "pause"),
    [(0, 1), (1, 5), (5, 5), (6, 15), (20, 15), (21, 60), (600, 60), (2870, 10)],
)
def test_pauses_grow_and_the_last_try_is_at_two_days(waited: int, pause: int) -> None:
    now = NOON + timedelta(minutes=waited)
    assert next_attempt(NOON, now) == now + timedelta(minutes=pause)


def test_after_two_days_there_is_no_further_try() -> None:
    assert next_attempt(NOON, NOON + GIVE_UP) is None


def test_a_server_that_is_down_is_asked_less_and_less() -> None:
    pause, now = ServerPause(), NOON
    assert pause.is_over(now)
    for minutes in (1, 2, 4, 8, 15, 15):
        pause.record(False, now)
        assert not pause.is_over(now + timedelta(minutes=minutes, seconds=-1))
        now += timedelta(minutes=minutes)
        assert pause.is_over(now)
    pause.record(True, now)
    assert pause.is_over(now)
    pause.record(False, now)
    assert pause.is_over(now + timedelta(minutes=1)), "an answer ended the row"


def test_a_clock_set_back_does_not_lengthen_a_servers_pause() -> None:
    pause = ServerPause()
    pause.record(False, NOON)
    assert pause.is_over(NOON - timedelta(hours=1))


def test_what_was_sent_or_made_void_stays_so() -> None:
    assert [LETTER.transitions_from(code) for code in ("sent", "void")] == [(), ()]
    assert {step.action for step in MAIL.transitions_from("delivered")} == set(), (
        "no mail goes again by itself"
    )
    assert [step.action for step in MAIL.transitions_from("unclear")] == ["queue", "deliver"]


def test_a_header_is_always_one_line() -> None:
    assert one_line("甲\r\nBcc: x@evil.test\x00\u2028乙") == "甲Bcc: x@evil.test乙"
    mail = MailContent(
        sender="lab@lab.test",
        to_name="甲\nBcc: x@evil.test",
        to_address="a@b.test",
        subject="乙\r\nBcc: x@evil.test",
        body="正文",
        link="https://portal.lab.test/letters/k",
        message_id=message_id("letter", "person", "lab@lab.test"),
        at=NOON,
    )
    head = compose(mail).partition(b"\r\n\r\n")[0].decode()
    names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith(" ")]
    assert "Bcc" not in names and len(names) == len(set(names)) == 9
    assert "Message-ID: <letter.person@lab.test>" in head
    assert "Date: Fri, 01 Jul 2022 12:00:00 +0800" in head


@pytest.mark.parametrize("address", ["a@b.cn", "zhang.san_1+x@mail.example.com.cn", "A-1@x-y.cn"])
def test_plain_addresses_are_taken(address: str) -> None:
    assert passes_as_email(address)


@pytest.mark.parametrize(
    "address",
    [
        *("a@b", "@b.cn", "a@", "a.@b.cn", "a..b@b.cn", "a b@c.cn", "a@b.cn\n", "甲@b.cn"),
        *("<a@b.cn>", "甲 <a@b.cn>", "a@b.cn,c@d.cn", "a@-b.cn", "a@[127.0.0.1]", '"a"@b.cn'),
        *("a\r\nRCPT TO:<x>@b.cn", "a" * 65 + "@b.cn"),
    ],
)
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    assert not passes_as_email(address)
