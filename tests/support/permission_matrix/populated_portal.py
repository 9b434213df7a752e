"""One of everything: a call with its proposals, sheets, decision, projects, figures, a report.

Made once by the real services; the database file is copied for each test.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, g
from sqlalchemy import Select, event, select
from werkzeug.datastructures import FileStorage

from lab import audit, clock
from lab.accounts import service as accounts
from lab.calls.deadlines import service_codes
from lab.calls.models.call import Call
from lab.calls.models.notice import CallLateCode
from lab.calls.notice import service as notice_service
from lab.calls.pages import service as calls
from lab.calls.rules import late_codes
from lab.decisions.models import Decision
from lab.decisions.pages import service as decisions
from lab.enrolment.bulk_import import service as people_imports
from lab.extensions import db
from lab.files.documents import service as rendering
from lab.files.documents import storage as report_files
from lab.files.previews import service as previews
from lab.handover.models import Handover, HandoverItem
from lab.identity.addresses import service as addresses_service
from lab.identity.core import links
from lab.identity.core.account_mail import is_configured
from lab.identity.models.account import Person
from lab.identity.models.addresses import ADDRESS, PASSWORD
from lab.identity.models.slips import ActivationSlip
from lab.identity.people import service as identity
from lab.identity.rules.slips import code_digest
from lab.importing.matching import service as importing
from lab.importing.uploads import service_reading
from lab.inbox.letters import service as letters
from lab.inbox.models.letters import Letter
from lab.inbox.rules.letter_wording import LetterText
from lab.indicators.approval import service as approval
from lab.indicators.entry import service as indicators
from lab.indicators.entry import service_narrative
from lab.indicators.models import Entry, PeriodLock
from lab.portfolio.models.project import Project
from lab.proposals.models.drafts import ProposalDraftSnapshot
from lab.proposals.models.proposal import Proposal
from lab.proposals.submission import service as proposals
from lab.proposals.writing import service as drafts
from lab.reports.leading import service as reports
from lab.reviews.rounds import service as rounds
from lab.reviews.rounds import service_closing
from lab.reviews.sheets import service as sheets_service
from lab.scenarios import service as scenarios
from lab.web.links import About
from lab.workdays import service as workdays
from lab.workdays.rules import DayEntry
from tests.support import cast as people
from tests.support.builders import calls as build_calls
from tests.support.builders import files as builders_files
from tests.support.builders import people_workbooks
from tests.support.builders import projects as build_projects
from tests.support.builders import proposals as build_proposals
from tests.support.builders import reviews as build_reviews
from tests.support.builders import workbooks as build_sheets
from tests.support.cast import Cast, assemble

BEGAN = datetime(2022, 7, 1, 2, tzinfo=UTC)
LATE_CODE = "ABCD-EFGH-JKMN"
SLIP_CODE = "KMPW-TGDX-4827-RHSA"  # of `waiting`
PASSWORD_TOKEN, ADDRESS_TOKEN = "for-a-password", "for-an-address"  # of `stranger`
NOW = datetime(2022, 10, 10, 2, tzinfo=UTC)
JULY, AUGUST, SEPTEMBER = date(2022, 7, 31), date(2022, 8, 31), date(2022, 9, 30)
PERSONS = (
    *("applicant", "leader", "member", "partner", "stranger", "reviewer", "reviewer2", "reviewer3"),
    *("recused", "office", "office2", "leading", "leading2", "system", "security", "audit"),
)


@dataclass(frozen=True)
class PopulatedPortal:
    """Ids of the people by name, and keys of the objects, by their names in addresses."""

    people: dict[str, int]
    call: str
    call_file: str
    late_code: str  # of the applicant's unit; the code itself is LATE_CODE
    proposal: str
    proposal_file: str
    proposal_draft: str  # number of a text put aside
    letter: str  # to owner and leader of the proposal, sent, its mail failed
    letter_recipient: str
    sheet_import: str  # one that waits for its confirmation
    upload: str  # a workbook whose columns are being matched
    sheet: str  # of `reviewer` on the proposal
    recused_sheet: str  # of `former` on the same
    decision: str
    project: str
    entry: str
    scenario: str
    merchant: str
    paused_merchant: str
    report: str
    people_import: str  # one that waits for its confirmation
    people_upload: str  # a workbook of people whose columns are being matched
    release: str  # of `reviewer2`'s password, asked for by `office`
    handover: str  # the record of an earlier one
    unit: str
    calendar_day: str  # of 2031, which is not complete, as 2032 is
    keys: dict[str, str]  # of people


def build(app: Flask) -> PopulatedPortal:
    """Fill the app's empty database."""
    with app.test_request_context("/calls/new", method="POST"):
        with clock.freeze(BEGAN):
            cast = assemble()
            extra = _more_people(cast)
            g.person = people.person(cast.office)
            call = _call(cast)
            row = build_sheets.good_row(received_on="2022-07-01")
            sheet_import = build_sheets.checked(call, cast, row).key
            upload = build_sheets.own_upload(
                call, cast, [["填报人", "项目名称"], ["applicant", "甲"]]
            )
            mine, other = _proposals(cast, call)
            late_code = _late_code(cast, call)
            _review(cast, extra["former"], call, [mine, other])
            decision = _decide(cast, call)
            project = db.session.scalars(
                select(Project).where(Project.proposal_id == mine.id)
            ).one()
            build_projects.start(cast, project)
        with clock.freeze(NOW):
            rest = _work(cast, project)
            rest["release"] = _release(cast)
            rest["calendar_day"] = _calendar(cast)
            rest["handover"] = _handover(cast)
            rest |= _enrolment(cast, extra)
            _links(people.person(cast.stranger))
        ids = {name: getattr(cast, name) for name in PERSONS} | extra
        reviewers = (cast.reviewer, extra["former"])
        sheet, recused = (build_reviews.sheet_of(mine, reviewer).key for reviewer in reviewers)
        return PopulatedPortal(
            people=ids,
            call=call.key,
            call_file=call.files[0].file.key,
            late_code=late_code,
            proposal=mine.key,
            proposal_file=mine.files[0].file.key,
            proposal_draft=str(db.session.scalars(_aside(mine)).one()),
            **_letter(cast, mine),
            sheet_import=sheet_import,
            upload=upload.key,
            sheet=sheet,
            recused_sheet=recused,
            decision=decision.key,
            project=project.key,
            unit=people.unit(cast.bank_other).key,
            keys={name: people.person(number).key for name, number in ids.items()},
            **rest,
        )


def _calendar(cast: Cast) -> str:
    notice = {"source": "安排通知", "person_id": cast.office}
    days = [DayEntry(date(2032, 10, 4), False, "国庆节")]
    workdays.import_year(2032, days, complete=True, **notice)
    row = workdays.add_day(DayEntry(date(2031, 10, 6), False, "国庆节"), **notice)
    db.session.commit()
    return row.key


def _release(cast: Cast) -> str:
    asked = accounts.request_reset(
        people.person(cast.reviewer2), people.person(cast.office), "本人忘记密码。"
    )
    db.session.commit()
    return asked.key


def _handover(cast: Cast) -> str:
    """The record of an earlier handover, of something that is no more."""
    item = HandoverItem(
        kind="drafts", object_key="gonegonegone", name="早先的草稿", receiver_id=cast.leader
    )
    record = Handover(
        giver_id=cast.reviewer3, number=1, reason="岗位调整。", by_id=cast.office, items=[item]
    )
    db.session.add(record)
    db.session.flush()
    audit.record("handover.carry_out", record)
    db.session.commit()
    return record.key


def _enrolment(cast: Cast, extra: dict[str, int]) -> dict[str, str]:
    """An account that waits for its owner, with two requested roles; another import, an upload."""
    roles = {"sign_in_name": "starter", "name": "待启用甲", "roles": "申报人、评委"}
    rows = [people_workbooks.newcomer(**roles), people_workbooks.newcomer(3)]
    people_workbooks.imported(cast.system, rows)
    extra["waiting"] = db.session.scalars(
        select(Person.id).where(Person.sign_in_name == "starter")
    ).one()
    slip = ActivationSlip(
        person_id=extra["waiting"],
        code_hash=code_digest("starter", SLIP_CODE),
        issued_by_id=cast.office,
        expires_at=clock.now() + timedelta(days=90),
    )
    db.session.add(slip)
    audit.record("people.issue_slip", people.person(extra["waiting"]))
    db.session.commit()
    batch = people_workbooks.checked(
        cast.system, people_workbooks.workbook([], [people_workbooks.newcomer(2)])
    )
    file = FileStorage(io.BytesIO(build_sheets.xlsx([["登录名", "姓名", "单位"]])), "人事表.xlsx")
    upload = people_imports.begin_own("people", file, cast.system)
    db.session.commit()
    service_reading.read_upload({"upload": upload.key})
    importing.save_heading(upload, upload.version, sheet="填写", head=1, last=None)
    db.session.commit()
    return {"people_import": batch.key, "people_upload": upload.key}


def _links(person: Person) -> None:
    """An address of the person's own, and a link of each kind that was sent to it."""
    addresses_service.set_address(person, "stranger@example.cn")
    links.store_link(PASSWORD_TOKEN, PASSWORD, person, person.email)
    links.store_link(ADDRESS_TOKEN, ADDRESS, person, person.email)


def _letter(cast: Cast, proposal: Proposal) -> dict[str, str]:
    """The letter on the formality check, sent; the mail server did not take one of its mails."""
    chosen = select(Letter).where(Letter.object_key == proposal.key).order_by(Letter.id.desc())
    letter = db.session.scalars(chosen).first()
    assert letter is not None
    row = letter.recipients[0]
    row.person.email = "demo@example.cn"
    audit.record("people.edit", row.person)
    if is_configured():
        letters.resend_mail(row)
    db.session.commit()
    db.session.execute(
        db.text(
            "UPDATE letter_recipient SET status = 'failed', last_error = '服务器不接受。', "
            "phase = 'connecting', claimed_at = queued_at WHERE status = 'waiting'"
        )
    )
    db.session.commit()
    return {"letter": letter.key, "letter_recipient": row.key}


def _aside(proposal: Proposal) -> Select[tuple[int]]:
    """Numbers of the texts put aside of a proposal."""
    table = ProposalDraftSnapshot
    return select(table.id).where(table.proposal_id == proposal.id)


def _more_people(cast: Cast) -> dict[str, int]:
    """A colleague in the applicant's unit, a reviewer who will be recused, and an
    applicant who visits nothing."""
    made = {}
    for name, shown, unit, role in (
        ("colleague", "同事甲", cast.post_branch, "applicant"),
        ("former", "评委戊", cast.bank_other, "reviewer"),
        ("nobody", "闲人甲", cast.bank_other, "applicant"),
    ):
        person = identity.create_person(
            sign_in_name=name, name=shown, unit_id=unit, roles=[role], hashed=people.PASSWORD_HASH
        )
        person.must_change = False
        made[name] = person.id
    db.session.commit()
    return made


def _pdf(name: str) -> FileStorage:
    return FileStorage(io.BytesIO(builders_files.pdf(name)), name)


def _call(cast: Cast) -> Call:
    call = build_calls.draft_call(cast)
    notice_service.add_files(call, [_pdf("征集通知.pdf")])
    db.session.commit()
    calls.publish(call)
    db.session.commit()
    calls.open_now(call)
    db.session.commit()
    return call


def _proposals(cast: Cast, call: Call) -> tuple[Proposal, Proposal]:
    """The proposal in question, with people of office and leading group in its team, and one
    more of somebody else."""
    team = [
        {"person_id": who, "duty": "协同推进"} for who in (cast.member, cast.office2, cast.leading2)
    ]
    avoided = [build_proposals.avoiding(cast.stranger, "曾共事")]
    mine = build_proposals.filled_draft(
        cast, call, title="【演示】试点项目一", people=team, avoided=avoided
    )
    more = {"budget_source": "专项经费"}  # so that bringing back the text before changes something
    uploads = [_pdf("意向书.pdf")]
    refused = drafts.save_draft(
        drafts.SaveDraft(mine, None, more, uploads=uploads, person_id=cast.applicant)
    )
    db.session.commit()
    rendering.render(previews.PICTURES, {"file": mine.files[0].file.key})
    assert refused == (), refused
    build_proposals.confirm(mine)
    proposals.submit(mine, cast.applicant, pledged=True)
    db.session.commit()
    build_proposals.check(mine, cast, "passed")
    other = build_proposals.accepted_proposal(cast, call, title="【演示】试点项目二", people=[])
    text = LetterText("关于补充材料的函", "请补充材料。")
    about, number = About.of(other), other.number or ""
    letters.draft_letter("check_passed", about, text, [other.owner_id], cast.office, number)
    audit.record("letter.edit", other)
    db.session.commit()
    build_calls.close(call)
    return mine, other


def _late_code(cast: Cast, call: Call) -> str:
    """An unused code of the applicant's unit that everybody here knows."""
    service_codes.make_code(
        call, unit_id=cast.post_branch, reason="网络中断。", expires_on=BEGAN.date()
    )
    row = db.session.scalars(select(CallLateCode)).one()
    row.code_hash = late_codes.code_digest(call.key, LATE_CODE)
    db.session.commit()
    return row.key


def _review(cast: Cast, former: int, call: Call, both: list[Proposal]) -> None:
    reviewers = [*build_reviews.panel(cast), former]
    build_reviews.assign(call, cast, both, reviewers)
    rounds.open_review(call)
    db.session.commit()
    build_reviews.pledge(call, former)
    sheet = build_reviews.sheet_of(both[0], former)
    sheets_service.declare_recusal(sheet, people.person(former), "kinship", "与负责人是亲属。")
    db.session.commit()
    for proposal, mark in zip(both, (90, 80), strict=True):
        for reviewer in reviewers:
            if (proposal, reviewer) != (both[0], former):
                build_reviews.score(proposal, reviewer, (mark,) * 4)
    service_closing.close_round(call, cancel_owed=False)
    db.session.commit()


def _decide(cast: Cast, call: Call) -> Decision:
    decision = decisions.start(call)
    db.session.commit()
    kept = {i.proposal.key: decisions.Marking("proposed", i.reason) for i in decision.items}
    missing = decisions.submit(decision, decision.version, kept, "", people.person(cast.office))
    assert missing == []
    db.session.commit()
    decisions.approve(decision, people.person(cast.leading))
    db.session.commit()
    decisions.publish(decision)
    db.session.commit()
    return decision


def _figures(cast: Cast, project: Project) -> Entry:
    """One figure approved and one confirmed for July, two handed in for August, two typed for
    September. Returns the approved one. June, which nobody reports, has one approved figure;
    August is locked and its words wait for the leader."""
    first, _ = build_projects.hand_in(cast, project, JULY, {"K01": 100, "K06": 6})
    build_projects.confirm(cast, project, JULY)
    approval.approve_entries(project, build_projects.picked([first]), cast.office)
    db.session.commit()
    build_projects.hand_in(cast, project, AUGUST, {"K01": 200, "K06": 8})
    service_narrative.save_narrative(
        project, AUGUST, 0, {"done": "走访。"}, cast.member, submit=True
    )
    db.session.add(PeriodLock(project_id=project.id, period_end=AUGUST, locked_at=clock.now()))
    db.session.execute(
        db.text(
            "INSERT INTO entry (project_id, indicator, period_end, revision, value, value_text, "
            "forecast, unavailable_reason, note, correction_reason, status, key, version, is_demo, "
            "source_label, entered_by_id, confirmed_by_id, confirmed_at, approved_by_id, "
            "approved_at) SELECT project_id, 'K21', '2022-06-30', 1, value, '', forecast, '', '', "
            "'', status, 'juneapproved', 1, is_demo, source_label, entered_by_id, "
            "confirmed_by_id, confirmed_at, approved_by_id, approved_at FROM entry "
            "WHERE key = :key"
        ),
        {"key": first.key},
    )
    typed = build_projects.cells({"K01": 300, "K06": 9})
    indicators.save_figures(project, SEPTEMBER, 0, typed, cast.member)
    db.session.commit()
    return first


def _work(cast: Cast, project: Project) -> dict[str, Any]:
    """Figures, a scenario with a merchant, a report."""
    approved = _figures(cast, project)
    scenario = scenarios.add_scenario(project, name="【演示】园区食堂", kind="catering")
    merchant = scenarios.add_merchant(scenario, name="【演示】连锁咖啡", outlets=3)
    paused_merchant = scenarios.add_merchant(scenario, name="【演示】停业书店", outlets=1)
    for step in ("contact", "paused"):
        scenarios.record_step(
            paused_merchant, paused_merchant.version, step=step, on=SEPTEMBER, person_id=cast.member
        )
        db.session.flush()
    db.session.commit()
    report = reports.issue_report(date(2022, 9, 30), ())
    db.session.commit()
    kept = report_files.store_document(b"%PDF-1.7 demonstration")
    db.session.execute(
        db.text(
            "UPDATE report SET file_name = :name, file_hash = :hash, file_size = :size, "
            "failure = '排版没有成功。'"
        ),
        {"name": kept.storage_name, "hash": kept.sha256, "size": kept.size},
    )
    db.session.execute(
        db.text(
            "UPDATE paper SET file_name = :name, file_hash = :hash, file_size = :size, "
            "failure = '排版没有成功。', "
            "status = CASE kind WHEN 'receipt' THEN 'ready' ELSE 'failed' END"
        ),
        {"name": kept.storage_name, "hash": kept.sha256, "size": kept.size},
    )
    db.session.commit()
    return {
        "entry": approved.key,
        "scenario": scenario.key,
        "merchant": merchant.key,
        "paused_merchant": paused_merchant.key,
        "report": report.key,
    }


# -- copies ------------------------------------------------------------------------------------


class DatabaseSnapshots:
    """Copies of the database file that can be restored."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._path = Path(app.config["INSTANCE"]) / "lab.db"
        with app.app_context():
            event.listen(db.engine, "connect", _disable_fsync)
            db.engine.dispose()

    def disconnect(self) -> None:
        """Close every connection, with everything written to the database file."""
        with self.app.app_context():
            db.session.remove()
            with db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()

    def save(self, name: str) -> None:
        """Save a copy of the database under this name."""
        self.disconnect()
        shutil.copy(self._path, self._path.with_name(f"{name}.copy"))

    def restore(self, name: str) -> None:
        """Put the copy of this name back."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for rest in ("-wal", "-shm"):
            self._path.with_name(f"lab.db{rest}").unlink(missing_ok=True)
        shutil.copy(self._path.with_name(f"{name}.copy"), self._path)


def _disable_fsync(connection: Any, _record: Any) -> None:
    # What is tested here is who may do what; that nothing is lost is tested elsewhere.
    connection.execute("PRAGMA synchronous=OFF")


@contextmanager
def request_time() -> Iterator[None]:
    """Freeze the clock at the moment at which the requests are sent."""
    with clock.freeze(NOW):
        yield
