"""Lifecycle of an import of proposals. Pure."""

from lab.importing.rules.batch_lifecycle import ImportStatus, import_machine

IMPORT = import_machine("proposal_import", "已导入", "确认导入", "放弃导入")
CHECKED = IMPORT.group_from(ImportStatus.READY)
