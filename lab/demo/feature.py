"""What public facts and demonstration data bring: the commands that load them."""

from lab.demo.audit_labels import AUDIT_LABELS
from lab.demo.commands import data
from lab.feature import Feature

FEATURE = Feature("demo", audit_labels=AUDIT_LABELS, commands=(data,))
