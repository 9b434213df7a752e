"""The fixed cast of people: both sides, all tiers, a reviewer with a conflict, a stranger."""

from __future__ import annotations

from dataclasses import dataclass

from lab.extensions import db
from lab.identity.models.account import Person, Unit
from lab.identity.people import service as people_service
from lab.identity.units import service as units_service
from lab.policy import Actor

PASSWORD = "Ceshi-2022-mima"
# argon2id of PASSWORD, hashed once
PASSWORD_HASH = ""


@dataclass(frozen=True)
class Cast:
    """Ids of units and people. Applicants work in `post_branch`; `recused` does too."""

    post_root: int
    bank_root: int
    post_branch: int
    post_other: int
    bank_branch: int
    bank_other: int
    applicant: int  # 申报人, post_branch
    leader: int  # 申报人 and project leader, post_branch
    member: int  # 申报人, team member, bank_branch
    partner: int  # 申报人, bank_branch, confirms for the partner unit
    stranger: int  # 申报人, bank_other, has nothing to do with the proposal
    reviewer: int  # 评委, bank_other
    reviewer2: int  # 评委, post_other
    reviewer3: int  # 评委, bank_other
    recused: int  # 评委 in post_branch: own unit
    office: int
    office2: int
    leading: int
    leading2: int
    system: int
    security: int
    audit: int


def _unit(name: str, side: str, parent: int | None = None) -> int:
    return units_service.create_unit(name, side, parent).id


def assemble() -> Cast:
    """Store the cast and commit. Sign-in names are the attribute names; all share PASSWORD."""
    from lab.identity.rules.passwords import hash_password

    global PASSWORD_HASH
    PASSWORD_HASH = PASSWORD_HASH or hash_password(PASSWORD)
    units = {
        "post_root": _unit("北京市邮政分公司", "post"),
        "bank_root": _unit("邮储银行北京分行", "bank"),
    }
    units["post_branch"] = _unit("邮政东城分公司", "post", units["post_root"])
    units["post_other"] = _unit("邮政西城分公司", "post", units["post_root"])
    units["bank_branch"] = _unit("邮储东城支行", "bank", units["bank_root"])
    units["bank_other"] = _unit("邮储丰台支行", "bank", units["bank_root"])
    people = {
        "applicant": ("申报甲", "post_branch", ["applicant"]),
        "leader": ("组长甲", "post_branch", ["applicant"]),
        "member": ("组员甲", "bank_branch", ["applicant"]),
        "partner": ("联合甲", "bank_branch", ["applicant"]),
        "stranger": ("外人甲", "bank_other", ["applicant"]),
        "reviewer": ("评委甲", "bank_other", ["reviewer"]),
        "reviewer2": ("评委乙", "post_other", ["reviewer"]),
        "reviewer3": ("评委丙", "bank_other", ["reviewer"]),
        "recused": ("评委丁", "post_branch", ["reviewer"]),
        "office": ("经办甲", "post_root", ["office"]),
        "office2": ("经办乙", "bank_root", ["office"]),
        "leading": ("领导甲", "post_root", ["leading"]),
        "leading2": ("领导乙", "bank_root", ["leading"]),
    }
    ids = {}
    for key, (name, unit, roles) in people.items():
        ids[key] = _person(key, name, units[unit], "staff", roles)
    for kind, name in (("system", "系统管理"), ("security", "安全管理"), ("audit", "审计管理")):
        ids[kind] = _person(kind, name, None, kind, [])
    db.session.commit()
    return Cast(**units, **ids)


def _person(key: str, name: str, unit_id: int | None, kind: str, roles: list[str]) -> int:
    person = people_service.create_person(
        sign_in_name=key, name=name, unit_id=unit_id, kind=kind, roles=roles, hashed=PASSWORD_HASH
    )
    person.must_change = False
    return person.id


def person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


def actor(person_id: int) -> Actor:
    """The person as the policy sees him."""
    who = person(person_id)
    return Actor(who.id, who.roles, who.unit_id)


def unit(unit_id: int) -> Unit:
    return db.session.get_one(Unit, unit_id)
