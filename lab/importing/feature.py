"""What matching columns brings: its pages, and the job that reads an upload."""

from lab.feature import Feature, JobKind
from lab.importing.audit_labels import AUDIT_LABELS
from lab.importing.matching import views
from lab.importing.uploads import service_reading

FEATURE = Feature(
    "importing",
    blueprints=(views.bp,),
    pages=(views,),
    audit_labels=AUDIT_LABELS,
    jobs=(
        JobKind(
            service_reading.JOB, service_reading.read_upload, service_reading.record_read_failure
        ),
    ),
)
