"""The columns of the lists of imports and of the rows of one."""

from __future__ import annotations

from lab.importing.matching import columns as importing_columns
from lab.web.columns import Column

IMPORTS = (
    Column("name", "文件", row_header=True),
    Column("state", "状态", "state"),
    Column("units", "新建单位", "figure", unit="个"),
    Column("people", "新建账号", "figure", unit="个"),
    Column("roles", "申请角色", "figure", unit="项"),
    Column("faulty", "有误", "figure", unit="行"),
    Column("made_by", "上传人"),
    Column("made_at", "上传时间", "datetime"),
)
ROWS = (
    Column(
        "row",
        "行",
        row_header=True,
        value=lambda row: f"“{row.sheet}”表第{row.row}行",
        css="text-nowrap",
    ),
    Column("name", "名称或姓名"),
    Column("unit", "上级或所在单位", narrow="单位"),
    Column("result", "结果"),
    Column("findings", "问题"),
)
MATCHED = importing_columns.MATCHED
