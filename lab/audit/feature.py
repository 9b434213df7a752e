"""What the audit log brings: its line of the state of the system."""

from lab.audit import suspension
from lab.feature import Feature
from lab.status import StatusCheck

FEATURE = Feature(
    "audit",
    status_checks=(StatusCheck(suspension.KEY, suspension.TITLE, suspension.check),),
)
