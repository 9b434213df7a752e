"""What the audit log brings: its line of the state of the system."""

from lab.audit import suspension
from lab.audit.audit_labels import AUDIT_LABELS
from lab.feature import Feature
from lab.feature.status import StatusCheck

FEATURE = Feature(
    "audit",
    audit_labels=AUDIT_LABELS,
    status_checks=(StatusCheck(suspension.KEY, suspension.TITLE, suspension.check),),
)
