"""Writes of imports: accept a workbook, create all that it names or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from lab import audit, clock
from lab.canonical import short
from lab.db import transition
from lab.enrolment.bulk_import import creation, service_check
from lab.enrolment.bulk_import.service_check import KIND
from lab.enrolment.models import BOTH, PeopleImport
from lab.extensions import db
from lab.files.models import StoredFile
from lab.identity.core.queries import open_holders
from lab.identity.models.account import Person
from lab.importing.models import ImportUpload
from lab.importing.uploads import service as uploads
from lab.inbox.notices.service import notify
from lab.jobs import service as jobs
from lab.policy import SECURITY
from lab.rejected import Rejected
from lab.web.links import About

MEANWHILE = "确认的同时，另有人建立了同名的单位或账号，这次一个也没有建立。请重新点击“建立”。"


# -- accepting a workbook ----------------------------------------------------------------------


def begin_import(upload: FileStorage, person_id: int) -> PeopleImport:
    """Store a workbook made with the template and queue its dry run.

    Raises Rejected when the person has too many open jobs.
    """
    file = uploads.store_workbook(upload, person_id)
    return KIND.begin(PeopleImport(content=BOTH, **_of(file, person_id)))


def begin_own(target: str, upload: FileStorage, person_id: int) -> ImportUpload:
    """Store a workbook of any form, whose columns a person matches next.

    `target` is the code of one of `own_workbook.targets`. Raises Rejected when the person has too
    many open jobs.
    """
    return uploads.begin_upload(target, "", upload, person_id)


def begin_planned(
    content: str, upload: ImportUpload, plan: Mapping[str, Any], person_id: int
) -> PeopleImport:
    """Queue the dry run of a workbook whose columns were matched.

    An earlier one of the same upload that waits for its confirmation is abandoned. Raises Rejected
    when the person has too many open jobs.
    """
    jobs.require_room(person_id, "files")
    replaced = KIND.abandon_waiting(upload.key)
    batch = PeopleImport(
        content=content,
        upload_key=upload.key,
        plan=plan,
        **_of(upload.file, person_id),
    )
    facts = {"matched": len(plan["columns"]), "abandoned_checks": replaced}
    return KIND.begin(batch, facts)


def _of(file: StoredFile, person_id: int) -> dict[str, Any]:
    return {"file": file, "sha256": file.sha256, "made_by_id": person_id}


# -- the import --------------------------------------------------------------------------------


def confirm_import(batch: PeopleImport, by: Person) -> bool:
    """Create all units and accounts, and ask for all roles, or none.

    Every row is checked again against what is stored now: when one does not pass any more, the
    result says so, nothing is created, and False is returned. Raises TransitionRejected when the
    import is not waiting, Rejected when somebody creates the same at this moment.
    """
    db.session.refresh(batch, with_for_update=True)
    batch.machine.transition_for(batch.status, "confirm")
    outcome = service_check.check_tables(service_check.stored_tables(batch))
    if outcome.failure:
        KIND.record_outcome(batch, outcome)
        audit.record("people_import.fail", batch, detail=service_check.counts(batch))
        return False
    service_check.store_result(batch, outcome)
    now = clock.now()
    transition(batch, "confirm", imported_by_id=by.id, imported_at=now)
    try:
        creation.create_all(batch, outcome, by, now)
    except IntegrityError:
        raise Rejected(MEANWHILE) from None
    _notify_of_roles(batch, by)
    detail = {"hash": short(batch.sha256), **service_check.counts(batch)}
    audit.record("people_import.confirm", batch, detail=detail)
    return True


def _notify_of_roles(batch: PeopleImport, by: Person) -> None:
    """Tell the security administrators, once, of all the roles asked for."""
    if not batch.role_count:
        return
    text = f"{by.name}批量建立账号，为人员申请{batch.role_count}项角色，请办理。"
    holders = [person.id for person in open_holders([SECURITY])]
    notify(holders, text, About("RoleRequest", ""))


def record_download(batch: PeopleImport) -> None:
    """Record who downloaded the original workbook."""
    audit.record("people_import.download", batch, detail={"hash": short(batch.sha256)})
