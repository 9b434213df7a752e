"""What matching columns brings: its pages, and the job that reads an upload."""

from lab.feature import Feature, JobKind
from lab.importing import service_reading, views
from lab.importing.audit_labels import AUDIT_LABELS
from lab.importing.blueprint import bp

FEATURE = Feature(
    "importing",
    blueprints=(bp,),
    pages=(views,),
    audit_labels=AUDIT_LABELS,
    jobs=(
        JobKind(
            service_reading.JOB, service_reading.read_upload, service_reading.record_read_failure
        ),
    ),
)
