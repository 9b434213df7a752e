"""Check a whole workbook against stored data: rows by the forms, then warnings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from lab import clock
from lab.calls.models.call import Call
from lab.calls.rules.eligibility import reason_not_to_submit
from lab.extensions import db
from lab.identity.models.account import Person, Unit
from lab.importing.rules.findings import CellMessage
from lab.importing.rules.worksheets import ParsedTable
from lab.proposals.bulk_import.workbook.lookups import all_names, units_by_person
from lab.proposals.bulk_import.workbook.validation import CheckedRow, RowChecker
from lab.proposals.core.notifications import staff_by_unit
from lab.proposals.core.visibility.titles import is_named_like
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.similarity import title_key
from lab.proposals.writing import admission
from lab.web.fields.number import FIRST_DAY

MAX_NAMED = 3
NO_PARTNER_PEOPLE = (
    "此单位还没有能确认联合申报的人员，导入后没有人会收到提请。请先为该单位建立账号。"
)


def check_rows(
    call: Call, table: ParsedTable, *, drafts: bool = False, stand_in: int | None = None
) -> list[CheckedRow]:
    """Return every row with its errors and warnings, in a handful of queries.

    `drafts`: what is missing may be added later, and a draft counts towards no limit; `stand_in` is
    the id of the person who owns those whose row names nobody.

    Office rule: the mail arrived between the first and the last day of the call, not in the future.
    """
    first = clock.beijing(call.opens_at).date() if call.opens_at else FIRST_DAY
    last = clock.beijing(call.closes_at).date() if call.closes_at else clock.today()
    last, units = min(last, clock.today()), units_by_person()
    checker = RowChecker(all_names(), first, last, units_by_person=units, drafts=drafts)
    checked = checker.check_table(table)
    if drafts:
        _give_to_stand_in(checked, stand_in)
        _default_units(checked)
    else:
        _warn_of_partners_without_people(checked)
    _name_owners(checked)
    _reject_uninvited(call, checked, counting=not drafts)
    _warn_duplicates(checked)
    _warn_stored(call, checked)
    return checked


def _give_to_stand_in(rows: Sequence[CheckedRow], stand_in: int | None) -> None:
    """Give drafts whose row names nobody to the stand-in; without one they cannot be made."""
    for row in rows:
        if row.evidence["owner_id"] is not None:
            continue
        row.evidence["owner_id"], row.barred = stand_in, stand_in is None
        if stand_in is not None:
            about = [error for error in row.errors if error.field == "owner_id"]
            row.errors = [error for error in row.errors if error.field != "owner_id"]
            row.warnings += [each for each in about if not each.message.startswith("请")]


def _name_owners(rows: Sequence[CheckedRow]) -> None:
    ids = {row.evidence["owner_id"] for row in rows} - {None}
    named = select(Person.id, Person.name).where(Person.id.in_(ids))
    names = {owner: name for owner, name in db.session.execute(named)}
    for row in rows:
        row.owner = names.get(row.evidence["owner_id"], "")


def _default_units(rows: Sequence[CheckedRow]) -> None:
    """Give a draft without a unit that of its owner, as a draft begun in the portal has."""
    owners = {row.evidence["owner_id"] for row in rows}
    units = select(Person.id, Person.unit_id).where(Person.id.in_(owners))
    unit_by_owner = {owner: unit for owner, unit in db.session.execute(units)}
    for row in rows:
        owner = row.evidence["owner_id"]
        if row.values.get("unit_id") is None and owner is not None:
            row.values["unit_id"] = unit_by_owner.get(owner)
            if row.values["unit_id"] is None:
                row.errors.append(CellMessage("owner_id", "填报人的账号没有所在单位。"))
                row.barred = True


def _reject_uninvited(call: Call, rows: Iterable[CheckedRow], *, counting: bool) -> None:
    """Apply the eligibility rules as on submission; earlier rows count towards a unit's limit."""
    sides = {row.id: row.side for row in db.session.execute(select(Unit.id, Unit.side))}
    limited = counting and call.unit_limit is not None
    counted_by_unit = admission.counted_by_unit(call.id) if limited else {}
    for row in rows:
        lead, partner = row.values.get("unit_id"), row.values.get("joint_unit_id")
        if lead is None:
            continue
        counted_so_far = counted_by_unit.get(lead, 0)
        why = reason_not_to_submit(call, sides[lead], sides.get(partner, ""), counted_so_far)
        counted_by_unit[lead] = counted_so_far + 1 if counting else 0
        if why:
            row.errors.append(CellMessage("unit_id", why))
            row.barred = True


def _warn_of_partners_without_people(rows: Iterable[CheckedRow]) -> None:
    """Warn of a partner unit in which nobody could answer; whoever joins it later can."""
    asked = [
        row for row in rows if row.values.get("joint_unit_id") and not row.values.get("partner_id")
    ]
    staff = staff_by_unit({row.values["joint_unit_id"] for row in asked})
    for row in asked:
        own = {row.evidence["owner_id"], row.values.get("leader_id")}
        if not staff.get(row.values["joint_unit_id"], set()) - own:
            row.warnings.append(CellMessage("joint_unit_id", NO_PARTNER_PEOPLE))


def _warn_duplicates(rows: Iterable[CheckedRow]) -> None:
    """Warn when two rows have the same unit and title: perhaps one mail entered twice."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        if not row.title:
            continue
        earlier = seen.setdefault((row.unit, title_key(row.title)), row.row)
        if earlier != row.row:
            message = f"申报单位和项目名称与第{earlier}行相同。"
            row.warnings.append(CellMessage("title", message))


def _warn_stored(call: Call, rows: Iterable[CheckedRow]) -> None:
    """Warn about a title that was submitted before: the proposal may exist already.

    Drafts, and titles only being corrected, are the applicants' own business and not revealed here.
    """
    titles = {row.title for row in rows if row.title}
    numbers_by_title: dict[str, list[str]] = {}
    stored = select(Proposal.title_key, Proposal.number).where(
        Proposal.call_id == call.id, is_named_like(titles)
    )
    for key, number in db.session.execute(stored.order_by(Proposal.number)):
        numbers_by_title.setdefault(key or "", []).append(str(number))
    for row in rows:
        if row.title and (numbers := numbers_by_title.get(title_key(row.title))):
            numbers_text = "、".join(numbers[:MAX_NAMED])
            more = f"等{len(numbers)}件" if len(numbers) > MAX_NAMED else ""
            message = f"与已提交的{numbers_text}{more}同名。"
            row.warnings.append(CellMessage("title", message))
