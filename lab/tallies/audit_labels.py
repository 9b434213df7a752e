"""What the audit log's page calls the codes of the kept numbers by state."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={"tallies.mend": "更正状态份数"},
    objects={"StateTally": "状态份数"},
    facts={"mended": "更正处数", "differences": "相差份数"},
)
