"""Load the upload that an address names."""

from __future__ import annotations

from sqlalchemy import select

from lab.extensions import db
from lab.importing.models import ImportUpload
from lab.importing.targets import target_of
from lab.policy import Actor, Resource
from lab.web.request.guards import LoadedResource

VIEW = "upload.view"


def load_upload(_actor: Actor, key: str) -> LoadedResource | None:
    """Load the upload with this key. Its relation says whose import it is for."""
    upload = db.session.scalar(select(ImportUpload).where(ImportUpload.key == key))
    if upload is None:
        return None
    relations = frozenset({target_of(upload.target).owned_by})
    return LoadedResource(upload, Resource("upload", upload.status, relations), VIEW)
