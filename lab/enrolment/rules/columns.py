"""The columns of units and of people, described once for template and check. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lab.importing.rules.fields import TargetField
from lab.policy import BUSINESS_ROLES, ROLE_LABELS

ROLE_NAMES = tuple(ROLE_LABELS[role] for role in BUSINESS_ROLES)


@dataclass(frozen=True)
class SheetColumn:
    """A column: its field, heading, whether it must be filled, length, how to fill it, example.

    `synonyms` are other headings that people write for it. `is_name`: holds the name of a unit or a
    person, `is_person`: of one person; `in_letters`: holds letters, digits and signs alone.
    """

    field: str
    label: str
    needed: bool
    limit: int
    rule: str
    example: str = ""
    synonyms: tuple[str, ...] = ()
    is_name: bool = False
    is_person: bool = False
    in_letters: bool = False

    @property
    def heading(self) -> str:
        """The heading in the template: a star marks a required column."""
        return f"{self.label}*" if self.needed else self.label

    @property
    def target(self) -> TargetField:
        """The column as matching headings knows it."""
        return TargetField(self.field, self.label, self.synonyms)


UNIT_COLUMNS = (
    SheetColumn(
        *("name", "单位名称", True, 60, "单位全称，不能重复，最多60个字。", "示例市分公司【演示】"),
        ("单位", "机构名称", "部门名称", "名称"),
        is_name=True,
    ),
    SheetColumn(
        *("side", "所属方", False, 10, "填“邮政”或“银行”；填了上级单位的可以不填。", "邮政"),
        ("邮政或银行", "条线", "系统", "类别"),
    ),
    SheetColumn(
        *("parent", "上级单位", False, 60, "系统中或本表中的单位名称；没有上级的不填。", ""),
        ("上级", "上级机构", "隶属单位", "主管单位"),
        is_name=True,
    ),
)
PEOPLE_COLUMNS = (
    SheetColumn(
        *("sign_in_name", "登录名", True, 40, "字母、数字、点、横线，2至40个，不能重复。"),
        "zhangsan",
        ("账号", "登录账号", "用户名", "工号", "员工号", "员工编号", "OA账号"),
        in_letters=True,
    ),
    SheetColumn(
        *("name", "姓名", True, 40, "最多40个字。", "张三【演示】"),
        ("人员姓名", "员工姓名", "名字"),
        is_name=True,
        is_person=True,
    ),
    SheetColumn(
        *("unit", "所在单位", True, 60, "系统中或“单位”表中的单位名称。", "示例市分公司【演示】"),
        ("单位", "单位名称", "所属单位", "部门", "所在部门", "机构"),
        is_name=True,
    ),
    SheetColumn(
        *("duty", "职务", False, 40, "最多40个字。", "客户经理"),
        ("岗位", "职位", "职务职称"),
    ),
    SheetColumn(
        *("phone", "办公电话", False, 30, "最多30个字符。", "010-10000000"),
        ("电话", "联系电话", "办公室电话", "座机", "联系方式", "手机"),
        in_letters=True,
    ),
    SheetColumn(
        *("email", "邮箱", False, 120, "不填则只收站内通知。", "zhangsan@example.cn"),
        ("电子邮箱", "办公邮箱", "电子邮件", "邮件地址", "E-mail"),
        in_letters=True,
    ),
    SheetColumn(
        *("roles", "角色", False, 60, f"可填{'、'.join(ROLE_NAMES)}，几个之间用顿号隔开。"),
        "申报人",
        ("申请角色", "系统角色", "权限", "用户角色"),
    ),
)


def labels_of(columns: Iterable[SheetColumn]) -> dict[str, str]:
    """Return field -> label."""
    return {column.field: column.label for column in columns}


def needed_of(columns: Iterable[SheetColumn]) -> tuple[str, ...]:
    """Return the fields that must have a column."""
    return tuple(column.field for column in columns if column.needed)
