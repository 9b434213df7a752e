"""Number formats that a workbook names by number only, as a Chinese spreadsheet shows them. Pure.

ECMA-376 Part 1, 18.8.30.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_DAY, _TIME = "yyyy/m/d", "h:mm"
BUILTIN: Mapping[str, str] = MappingProxyType(
    {
        "1": "0",
        "2": "0.00",
        "3": "#,##0",
        "4": "#,##0.00",
        "5": '"¥"#,##0',
        "6": '"¥"#,##0',
        "7": '"¥"#,##0.00',
        "8": '"¥"#,##0.00',
        "9": "0%",
        "10": "0.00%",
        "11": "0.00E+00",
        "12": "# ?/?",
        "13": "# ??/??",
        **dict.fromkeys(("14", "15", "30", "31", "50", "51", "52", "53", "54", "58"), _DAY),
        "16": 'm"月"d"日"',
        "17": 'yyyy"年"m"月"',
        **dict.fromkeys(("18", "19", "20", "21", "32", "33", "34", "35", "55", "56"), _TIME),
        "22": "yyyy/m/d h:mm",
        **dict.fromkeys(("27", "36", "57"), 'yyyy"年"m"月"'),
        **dict.fromkeys(("28", "29"), 'm"月"d"日"'),
        **dict.fromkeys(("37", "38"), "#,##0"),
        **dict.fromkeys(("39", "40"), "#,##0.00"),
        **dict.fromkeys(("41", "42"), "#,##0"),
        **dict.fromkeys(("43", "44"), "#,##0.00"),
        "45": "mm:ss",
        "46": "[h]:mm:ss",
        "47": "mm:ss.0",
        "48": "##0.0E+0",
        "49": "@",
    }
)
