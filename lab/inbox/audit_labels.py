"""What the audit log's page calls the codes of notices and letters."""

from lab.feature.contributions import AuditLabels
from lab.inbox.rules.mail_lifecycle import MAIL

AUDIT_LABELS = AuditLabels(
    actions={
        "inbox.letters": "查看来函",
        "inbox.read": "通知标为已读",
        "inbox.view": "查看通知",
        "letter.edit": "修改函件",
        "letter.list": "查看发件箱",
        "letter.mail": "函件邮件发送情况",
        "letter.resend": "重新发送函件邮件",
        "letter.send": "发送函件",
        "letter.send_many": "成批发送函件",
        "letter.view": "查看函件",
        "letter.void": "作废函件",
    },
    objects={
        "Letter": "函件",
        "LetterRecipient": "收件人",
        "Notice": "通知",
    },
    facts={
        "letters": "函件",
        "recipients": "收件人数",
    },
    values=MAIL.labels("delivered", "failed", "unclear"),
)
