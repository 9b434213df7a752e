"""The audit log: one keyed chain without gaps, written in the transaction of the action itself."""

from lab.audit.service import record, record_denial, record_separately

__all__ = ["record", "record_denial", "record_separately"]
