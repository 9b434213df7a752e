"""Two versions of a notice as people read them: what came, what went, what looks different."""

from __future__ import annotations

import time

import pytest

from lab.calls.notice.notice_diff import FOLD, TABLE, NoticeDiff, diff_notice
from lab.text_diff import ADDED, REMOVED, SAME

BEFORE = """## 征集范围

- 商户受理环境建设
- 园区、校园缴费

1. 由邮政、银行联合申报。
2. 每个单位最多申报两个项目。
3. 负责人应为在职员工。

| 类别 | 上限 |
| --- | --- |
| 重点 | 50 |
| 一般 | 20 |

申报办法见[管理办法](/calls)。"""
SIGNS = {SAME: "", ADDED: "+", REMOVED: "-"}


def drawn(before: str, after: str) -> list[str]:
    """The changed lines: [+came] [-went], cells parted by bars, notes in angle brackets."""
    return [
        " | ".join(
            "".join(f"[{SIGNS[p.kind]}{p.text}]" if SIGNS[p.kind] else p.text for p in cell)
            for cell in line.cells
        )
        + "".join(f"<{note}>" for note in line.notes)
        for block in diff_notice(before, after).blocks
        for line in block.lines
        if line.kind != SAME
    ]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("园区、校园缴费", "园区、校园和医院缴费", ["园区、校园[+和医院]缴费"]),
        ("2. 每个单位最多申报两个项目。\n3. 负责", "2. 负责", ["[-每个单位最多申报两个项目。]"]),
        ("| 重点 | 50 |", "| 重点 | 60 |", ["重点 | [-50][+60]"]),
        ("| 一般 | 20 |", "| 一般 | 20 |\n| 探索 | 10 |", ["[+探索] | [+10]"]),
        ("联合申报", "**联合申报**", ["由邮政、银行联合申报。<加粗“联合申报”>"]),
        ("## 征集范围", "征集范围", ["征集范围<由一级标题改为正文>"]),
        ("- 园区、校园", "\n园区、校园", ["园区、校园缴费<由项目符号改为正文>"]),
        ("(/calls)", "(/reports)", ["申报办法见管理办法。<“管理办法”的链接改为：/reports>"]),
        ("[管理办法](/calls)", "管理办法", ["申报办法见管理办法。<“管理办法”去掉了链接>"]),
        ("| --- | --- |", "| --- | ---: |", ["类别 | 上限<第2列改为右对齐>"]),
        ("\n\n1. 由", "\n\n\n\n1. 由", []),
        ("- 商户", "* 商户", []),
    ],
)
def test_a_change_is_shown_without_signs_of_markup(old: str, new: str, wanted: list[str]) -> None:
    assert old in BEFORE
    assert drawn(BEFORE, BEFORE.replace(old, new)) == wanted


def words(difference: NoticeDiff, left_out: str) -> list[str]:
    """The words of each line without those of one side."""
    lines = [line for block in difference.blocks for line in block.lines]
    texts = [
        "".join(p.text for cell in line.cells for p in cell if p.kind != left_out) for line in lines
    ]
    return [text for text in texts if text]


def test_both_versions_stand_in_the_difference_to_the_letter() -> None:
    after = BEFORE.replace("50", "60").replace("- 商户受理环境建设\n", "").replace("在职", "正式")
    difference = diff_notice(BEFORE, after)
    assert words(difference, ADDED) == words(diff_notice(BEFORE, BEFORE), ADDED)
    assert words(difference, REMOVED) == words(diff_notice(after, after), REMOVED)
    assert (difference.added, difference.removed, difference.changed) == (0, 1, 2)


def test_long_unchanged_stretches_are_folded_tables_stay_whole() -> None:
    paragraphs = "\n\n".join(f"第{n}段。" for n in range(20))
    difference = diff_notice(
        f"{paragraphs}\n\n{BEFORE}", f"{paragraphs}\n\n{BEFORE}".replace("50", "60")
    )
    kinds = [block.kind for block in difference.blocks]
    assert kinds[0] == FOLD and TABLE in kinds
    assert len(difference.blocks[kinds.index(TABLE)].lines) == 3
    assert not diff_notice(BEFORE, f"{BEFORE}\n").is_visible


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("甲\n" * 3900, "乙\n甲\n" * 1900),
        ("甲乙" * 4000, "乙甲" * 4000),
        (
            "\n".join(f"第{n}行文字" for n in range(800)),
            "\n".join(f"第{n}行文宇" for n in range(800)),
        ),
    ],
    ids=["lines", "one line", "each line"],
)
def test_a_costly_pair_is_compared_quickly(before: str, after: str) -> None:
    began = time.process_time()
    assert diff_notice(before, after).is_visible
    assert time.process_time() - began < 3


NEW_COLUMN = """| 类别 | 依据 | 上限 |
| --- | --- | ---: |
| 重点 | 管理办法第三条第一款 | 50 |
| 一般 | 管理办法第三条第二款 | 25 |"""
TABLE_BEFORE = BEFORE[BEFORE.index("| 类别") : BEFORE.index("\n\n申报办法")]


def table_rows(before: str, after: str) -> list[str]:
    """All rows of the table, each cell with its signs."""
    block = next(b for b in diff_notice(before, after).blocks if b.kind == TABLE)
    return [
        " | ".join(
            "".join(f"[{SIGNS[p.kind]}{p.text}]" if SIGNS[p.kind] else p.text for p in cell)
            for cell in line.cells
        )
        for line in block.lines
    ]


def test_a_new_column_leaves_the_others_where_they_were() -> None:
    after = BEFORE.replace(TABLE_BEFORE, NEW_COLUMN)
    assert table_rows(BEFORE, after) == [
        "类别 | [+依据] | 上限",
        "重点 | [+管理办法第三条第一款] | 50",
        "一般 | [+管理办法第三条第二款] | [-20][+25]",
    ]
    assert diff_notice(BEFORE, after).changed == 2  # the head and the row with another figure


def test_a_column_that_went_is_shown_where_it_stood() -> None:
    before = BEFORE.replace(TABLE_BEFORE, NEW_COLUMN)
    assert table_rows(before, BEFORE) == [
        "类别 | [-依据] | 上限",
        "重点 | [-管理办法第三条第一款] | 50",
        "一般 | [-管理办法第三条第二款] | [-25][+20]",
    ]


def test_rows_that_come_with_a_new_column_are_whole() -> None:
    after = BEFORE.replace(TABLE_BEFORE, NEW_COLUMN + "\n| 探索 | 第四条 | 10 |")
    assert table_rows(BEFORE, after)[-1] == "[+探索] | [+第四条] | [+10]"


def test_a_row_that_went_with_a_new_column_keeps_its_cells() -> None:
    shorter = "\n".join(NEW_COLUMN.splitlines()[:3])
    rows = table_rows(BEFORE, BEFORE.replace(TABLE_BEFORE, shorter))
    assert "[-一般] |  | [-20]" in rows
