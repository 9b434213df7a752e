"""What the kept numbers by state bring: their daily comparison and its command."""

from lab.feature import Feature, MinuteTask
from lab.tallies import service
from lab.tallies.audit_labels import AUDIT_LABELS
from lab.tallies.commands import tallies

FEATURE = Feature(
    "tallies",
    audit_labels=AUDIT_LABELS,
    every_minute=(MinuteTask(service.recount_daily),),
    commands=(tallies,),
)
