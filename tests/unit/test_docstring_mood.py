"""The docstring of a function begins with what it does: "Return …", "Draw …"."""

from __future__ import annotations

import ast
import re

from tests.support.source_code import modules, words

NO_VERB = re.compile(
    r"(?:A|After|All|An|Any|Both|Codes|Each|Every|For|How|If|In|Labels|Letters|No|Of|On|One|Only"
    r"|Rows|Texts?|That|The|This|Those|Values|What|When|Where|Whether|Which|Who|Whose|Why)\b"
)


def test_no_function_is_described_by_a_noun_or_a_question() -> None:
    assert [
        f"{module}: {node.name}"
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not any("property" in word for d in node.decorator_list for word in words(d))
        and NO_VERB.match(ast.get_docstring(node) or "")
    ] == []
