"""The columns of the lists of requested and of decided roles."""

from __future__ import annotations

from lab.web.columns import Column

_WHO = (
    Column("name", "姓名", row_header=True, link="people.show", css="text-nowrap"),
    Column("sign_in_name", "登录名"),
    Column("unit", "单位", "unit"),
    Column("role", "角色", css="text-nowrap"),
)
PENDING = (
    Column("pick", "选择", "actions", label_hidden=True, css="pick", head_css="pick"),
    *_WHO,
    Column("asked_by", "申请人", note="asked_when", css="text-nowrap"),
    Column("note", "说明"),
)
DECIDED = (
    *_WHO,
    Column("state", "结果", "state"),
    Column("answer", "理由"),
    Column("decided_by", "办理人"),
    Column("decided_at", "办理时间", "datetime"),
)
