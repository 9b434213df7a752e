"""Slips open accounts once; roles are granted by somebody else, and only then hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lab import clock
from lab.audit.models import AuditEvent
from lab.enrolment.models import RoleRequest
from lab.enrolment.role_requests import service as role_requests
from lab.enrolment.role_requests.queries import grantable_count, requests_page
from lab.enrolment.slips.queries import waiting_page
from lab.extensions import db
from lab.identity.activation import service as activation
from lab.identity.activation.queries import newest_slip
from lab.identity.models.account import AuthSession
from lab.identity.models.slips import ActivationSlip
from lab.identity.passwords import service_resets
from lab.identity.people import service as people_service
from lab.inbox.models.notices import Notice
from lab.rejected import Rejected
from tests.support.builders.people_workbooks import account, imported, newcomer
from tests.support.cast import Cast, actor, person

pytestmark = pytest.mark.usefixtures("workbooks_here")

NOW = datetime(2022, 7, 1, 2, tzinfo=UTC)
OWN = "Qiyong-2022-mima"


def slip(by: int, name: str = "new1") -> str:
    """The code of a slip that was just issued."""
    (issued,) = activation.issue_slips([account(name).id], person(by))
    db.session.commit()
    return issued.code


def activate(code: str, new: str = OWN, name: str = "new1") -> None:
    activation.activate(name, code, new)
    db.session.commit()


@pytest.fixture
def request_ctx(both_app: Flask) -> Iterator[None]:
    with both_app.test_request_context("/activate", method="POST"):
        yield


@pytest.fixture
def cast(request_ctx: None, both_cast: Cast) -> Cast:
    with clock.freeze(NOW):
        imported(both_cast.system, [newcomer(1, roles="申报人、评委"), newcomer(2)])
    return both_cast


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "7月1日发放，有效期至"), (400, "已过期（")],
)
def test_the_list_says_how_the_slip_stands(cast: Cast, days: int, said: str) -> None:
    with clock.freeze(NOW):
        slip(cast.system)
    with clock.freeze(NOW + timedelta(days=days)):
        first, second = waiting_page({}).rows.items
        assert said in first.slip and first.has_valid_slip == (days == 0)
        assert second.slip == "未发放"


def test_a_slip_sets_the_first_password_once(cast: Cast) -> None:
    with clock.freeze(NOW):
        code = slip(cast.system)
        stored = db.session.scalars(select(ActivationSlip)).one()
        assert code not in stored.code_hash and len(stored.code_hash) == 64
        activate(code.lower().replace("-", " "))
        made = account()
        assert made.password_hash.startswith("$argon2id$") and not made.must_change
        assert db.session.scalars(select(AuthSession).where(AuthSession.person_id == made.id)).one()
        with pytest.raises(Rejected, match="已经用过") as error:
            activate(code)
        assert error.value.field == "code"
    assert made.first_password_by_id == cast.system


def test_a_new_slip_makes_the_one_before_void(cast: Cast) -> None:
    with clock.freeze(NOW):
        first = slip(cast.system)
        second = slip(cast.office)
        with pytest.raises(Rejected, match="已作废"):
            activate(first)
        activate(second)
    note = newest_slip(account().id)
    assert note is not None and note.text.endswith("由经办甲发放，已使用")


def test_a_slip_that_is_too_old_says_until_when_it_held(cast: Cast) -> None:
    with clock.freeze(NOW):
        code = slip(cast.system)
    with clock.freeze(NOW + timedelta(days=15)), pytest.raises(Rejected, match="7月15日"):
        activate(code)


def test_a_wrong_code_tells_nothing_and_counts_like_a_password(cast: Cast) -> None:
    with clock.freeze(NOW):
        code = slip(cast.system)
        for name in ("new1", "new2", "nobody"):
            with pytest.raises(Rejected, match="登录名或启用码不对"):
                activate("AAAA-BBBB-CCCC-DDDD", name=name)
        for _ in range(4):
            with pytest.raises(Rejected):
                activate("AAAA-BBBB-CCCC-DDDD")
        with pytest.raises(Rejected, match="登录名或启用码不对"):
            activate(code)  # paused, though it is right
    with clock.freeze(NOW + timedelta(minutes=20)):
        activate(code)
    failed = db.session.scalars(
        select(AuditEvent).where(
            AuditEvent.action == "identity.activate", AuditEvent.result == "failed"
        )
    ).all()
    assert len(failed) == 8


def test_an_unfit_password_leaves_the_slip_valid(cast: Cast) -> None:
    with clock.freeze(NOW):
        code = slip(cast.system)
        with pytest.raises(Rejected) as error:
            activate(code, "short")
        assert error.value.field == "new_password"
        activate(code)


def test_a_password_set_in_another_way_makes_slips_void(cast: Cast) -> None:
    with clock.freeze(NOW):
        code = slip(cast.system)
        service_resets.reset_password(account().id, "Chushi-2022-mima", person(cast.office))
        db.session.commit()
        with pytest.raises(Rejected, match="已作废"):
            activate(code)
        with pytest.raises(Rejected, match="不能发放启用单"):
            activation.issue_slips([account().id], person(cast.system))


def test_a_slip_from_before_the_account_was_closed_is_void(cast: Cast) -> None:
    with clock.freeze(NOW):
        code = slip(cast.system)
        people_service.disable(account())
        db.session.commit()
        people_service.enable(account())
        db.session.commit()
        with pytest.raises(Rejected, match="已作废"):
            activate(code)
        activate(slip(cast.system))


def test_each_slip_leaves_a_line_with_whom_it_is_for(cast: Cast) -> None:
    with clock.freeze(NOW):
        activation.issue_slips([account().id, account("new2").id], person(cast.system))
        db.session.commit()
    rows = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "people.issue_slip")
    ).all()
    assert {row.object_key for row in rows} == {account().key, account("new2").key}
    assert "code" not in json.dumps([row.detail for row in rows])


# -- roles -------------------------------------------------------------------------------------


def requested(*roles: str) -> list[str]:
    query = select(RoleRequest.key).where(
        RoleRequest.person_id == account().id, RoleRequest.role.in_(roles)
    )
    return list(db.session.scalars(query))


def test_a_role_above_applicant_waits_for_the_owner(cast: Cast) -> None:
    security = person(cast.security)
    with pytest.raises(Rejected, match="还没有启用账号"):
        role_requests.grant(requested("reviewer"), security)
    db.session.rollback()
    assert grantable_count(actor(cast.security)) == 2
    with clock.freeze(NOW):
        activate(slip(cast.system))
    assert grantable_count(actor(cast.security)) == 3
    assert role_requests.grant(requested("applicant", "reviewer"), security) == 2
    db.session.commit()
    assert account().roles == {"applicant", "reviewer"}
    ended = db.session.scalars(
        select(AuthSession).where(AuthSession.person_id == account().id)
    ).all()
    assert ended and all(row.ended_at for row in ended)
    told = db.session.scalars(select(Notice).where(Notice.person_id == account().id)).one()
    assert told.text == "已授予您角色：申报人、评委。"
    line = db.session.scalars(
        select(AuditEvent).where(
            AuditEvent.action == "people.grant", AuditEvent.object_key == account().key
        )
    ).one()
    assert json.loads(line.detail)["after"] == ["applicant", "reviewer"]


def test_a_refusal_tells_who_asked_and_why(cast: Cast) -> None:
    keys = requested("reviewer")
    role_requests.refuse(keys, "不在评审专家名单内。", person(cast.security))
    db.session.commit()
    assert account().roles == frozenset()
    told = db.session.scalars(select(Notice).where(Notice.person_id == cast.system)).one()
    assert "不在评审专家名单内" in told.text
    with pytest.raises(Rejected, match="1项已被办理"):
        role_requests.grant(keys, person(cast.security))


def test_nobody_grants_for_who_gave_him_his_account(cast: Cast) -> None:
    person(cast.security).first_password_by_id = cast.system
    db.session.flush()
    with pytest.raises(Rejected, match="给过另一方初始密码"):
        role_requests.grant(requested("applicant"), person(cast.security))
    page = requests_page(actor(cast.security), {})
    assert not any(row.decidable for row in page.rows.items)
    assert grantable_count(actor(cast.security)) == 0


def test_only_security_administrators_decide(cast: Cast) -> None:
    for who in (cast.system, cast.office, cast.audit):
        with pytest.raises(Rejected):
            role_requests.grant(requested("applicant"), person(who))
