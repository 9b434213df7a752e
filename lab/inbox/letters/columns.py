"""The columns of the lists of letters and of a letter's recipients."""

from __future__ import annotations

from dataclasses import replace

from lab.inbox.letters.queries import LetterRow
from lab.web.columns import Column
from lab.web.filters import cn_datetime


def _recipients(letter: LetterRow) -> str:
    return "、".join(letter.recipients)


def _sent_or_drafted(letter: LetterRow) -> str:
    if letter.sent_at:
        return f"{cn_datetime(letter.sent_at)}发送"
    return f"{cn_datetime(letter.drafted_at)}起草"


_NUMBER = Column("number", "编号")
_SUBJECT = Column("subject", "标题", row_header=True)
_RECIPIENTS = Column("recipients", "收件人", value=_recipients)
_STATE = Column("state", "状态", "state")
_AT = Column("at", "时间", value=_sent_or_drafted)

LETTERS = (
    Column("pick", "选择", css="letter-pick", head_css="letter-pick"),
    *(_NUMBER, _SUBJECT, _RECIPIENTS, _STATE, _AT),
)
# Of one thing, on its page.
LETTERS_ABOUT = (replace(_SUBJECT, link="letters.show"), _RECIPIENTS, _STATE, _AT)
TO_SEND = (_NUMBER, _SUBJECT, Column("kind", "类别"), _RECIPIENTS)
MAILS = (
    Column("name", "收件人", row_header=True),
    Column("notice", "站内通知"),
    Column("mail", "邮件"),
    Column("attempts", "已试次数", "number", unit="次"),
    Column("actions", "操作", "actions", label_hidden=True),
)
