"""Notifications about requests that need a second person."""

from __future__ import annotations

from lab import clock
from lab.extensions import db
from lab.identity.core.role_labels import with_roles
from lab.identity.models.account import Person
from lab.identity.rules.privileges import contact_for
from lab.inbox.notices.service import notify
from lab.releases import registry
from lab.releases.access import find_releasers
from lab.releases.models import Release
from lab.web.links import About
from lab.workdays.queries import due_note


def format_asker(release: Release) -> str:
    """Format who requested, with roles."""
    return _format_person(release.asked_by, release)


def format_releaser(release: Release) -> str:
    """Format who released, with roles."""
    return _format_person(release.decided_by, release)


def _format_person(person: Person | None, release: Release) -> str:
    """Format a person with roles, or the operator at the shell where there is none."""
    return with_roles(person) if person else f"{release.operator}（服务器操作人）"


def _matter(release: Release) -> str:
    return f"{registry.find_action(release.action_code).label}（{release.object_name}）"


def _contact_note(release: Release) -> str:
    """Return the sentence that tells the affected person whom to contact."""
    concerned = db.session.get(Person, release.concerned_id) if release.concerned_id else None
    return f"如有疑问，请立即联系{contact_for(concerned.roles)}。" if concerned else ""


def notify_requested(release: Release, releasers: list[Person]) -> None:
    """Notify those who may release a new request, and the person affected."""
    note = due_note(release.due_at)
    until = clock.cn_date(clock.beijing(release.due_at).date())
    request_text = f"{format_asker(release)}申请{_matter(release)}"
    text = f"{request_text}，请在{until}前复核{note}。"
    notify([person.id for person in releasers], text, About.of(release))
    notify(
        [release.concerned_id],
        f"{request_text}，等待复核。{_contact_note(release)}",
        About.of(release),
    )


def notify_done(release: Release) -> None:
    """Notify the requester and the person affected that it was carried out."""
    people = f"申请人：{format_asker(release)}；同意人：{format_releaser(release)}"
    note = registry.find_action(release.action_code).done_note if release.asked_by_id else ""
    notify([release.asked_by_id], f"{_matter(release)}已同意并办理。{note}", About.of(release))
    text = f"{_matter(release)}已办理。{people}。{_contact_note(release)}"
    notify([release.concerned_id], text, About.of(release))


def notify_rejected(release: Release) -> None:
    """Notify the requester and the person affected that the request was rejected."""
    text = f"{_matter(release)}未获同意，没有办理。理由：{release.answer}"
    notify([release.asked_by_id, release.concerned_id], text, About.of(release))


def _releaser_ids(release: Release) -> list[int]:
    action = registry.find_action(release.action_code)
    releasers = find_releasers(
        action, release.account_level, release.asked_by_id, release.concerned_id
    )
    return [person.id for person in releasers]


def notify_withdrawn(release: Release) -> None:
    """Notify the possible releasers and the person affected that the request was withdrawn."""
    text = f"{_matter(release)}的申请已由申请人撤回，不用再复核。"
    notify([*_releaser_ids(release), release.concerned_id], text, About.of(release))


def notify_expired(release: Release) -> None:
    """Notify everybody involved that nobody decided in time."""
    text = f"{_matter(release)}的申请到期无人复核，没有办理。如仍需要，请重新申请。"
    recipients = [release.asked_by_id, release.concerned_id, *_releaser_ids(release)]
    notify(recipients, text, About.of(release))
