"""Actions that need a second person: done once, upon what was asked for, by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from lab import clock
from lab.accounts import service as accounts
from lab.audit.models import AuditEvent
from lab.db import EditConflict
from lab.extensions import db
from lab.identity.models.account import Person
from lab.identity.models.addresses import AddressChange
from lab.identity.passwords import service as passwords_service
from lab.identity.passwords import service_resets as passwords_resets
from lab.identity.passwords.service_resets import reveal_slip
from lab.identity.people import service as identity
from lab.identity.people.queries_handovers import linked_to
from lab.identity.people.unit_guard import UnitWriteRejected
from lab.identity.rules import passwords
from lab.inbox.models.notices import Notice
from lab.inbox.rules.account_mail_wording import information
from lab.jobs import service as jobs
from lab.jobs.models import Job
from lab.rejected import Rejected
from lab.releases.access import find_releasers
from lab.releases.models import Release
from lab.releases.registry import find_action
from lab.releases.requests import obstacles
from lab.releases.requests import service as requests_service
from lab.workflow import TransitionRejected
from tests.support.builders.letters import set_mail
from tests.support.cast import PASSWORD, Cast, person, unit
from tests.support.concurrency import at_once

REASON = "本人忘记密码。"
NOON = datetime(2022, 7, 1, 4, tzinfo=UTC)
THURSDAY = datetime(2022, 9, 29, 2, tzinfo=UTC)  # before the seven days of the national holiday


def asked(cast: Cast, whom: str = "reviewer", by: str = "office") -> Release:
    """A reset of somebody's password, asked for."""
    release = accounts.request_reset(person(getattr(cast, whom)), person(getattr(cast, by)), REASON)
    db.session.commit()
    return release


def told(person_id: int) -> str:
    rows = db.session.scalars(select(Notice.text).where(Notice.person_id == person_id))
    return "\n".join(rows)


def opens(person_id: int, word: str) -> bool:
    return passwords.password_matches(person(person_id).password_hash, word)


@pytest.mark.parametrize(
    ("whom", "by", "second", "helps"),
    [
        ("reviewer", "office", "office2", "实施办公室"),
        ("office", "system", "security", "系统管理员"),
    ],
)
def test_whom_it_concerns_is_sent_to_who_looks_after_the_account(
    both_ctx: Flask, both_cast: Cast, whom: str, by: str, second: str, helps: str
) -> None:
    release = asked(both_cast, whom, by)
    requests_service.approve_release(release, release.version, person(getattr(both_cast, second)))
    db.session.commit()
    mine = select(Notice.text).where(Notice.person_id == getattr(both_cast, whom))
    objections = [text for text in db.session.scalars(mine) if "如有疑问" in text]
    assert len(objections) == 2 and all(f"请立即联系{helps}。" in text for text in objections)


# -- who and when ------------------------------------------------------------------------------


def names(release: Release) -> set[str]:
    releasers = find_releasers(
        find_action(release.action_code),
        release.account_level,
        release.asked_by_id,
        release.concerned_id,
    )
    return {row.sign_in_name for row in releasers}


def test_a_reviewers_account_is_released_by_the_office_alone(
    both_ctx: Flask, both_cast: Cast
) -> None:
    assert names(asked(both_cast)) == {"office2"}
    assert names(asked(both_cast, "reviewer2", "system")) == {"office", "office2"}


def test_a_seat_is_released_by_another_administrator_alone(
    both_ctx: Flask, both_cast: Cast
) -> None:
    both = person(both_cast.reviewer)
    identity.set_roles(both, both.version, ["reviewer", "leading"])
    db.session.commit()
    for whom in ("reviewer", "office", "leading", "audit"):
        assert names(asked(both_cast, whom, "system")) == {"security"}, whom


def test_nobody_releases_for_himself_nor_what_he_asked(both_ctx: Flask, both_cast: Cast) -> None:
    with pytest.raises(Rejected, match="没有第二个人") as refused:
        asked(both_cast, "security", "system")
    assert "给过" not in refused.value.message
    assert "flask --app app release reset-password security" in refused.value.message
    release = asked(both_cast)
    for who in (both_cast.office, both_cast.reviewer):
        with pytest.raises(Rejected, match="不能复核"):
            requests_service.approve_release(release, release.version, person(who))
        db.session.rollback()
    assert release.status == "pending"


def test_only_people_who_can_sign_in_count(both_ctx: Flask, both_cast: Cast) -> None:
    key, after = person(both_cast.security).key, {"password": "slip"}
    requests_service.carry_out_by_operator(
        "reset_password", key, after, operator="运维甲", reason=REASON
    )
    identity.disable(person(both_cast.office2))
    db.session.commit()
    for whom, by in (("reviewer", "office"), ("leading", "system")):  # no password, closed
        with pytest.raises(Rejected, match="没有第二个人"):
            asked(both_cast, whom, by)
        db.session.rollback()


def test_it_waits_until_the_end_of_the_fifth_working_day(both_ctx: Flask, both_cast: Cast) -> None:
    with clock.freeze(THURSDAY):
        release = asked(both_cast)
    assert clock.cn_datetime(release.due_at) == "2022年10月11日 23:59"
    with clock.freeze(release.due_at):
        assert requests_service.expire_due() == 0
    late = release.due_at + timedelta(seconds=1)
    with clock.freeze(late):
        with pytest.raises(Rejected, match="已过复核期限"):
            requests_service.approve_release(release, release.version, person(both_cast.office2))
        db.session.rollback()
        assert (requests_service.expire_due(), requests_service.expire_due()) == (1, 0)
    key = release.key
    assert db.session.scalar(select(Release.status).where(Release.key == key)) == "expired"
    for who in (both_cast.office, both_cast.office2, both_cast.reviewer):
        assert "到期无人复核" in told(who)


def test_the_same_is_asked_for_once_at_a_time(both_ctx: Flask, both_cast: Cast) -> None:
    release = asked(both_cast)
    with pytest.raises(Rejected, match="已有同样的申请"):
        asked(both_cast, by="office2")
    db.session.rollback()
    requests_service.withdraw_release(release, release.version, person(both_cast.office))
    db.session.commit()
    assert asked(both_cast, by="office2").status == "pending"


def test_refused_and_withdrawn_requests_are_notified(both_ctx: Flask, both_cast: Cast) -> None:
    release = asked(both_cast)
    requests_service.reject_release(
        release, release.version, person(both_cast.office2), "未与本人核实。"
    )
    db.session.commit()
    assert "未与本人核实" in told(both_cast.office)
    with pytest.raises(TransitionRejected):
        requests_service.approve_release(release, release.version, person(both_cast.office2))
    db.session.rollback()
    again = asked(both_cast)
    requests_service.withdraw_release(again, again.version, person(both_cast.office))
    db.session.commit()
    assert "已由申请人撤回" in told(both_cast.office2)
    assert opens(both_cast.reviewer, PASSWORD)


# -- once, and upon what was asked for ---------------------------------------------------------


def test_fifty_at_once_do_it_once(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        release = asked(both_cast, "reviewer", "system")
        key, version = release.key, release.version

    def agree(number: int) -> bool:
        found = db.session.scalars(select(Release).where(Release.key == key)).one()
        by = person(both_cast.office if number % 2 else both_cast.office2)
        try:
            requests_service.approve_release(found, version, by)
            db.session.commit()
        except (EditConflict, TransitionRejected):
            db.session.rollback()
            return False
        return True

    assert sum(at_once(both_app, 50, agree)) == 1
    with both_app.app_context():
        resets = select(AuditEvent).where(AuditEvent.action == "people.reset_password")
        assert len(db.session.scalars(resets).all()) == 1


def test_what_changed_since_is_not_done(both_ctx: Flask, both_cast: Cast) -> None:
    release = asked(both_cast)
    owner = person(both_cast.reviewer)
    passwords_service.set_hash(
        owner, passwords.hash_password("Benren-2022-gaile"), must_change=False
    )
    identity.disable(owner)
    db.session.commit()
    assert "情况已有变化" in obstacles.reason_not_applicable(release)
    with pytest.raises(Rejected, match="情况已有变化"):
        requests_service.approve_release(release, release.version, person(both_cast.office2))
    db.session.rollback()
    assert opens(both_cast.reviewer, "Benren-2022-gaile") and release.status == "pending"


# -- passwords ---------------------------------------------------------------------------------


def test_the_old_password_works_until_release_and_the_slip_once(
    both_ctx: Flask, both_cast: Cast
) -> None:
    release = asked(both_cast)
    assert opens(both_cast.reviewer, PASSWORD)
    with pytest.raises(Rejected):
        reveal_slip(release.key, both_cast.office)
    requests_service.approve_release(release, release.version, person(both_cast.office2))
    db.session.commit()
    assert person(both_cast.reviewer).password_hash == "", "nobody knows a password yet"
    with pytest.raises(Rejected):
        reveal_slip(release.key, both_cast.office2)
    _, word = reveal_slip(release.key, both_cast.office)
    db.session.commit()
    owner = person(both_cast.reviewer)
    assert opens(owner.id, word) and owner.must_change and not opens(owner.id, PASSWORD)
    with pytest.raises(Rejected, match="只能查看一次"):
        reveal_slip(release.key, both_cast.office)
    for who in (both_cast.office, both_cast.reviewer):
        assert "已办理" in told(who) or "已同意并办理" in told(who)
    assert "经办甲（实施办公室）" in told(owner.id) and "经办乙（实施办公室）" in told(owner.id)


def test_a_dozen_open_a_slip_at_once_and_one_sees_it(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        release = asked(both_cast)
        requests_service.approve_release(release, release.version, person(both_cast.office2))
        db.session.commit()
        key = release.key

    def look(_number: int) -> str:
        try:
            _, word = reveal_slip(key, both_cast.office)
            db.session.commit()
        except Rejected:
            db.session.rollback()
            return ""
        return word

    seen = [word for word in at_once(both_app, 12, look) if word]
    assert len(seen) == 1
    with both_app.app_context():
        assert opens(both_cast.reviewer, seen[0])


def test_a_slip_is_void_once_the_owner_has_a_password_again(
    both_ctx: Flask, both_cast: Cast
) -> None:
    release = asked(both_cast)
    requests_service.approve_release(release, release.version, person(both_cast.office2))
    passwords_service.set_hash(person(both_cast.reviewer), "by a link", must_change=False)
    db.session.commit()
    with pytest.raises(Rejected, match="已作废"):
        reveal_slip(release.key, both_cast.office)


def test_one_person_resets_plain_accounts_alone(both_app: Flask, both_cast: Cast) -> None:
    with both_app.test_request_context("/", method="POST"):
        for who in (both_cast.reviewer, both_cast.office, both_cast.leading, both_cast.system):
            with pytest.raises(Rejected, match="第二人复核"):
                passwords_resets.reset_password(who, "Chushi-2022-mima", person(both_cast.system))
            db.session.rollback()
            assert opens(who, PASSWORD)
        passwords_resets.reset_password(
            both_cast.stranger, "Chushi-2022-mima", person(both_cast.office)
        )
        db.session.commit()
        assert opens(both_cast.stranger, "Chushi-2022-mima")
        with pytest.raises(Rejected, match="不用复核"):
            asked(both_cast, "stranger")


@pytest.mark.parametrize("own", [True, False])
def test_the_owner_is_written_to_at_an_address_of_his_own(
    both_ctx: Flask, both_cast: Cast, own: bool
) -> None:
    jobs.on_wake(both_ctx, lambda _: None)
    set_mail(both_ctx, 9)
    owner = person(both_cast.reviewer)
    owner.email = "jia@staff.test"
    by = owner.id if own else both_cast.office
    db.session.add(AddressChange(person_id=owner.id, email=owner.email, changed_by_id=by))
    release = asked(both_cast)
    requests_service.approve_release(release, release.version, person(both_cast.office2))
    db.session.commit()
    queued = db.session.scalars(select(Job.arguments)).all()
    if not own:
        assert queued == []
        return
    assert [(mail["what"], mail["to"]) for mail in queued] == [("password_reset", owner.email)]
    mail = information(queued[0]["what"], owner.name, NOON, queued[0]["by"])
    assert "申请人经办甲（实施办公室），同意人经办乙（实施办公室）" in mail.body


# -- the unit of a reviewer --------------------------------------------------------------------


def _by_object(cast: Cast) -> None:
    person(cast.reviewer).unit_id = cast.post_branch


def _by_relation(cast: Cast) -> None:
    person(cast.reviewer).unit = unit(cast.post_branch)


def _by_statement(cast: Cast) -> None:
    moved = update(Person).where(Person.unit_id == cast.bank_other)
    db.session.execute(moved.values(unit_id=cast.post_branch))


def _by_bulk(cast: Cast) -> None:
    db.session.execute(
        update(Person), [{"id": cast.reviewer, "unit_id": cast.post_branch, "version": 9}]
    )


@pytest.mark.parametrize("door", [_by_object, _by_relation, _by_statement, _by_bulk])
def test_only_a_release_moves_a_reviewer(
    both_ctx: Flask, both_cast: Cast, door: Callable[[Cast], None]
) -> None:
    with pytest.raises(UnitWriteRejected):
        door(both_cast)
        db.session.flush()
    db.session.rollback()
    assert person(both_cast.reviewer).unit_id == both_cast.bank_other


def test_editing_a_reviewer_keeps_the_unit(both_ctx: Flask, both_cast: Cast) -> None:
    whom = person(both_cast.reviewer)
    same = {"name": whom.name, "duty": "", "phone": "", "email": "", "mail_wanted": True}
    with pytest.raises(Rejected, match="第二人复核") as refused:
        identity.edit_person(whom, whom.version, unit_id=both_cast.post_branch, **same)
    assert refused.value.field == "unit"
    identity.edit_person(whom, whom.version, unit_id=both_cast.bank_other, **same)


def test_a_released_move_is_done_and_others_move_freely(both_ctx: Flask, both_cast: Cast) -> None:
    mover, where = person(both_cast.office), unit(both_cast.post_other)
    release = accounts.request_unit_change(person(both_cast.reviewer), where, mover, "工作调动。")
    db.session.commit()
    assert person(both_cast.reviewer).unit_id == both_cast.bank_other
    requests_service.approve_release(release, release.version, person(both_cast.office2))
    db.session.commit()
    assert person(both_cast.reviewer).unit_id == both_cast.post_other
    other = person(both_cast.stranger)
    other.unit_id = both_cast.post_other
    assert db.session.is_modified(other)
    db.session.flush()


# -- roles, closed accounts, administrators ----------------------------------------------------


def test_a_power_is_granted_by_two_and_taken_away_by_one(both_ctx: Flask, both_cast: Cast) -> None:
    whom, by = person(both_cast.stranger), person(both_cast.security)
    release = accounts.change_roles(whom, whom.version, ["applicant", "office"], by, "增补经办。")
    db.session.commit()
    assert release is not None and whom.roles == {"applicant"}
    requests_service.approve_release(release, release.version, person(both_cast.system))
    db.session.commit()
    assert whom.roles == {"applicant", "office"}
    assert accounts.change_roles(whom, whom.version, ["applicant"], by, "") is None
    assert whom.roles == {"applicant"}
    with pytest.raises(Rejected, match="写明理由"):
        accounts.change_roles(whom, whom.version, ["reviewer"], by, " ")


def test_a_closed_reviewers_account_is_opened_by_two(both_ctx: Flask, both_cast: Cast) -> None:
    whom = person(both_cast.reviewer)
    identity.disable(whom)
    db.session.commit()
    with pytest.raises(Rejected, match="第二人复核"):
        identity.enable(whom)
    release = accounts.request_enabling(whom, person(both_cast.office), "恢复评审工作。")
    requests_service.approve_release(release, release.version, person(both_cast.office2))
    db.session.commit()
    assert whom.disabled_at is None


def test_a_new_administrator_needs_two_people_and_a_slip(both_ctx: Flask, both_cast: Cast) -> None:
    by = person(both_cast.system)
    release = accounts.request_admin("Audit2", "审计乙", "audit", by, "增设审计岗。")
    db.session.commit()
    wanted = select(Person).where(Person.sign_in_name == "audit2")
    assert db.session.scalar(wanted) is None
    requests_service.approve_release(release, release.version, person(both_cast.security))
    db.session.commit()
    made = db.session.scalars(wanted).one()
    assert (made.kind, made.password_hash, made.must_change) == ("audit", "", True)
    _, word = reveal_slip(release.key, both_cast.system)
    assert passwords.password_matches(made.password_hash, word)


def _second_administrator(cast: Cast) -> Person:
    """A system administrator whose first password went through the hands of the first one."""
    by = person(cast.system)
    release = accounts.request_admin("system2", "系统乙", "system", by, "增设系统岗。")
    requests_service.approve_release(release, release.version, person(cast.security))
    db.session.commit()
    made, _ = reveal_slip(release.key, cast.system)
    db.session.commit()
    return made


def test_nobody_is_two_people_by_an_account_he_handed_out(both_ctx: Flask, both_cast: Cast) -> None:
    made = _second_administrator(both_cast)
    first = asked(both_cast, "audit", "system")
    assert names(first) == {"security"}
    with pytest.raises(Rejected, match="一方给过另一方初始密码"):
        requests_service.approve_release(first, first.version, made)
    db.session.rollback()
    again = accounts.request_reset(person(both_cast.leading), made, REASON)
    assert names(again) == {"security"}
    with pytest.raises(Rejected, match="一方给过另一方初始密码"):
        requests_service.approve_release(again, again.version, person(both_cast.system))
    db.session.rollback()
    identity.disable(person(both_cast.security))
    db.session.commit()
    with pytest.raises(Rejected, match="您给过初始密码的人，不能复核您的申请"):
        asked(both_cast, "leading", "system")


def test_nobody_agrees_himself_that_his_link_to_an_account_ends(
    both_ctx: Flask, both_cast: Cast
) -> None:
    made = _second_administrator(both_cast)
    third = person(both_cast.security)
    release = accounts.request_reset(made, _another_administrator(both_cast), REASON)
    assert names(release) == {third.sign_in_name}
    with pytest.raises(Rejected, match="您和所涉人员有一方给过另一方初始密码"):
        requests_service.approve_release(release, release.version, person(both_cast.system))
    db.session.rollback()


def _another_administrator(cast: Cast) -> Person:
    return identity.create_person(
        sign_in_name="system3",
        name="系统丙",
        unit_id=None,
        kind="system",
        hashed=person(cast.system).password_hash,
    )


def test_the_link_ends_when_somebody_else_resets_the_password(
    both_ctx: Flask, both_cast: Cast
) -> None:
    made = _second_administrator(both_cast)
    assert linked_to(made.id) == {both_cast.system}
    release = accounts.request_reset(made, person(both_cast.system), REASON)
    requests_service.release_by_operator(release, "运维甲")
    db.session.commit()
    assert linked_to(made.id) == {both_cast.system}  # until the slip is opened
    reveal_slip(release.key, both_cast.system)
    db.session.commit()
    after = {"password": "slip"}
    shell = requests_service.carry_out_by_operator(
        "reset_password", made.key, after, operator="运维甲", reason=REASON
    )
    db.session.commit()
    reveal_slip(shell.key, None)
    db.session.commit()
    assert linked_to(made.id) == linked_to(both_cast.system) == frozenset()
    assert names(asked(both_cast, "audit", "system")) == {"security", "system2"}


def test_a_link_holds_along_the_line_and_not_across_it(both_ctx: Flask, both_cast: Cast) -> None:
    line = (both_cast.system, both_cast.office, both_cast.member, both_cast.applicant)
    for giver, taker in pairwise(line):
        person(taker).first_password_by_id = giver
    person(both_cast.office2).first_password_by_id = both_cast.system
    db.session.flush()
    first, office, member, last = line
    assert linked_to(first) == {office, member, last, both_cast.office2}
    assert linked_to(member) == {first, office, last}
    assert linked_to(both_cast.office2) == {first}
    assert linked_to(both_cast.stranger) == frozenset()
    person(first).first_password_by_id = last  # each has reset another's since
    db.session.flush()
    assert linked_to(member) == {first, office, last, both_cast.office2}
    db.session.rollback()


def test_who_knows_a_first_password_gets_no_power_by_it(both_app: Flask, both_cast: Cast) -> None:
    with both_app.test_request_context("/", method="POST"):
        office, security = person(both_cast.office), person(both_cast.security)
        passwords_resets.reset_password(both_cast.stranger, "Chushi-2022-mima", office)
        db.session.commit()
        whom = person(both_cast.stranger)
        with pytest.raises(Rejected, match="初始密码"):
            accounts.change_roles(whom, whom.version, ["reviewer"], security, "聘为评委。")
        db.session.rollback()
        other = person(both_cast.member)
        release = accounts.change_roles(other, other.version, ["reviewer"], security, "聘为评委。")
        db.session.commit()
        assert release is not None
        passwords_resets.reset_password(other.id, "Chushi-2022-mima", office)
        db.session.commit()
        with pytest.raises(Rejected, match="情况已有变化"):
            requests_service.approve_release(release, release.version, person(both_cast.system))


def test_no_request_outlives_its_askers_role(both_ctx: Flask, both_cast: Cast) -> None:
    first, second = asked(both_cast), asked(both_cast, "reviewer2")
    requests_service.approve_release(first, first.version, person(both_cast.office2))
    asker = person(both_cast.office)
    identity.set_roles(asker, asker.version, ["applicant"])
    db.session.commit()
    assert "不再有权" in obstacles.reason_not_applicable(second)
    with pytest.raises(Rejected, match="不再有权"):
        requests_service.approve_release(second, second.version, person(both_cast.office2))
    db.session.rollback()
    assert not obstacles.asker_still_entitled(first)


# -- the server's shell ------------------------------------------------------------------------


def run(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=["release", *words], input="王五\n设备丢失\n")
    assert result.exit_code == 0, result.output
    return result.output


def test_where_nobody_may_the_operator_does_it_by_name(both_app: Flask, both_cast: Cast) -> None:
    output = run(both_app, "reset-password", "security")
    word = output.split("初始密码：")[1].split()[0]
    with both_app.app_context():
        assert opens(both_cast.security, word)
        release = db.session.scalars(select(Release)).one()
        assert (release.status, release.operator, release.asked_by_id) == ("done", "王五", None)
        line = db.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "people.reset_password")
        ).one()
        assert "王五" in line.detail


def test_the_shell_runs_each_action_and_names_problems(both_app: Flask, both_cast: Cast) -> None:
    run(both_app, "change-unit", "reviewer", "邮政西城分公司")
    run(both_app, "grant", "stranger", "--role", "reviewer")
    made = run(both_app, "create-admin", "system2", "--name", "系统乙", "--kind", "system")
    assert "登录名：system2" in made
    with both_app.app_context():
        assert person(both_cast.reviewer).unit_id == both_cast.post_other
        assert person(both_cast.stranger).roles == {"reviewer"}
        identity.disable(person(both_cast.reviewer))
        release = asked(both_cast, "reviewer2")
        key = release.key
        db.session.remove()
    run(both_app, "enable", "reviewer")
    assert key in run(both_app, "list")
    assert "已办理" in run(both_app, "carry-out", key)
    runner = both_app.test_cli_runner()
    for words, sentence in (
        (["reset-password", "member"], "不用复核"),
        (["reset-password", "nosuch"], "没有登录名为"),
        (["carry-out", key], "已办理"),
    ):
        result = runner.invoke(args=["release", *words], input="王五\n设备丢失\n")
        assert result.exit_code == 1 and sentence in result.output, result.output


# -- the database itself -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "status = 'done', decided_at = NULL",
        "status = 'done', decided_at = asked_at, decided_by_id = asked_by_id",
        "status = 'done', decided_at = asked_at, decided_by_id = concerned_id",
        "status = 'done', decided_at = asked_at, decided_by_id = NULL",
        "status = 'refused', decided_at = asked_at, decided_by_id = concerned_id, answer = '不'",
        "status = 'refused', decided_at = asked_at, decided_by_id = 1, answer = ''",
        "status = 'withdrawn', decided_at = asked_at, decided_by_id = NULL",
        "status = 'expired', decided_at = NULL",
        "reason = ''",
        "asked_by_id = NULL",
    ],
)
def test_the_database_holds_state_and_evidence_together(
    ctx: Flask, cast: Cast, change: str
) -> None:
    asked(cast)
    with pytest.raises(IntegrityError):
        db.session.execute(text(f"UPDATE release_request SET {change}"))
    db.session.rollback()
