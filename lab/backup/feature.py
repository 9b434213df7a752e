"""What backups bring: the commands, the daily run and its line of the state of the system."""

from lab.backup import daily
from lab.backup.audit_labels import AUDIT_LABELS
from lab.backup.commands import backup, restore
from lab.feature import Feature, MinuteTask
from lab.feature.status import StatusCheck

FEATURE = Feature(
    "backup",
    audit_labels=AUDIT_LABELS,
    every_minute=(MinuteTask(daily.run_if_due),),
    status_checks=(StatusCheck(daily.KEY, daily.TITLE, daily.check),),
    commands=(backup, restore),
)
