"""The columns of the list of people."""

from __future__ import annotations

from lab.web.columns import Column

PEOPLE = (
    Column("name", "姓名", row_header=True, link="people.show"),
    Column("sign_in_name", "登录名"),
    Column("unit", "单位", "unit"),
    Column("duty", "职务"),
    Column("roles", "角色", value=lambda row: "、".join(row.roles)),
    Column("state", "状态"),
)
