"""The columns of the lists of imports and of the rows of one."""

from __future__ import annotations

from lab.importing.matching import columns as importing_columns
from lab.web.columns import Column

IMPORTS = (
    Column("name", "文件", row_header=True),
    Column("state", "状态", "state"),
    Column("rows", "行数", "figure", unit="行"),
    Column("faulty", "有误", "figure", unit="行"),
    Column("warned", "有提示", "figure", unit="行"),
    Column("made_by", "上传人"),
    Column("made_at", "上传时间", "datetime"),
)
ROWS = (
    Column("row", "行", row_header=True, value=lambda row: f"第{row.row}行", css="text-nowrap"),
    Column("becomes", "导入后"),
    Column("title", "项目名称", missing="（未命名）"),
    Column("unit", "申报单位", "unit"),
    Column("result", "结果"),
    Column("findings", "问题"),
)
MATCHED = importing_columns.MATCHED
