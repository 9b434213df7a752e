"""Forms of review: assignment, pledge, recusal, return, end of the round."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lab.rejected import Rejected
from lab.reviews.recusal import DECLARED
from lab.web.fields import CheckboxField, RadioField, TextAreaField
from lab.web.forms import Form

KINDS = {
    "kinship": "与项目人员有夫妻、直系血亲、三代以内旁系血亲或近姻亲关系",
    "former_unit": "三年内曾在申报单位任职",
    "interest": "与项目有其他利害关系",
    "self": "其他可能影响公正评审的情形",
}
assert KINDS.keys() == DECLARED.keys()
_PAIR = re.compile(r"([a-z0-9]{12}):([a-z0-9]{12})")


def read_pairs(values: Iterable[str]) -> set[tuple[str, str]]:
    """Pairs of proposal key and reviewer key from the boxes of the matrix.

    Raises Rejected for anything that the page does not send.
    """
    found = [_PAIR.fullmatch(value) for value in values]
    if not all(found):
        raise Rejected("页面内容已变化，请刷新后重新分配。")
    return {(match[1], match[2]) for match in found if match}


class CloseForm(Form):
    """The end of the round."""

    cancel_owed = CheckboxField("取消未提交的评审")


class RecuseForm(Form):
    """A reviewer's declaration of a conflict."""

    kind = RadioField("回避情形", required=True, choices=list(KINDS.items()))
    reason = TextAreaField(
        "具体说明",
        required=True,
        limit=300,
        rows=4,
        hint="仅实施办公室可见，供核对回避情况。",
    )


class AbstainForm(Form):
    """A reviewer cannot judge a proposal."""

    reason = TextAreaField(
        "弃评理由", required=True, limit=300, rows=4, hint="如：不熟悉该业务领域，难以作出判断。"
    )


class ReturnForm(Form):
    """The office gives a sheet back."""

    reason = TextAreaField(
        "退回理由",
        required=True,
        limit=500,
        rows=4,
        hint="评委会看到，请写清需要修改的地方。",
    )
