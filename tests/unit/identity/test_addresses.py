"""When an address may open an account, as a table, and what the mails about accounts say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lab.identity.rules import mail_kinds
from lab.identity.rules.addresses import Provenance
from lab.inbox.rules import account_mail_wording as texts

NOON = datetime(2022, 7, 15, 4, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
JUST = NOON - WEEK
LATER = JUST + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("by_owner", "set_at", "confirmed_at", "opens"),
    [
        (False, None, None, False),  # nobody knows where it comes from
        (True, JUST, None, True),
        (True, LATER, None, False),
        (True, None, None, False),
        (False, JUST, None, False),  # somebody else entered it, however long ago
        (False, NOON - 100 * WEEK, None, False),
        (False, JUST, JUST, True),
        (False, JUST, LATER, False),
        (False, None, JUST, True),
        (True, JUST, LATER, True),  # the owner's own is old enough
        (True, LATER, JUST, True),
        (True, NOON + WEEK, None, False),  # the clock was set back
    ],
)
def test_an_address_works_a_week_after_its_owner_set_it(
    by_owner: bool, set_at: datetime | None, confirmed_at: datetime | None, opens: bool
) -> None:
    record = Provenance(by_owner, set_at, confirmed_at)
    assert record.opens(NOON) is opens
    since = record.opens_from
    assert (since is not None and since <= NOON) is opens


def test_a_link_says_how_long_and_how_often_it_works() -> None:
    text = texts.password_link("申报甲", "applicant", "TOKEN")
    assert "15分钟" in text.body and "只能使用一次" in text.body and "applicant" in text.body
    assert text.token == "TOKEN" and "TOKEN" not in text.body
    text = texts.address_link("申报甲", "TOKEN")
    assert "24小时" in text.body and text.token == "TOKEN"


def test_the_owner_reads_what_happened_when_and_by_whom() -> None:
    text = texts.information(mail_kinds.ADDRESS_CHANGED, "申报甲", NOON, "经办甲")
    assert "由经办甲更改或删除（2022年7月15日 12:00" in text.body and "实施办公室" in text.body
    text = texts.information(mail_kinds.PASSWORD_CHANGED, "申报甲", NOON, "", "安全管理员")
    assert "通过邮件链接重新设置" in text.body and "请立即与安全管理员联系" in text.body
    with pytest.raises(KeyError):
        texts.information(mail_kinds.FORGOTTEN, "申报甲", NOON, "")
