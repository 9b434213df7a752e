"""Reads for the pages on which an action on an account is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from lab.accounts import actions
from lab.identity.models.account import Person
from lab.identity.passwords.queries import ResetNote, last_reset
from lab.identity.people.queries import PersonPage, person_page
from lab.policy import Actor
from lab.releases.registry import ReleasableAction, find_action
from lab.releases.requests.queries import RequestOutlook, request_outlook

CONSEQUENCES = {
    actions.RESET: "复核同意前原密码照常有效。同意后原密码作废、本人立即退出登录，"
    "您可以查看一次初始密码并当面或电话告知本人；本人首次登录会看到由谁申请、由谁同意。",
    actions.UNIT: "评委看不到本单位的申报书，变更单位会改变回避范围，复核同意后生效。",
    actions.ENABLE: "此账号不止担任申报人，复核同意后启用，原密码和角色照旧。",
    actions.CREATE_ADMIN: "复核同意后建立账号，您可以查看一次初始密码并当面或电话告知本人。",
}


@dataclass(frozen=True)
class RequestPage:
    """What is asked for before an action goes to a second person.

    `person` is whose account it is about, none where it is to be created. `outlook` says who may
    release the action, `consequences` what follows when somebody does.
    """

    action: ReleasableAction
    person: PersonPage | None
    outlook: RequestOutlook
    consequences: str


def request_page(code: str, person: Person | None, asker: Actor) -> RequestPage:
    """Return the page of the action with this code."""
    return RequestPage(
        action=find_action(code),
        person=person_page(person) if person else None,
        outlook=request_outlook(code, person.key if person else "", {}, asker),
        consequences=CONSEQUENCES[code],
    )


@dataclass(frozen=True)
class RolesPage:
    """A person's business roles; `outlook` says who may release added ones."""

    person: PersonPage
    last_reset: ResetNote | None
    outlook: RequestOutlook


def roles_page(person: Person, asker: Actor) -> RolesPage:
    """Return the page on which this person's roles are changed."""
    return RolesPage(
        person=person_page(person),
        last_reset=last_reset(person.id),
        outlook=request_outlook(actions.GRANT, person.key, {}, asker),
    )
