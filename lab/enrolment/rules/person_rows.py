"""Check rows of people against those that are there and against each other. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lab.enrolment.rules.columns import PEOPLE_COLUMNS, ROLE_NAMES
from lab.enrolment.rules.rows import CheckedRow, clean_rows, reject_twins
from lab.enrolment.rules.unit_rows import KnownUnit
from lab.identity.rules.addresses import passes_as_email
from lab.identity.rules.sign_in_names import SIGN_IN_NAME_RULE, passes_as_sign_in_name
from lab.importing.rules.names import name_key
from lab.importing.rules.worksheets import ParsedTable
from lab.policy import ADMIN_ROLES, BUSINESS_ROLES, ROLE_LABELS, STAFF

_BETWEEN_ROLES = re.compile(r"[、，,;；/\s]+")
_ROLE_BY_NAME = {
    **{ROLE_LABELS[role]: role for role in BUSINESS_ROLES},
    **{"申报": "applicant", "评审专家": "reviewer", "专家": "reviewer", "办公室": "office"},
}
_ADMIN_NAMES = {ROLE_LABELS[role] for role in ADMIN_ROLES}


@dataclass(frozen=True)
class KnownPerson:
    """An account that is there already; `requested` are roles that wait for a decision."""

    id: int
    sign_in_name: str
    name: str
    kind: str
    unit_key: str
    disabled: bool
    roles: frozenset[str]
    requested: frozenset[str] = frozenset()


def sign_in_name_of(row: CheckedRow) -> str:
    """Return the sign-in name as it is stored."""
    return row.cells["sign_in_name"].lower()


def roles_of(row: CheckedRow) -> tuple[str, ...]:
    """Return the codes of the roles that a row names; unknown names are left out."""
    named = {_ROLE_BY_NAME.get(name) for name in _role_names(row)}
    return tuple(role for role in BUSINESS_ROLES if role in named)


def _role_names(row: CheckedRow) -> list[str]:
    return [name for name in _BETWEEN_ROLES.split(row.cells["roles"]) if name]


def check_people(
    table: ParsedTable,
    known: Mapping[str, KnownPerson],
    units: Mapping[str, KnownUnit],
    new_units: Collection[str],
) -> tuple[CheckedRow, ...]:
    """Check the rows.

    `known` are the accounts by sign-in name; `units` those that are there by the key of their
    names, `new_units` the keys of those that the same workbook creates.
    """
    rows = tuple(clean_rows(table, PEOPLE_COLUMNS))
    reject_twins(rows, "sign_in_name", map(sign_in_name_of, rows), "登录名")
    for row in rows:
        _check_sign_in_name(row)
        _check_email(row)
        _check_unit(row, units, new_units)
        _check_roles(row)
        if person := known.get(sign_in_name_of(row)):
            _check_existing(row, person)
    _warn_namesakes(rows)
    return rows


def _check_sign_in_name(row: CheckedRow) -> None:
    name = sign_in_name_of(row)
    if name and not row.has_error("sign_in_name") and not passes_as_sign_in_name(name):
        row.reject("sign_in_name", f"{SIGN_IN_NAME_RULE}请改正。")


def _check_email(row: CheckedRow) -> None:
    email = row.cells["email"]
    if email and not row.has_error("email") and not passes_as_email(email):
        row.reject("email", "邮箱写法不对，应如：zhangsan@example.cn；没有的可以留空。")


def _check_unit(
    row: CheckedRow, units: Mapping[str, KnownUnit], new_units: Collection[str]
) -> None:
    name, key = row.cells["unit"], name_key(row.cells["unit"])
    if not key or row.has_error("unit") or key in new_units:
        return
    if key not in units:
        row.reject("unit", f"系统和“单位”表中都没有“{name}”。请改正，或先导入这个单位。")
    elif not units[key].active:
        row.reject("unit", f"单位“{name}”已停用，请改填使用中的单位。")


def _check_roles(row: CheckedRow) -> None:
    names = _role_names(row)
    if admins := [name for name in names if name in _ADMIN_NAMES]:
        row.reject(
            "roles", f"“{admins[0]}”不能和业务角色同在一表。管理员账号请在人员页面另行申请。"
        )
    elif unknown := [name for name in names if name not in _ROLE_BY_NAME]:
        row.reject("roles", f"没有角色“{unknown[0]}”，可填{'、'.join(ROLE_NAMES)}。")


def _check_existing(row: CheckedRow, person: KnownPerson) -> None:
    """Skip an account that is there; it is never changed, but roles may be asked for."""
    row.exists = True
    if name_key(person.name) != name_key(row.cells["name"]):
        row.reject(
            "sign_in_name", f"登录名已属于{person.name}，与本行姓名不同。请核对，或换一个登录名。"
        )
        return
    if person.kind != STAFF and row.cells["roles"]:
        row.reject("roles", "此账号是管理员账号，不能担任业务角色。请清空此格。")
        return
    more = set(roles_of(row)) - person.roles - person.requested
    if person.disabled and more:
        row.reject("roles", "此账号已停用，不能申请角色。请清空此格，或先启用账号。")
        return
    asks = "，只为其申请所列的角色" if more else ""
    row.warn("sign_in_name", f"已有此账号，不再新建，也不改动{asks}。")
    if person.unit_key != name_key(row.cells["unit"]) and not row.has_error("unit"):
        row.warn("unit", "与系统中的所在单位不同，本次不改。需要时请在人员页面修改。")


def _warn_namesakes(rows: tuple[CheckedRow, ...]) -> None:
    """Warn of two rows with one name and unit: perhaps one person twice."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        both = name_key(row.cells["name"]), name_key(row.cells["unit"])
        earlier = first.setdefault(both, row.row) if all(both) else row.row
        if earlier != row.row:
            row.warn("name", f"与第{earlier}行的姓名和单位都相同，请核对是否同一人。")
