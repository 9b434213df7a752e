"""Lifecycle of an import of units and people. Pure."""

from lab.importing.rules.batch_lifecycle import ImportStatus, import_machine

PEOPLE_IMPORT = import_machine("people_import", "已建立", "确认建立", "放弃")
CHECKED = PEOPLE_IMPORT.group_from(ImportStatus.READY)
