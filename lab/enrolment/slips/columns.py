"""The columns of the list of accounts that wait for a slip."""

from __future__ import annotations

from lab.web.columns import Column

WAITING = (
    Column("pick", "选择", "actions", label_hidden=True, css="pick", head_css="pick"),
    Column("name", "姓名", row_header=True, link="people.show"),
    Column("sign_in_name", "登录名"),
    Column("unit", "单位"),
    Column("slip", "启用单"),
)
