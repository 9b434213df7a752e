"""The pledge that a reviewer signs once per round before seeing any document. Pure.

Office rule: recusal is declared before the file is seen; the pledge says so, and its fingerprint,
stored with the signature, proves which text was signed.
"""

from __future__ import annotations

from lab.canonical import fingerprint

TITLE = "评审承诺书"
LINES = (
    "本人按照本批次公布的评审标准独立、客观、公正地评审，只依据申报材料打分，不受任何单位和个人影响。",
    "本人与所评项目存在同单位、亲属、利害关系或其他可能影响公正评审的情形时，主动申请回避。",
    "本人对申报材料、评审意见和打分情况保密，不复制、不外传，不向申报单位透露评审信息。",
    "本人不与其他评委商议打分，不委托他人代评。",
    "本人知悉评审提交后不得自行修改，全部操作均有记录；如有违反，愿承担相应责任。",
)


def pledge_fingerprint() -> str:
    """Return the SHA-256 of the signed text: 64 hex digits."""
    return fingerprint({"title": TITLE, "lines": list(LINES)})
