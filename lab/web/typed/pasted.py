"""What word processors, web pages and PDF readers put into pasted text, as it looked there. Pure.

Bullets of symbol fonts arrive as private-use marks, or as letters before a tab; blanks, hyphens and
line ends have special forms; a PDF may give radicals in place of characters. Each becomes the
ordinary character that it was read as. What has no such character is left for
`lab.web.typed.text.check_characters` to refuse.
"""

from __future__ import annotations

import re
import unicodedata

# Invisible inside text and of no effect on it. Joiners (U+200C, U+200D) hold emoji together, the
# word joiner (U+2060) keeps signs apart in notices, and overrides of the direction (U+202D, U+202E)
# change what is read: none of them is dropped.
DROPPED = "\u00ad\u061c\u200b\u200e\u200f\u202a-\u202c\u2066-\u2069\ufeff"
_BLANKS = {
    **dict.fromkeys("\u00a0\u1680\u2000\u2002\u2004\u2005\u2006\u2007\u2008\u2009", " "),
    **dict.fromkeys("\u200a\u202f\u205f", " "),
    **dict.fromkeys("\u2001\u2003", "\u3000"),  # as wide as a character
}
# Word's own marks: line and page break, the end of a table cell, the hyphen that never breaks.
_WORD = {"\x0b": "\n", "\x0c": "\n", "\x07": "\t", "\x1e": "-", "\u2011": "-"}
# Symbol fonts keep their marks at U+F020 to U+F0FF. Where Symbol and Wingdings differ, the one that
# lists and formulas of offices use.
_SYMBOLS = {
    **{"\uf0b7": "•", "\uf0a7": "▪", "\uf06c": "●", "\uf06e": "■", "\uf075": "◆", "\uf076": "❖"},
    **{"\uf0d8": "➢", "\uf0fc": "✓", "\uf0fb": "✗", "\uf0fe": "☑", "\uf0fd": "☒", "\uf0a8": "□"},
    **{"\uf06f": "□", "\uf071": "❑", "\uf072": "❒", "\uf0a1": "○", "\uf0e0": "→", "\uf0e8": "➔"},
    **{"\uf0f0": "⇨", "\uf0ab": "★", "\uf0b2": "☆", "\uf077": "◆", "\uf073": "◆", "\uf0d1": "∇"},
    **{"\uf020": " ", "\uf02b": "+", "\uf02d": "-", "\uf03d": "=", "\uf025": "%", "\uf0b1": "±"},
    **{"\uf0b3": "≥", "\uf0a3": "≤", "\uf0b4": "×", "\uf0b8": "÷", "\uf0b9": "≠", "\uf0bb": "≈"},
    **{"\uf0b0": "°", "\uf0d7": "·", "\uf0a5": "∞", "\uf0ae": "→", "\uf0ac": "←", "\uf0de": "⇒"},
}
# Characters that the first edition of GB 18030 kept at private places; later editions and Unicode
# have given them their own.
_GB18030 = {
    **{chr(0xE78D + n): chr(code) for n, code in enumerate((0xFE10, 0xFE12, 0xFE11))},
    **{chr(0xE790 + n): chr(0xFE13 + n) for n in range(7)},
    **{"\ue5e5": "\u3000", "\ue7c7": "\u1e3f", "\ue7c8": "\u01f9"},
    **{"\ue816": "\U00020087", "\ue817": "\U00020089", "\ue818": "\U000200cc"},
    **{"\ue81e": "\u9fb4", "\ue826": "\u9fb5", "\ue82b": "\u9fb6", "\ue82c": "\u9fb7"},
    **{"\ue831": "\U000215d7", "\ue832": "\u9fb8", "\ue83b": "\U0002298f", "\ue843": "\u9fb9"},
    **{"\ue854": "\u9fba", "\ue855": "\U000241fe", "\ue864": "\u9fbb"},
}
# A page of the Windows code page read as if it were Latin-1.
_CODE_PAGE = {
    chr(code): bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_RADICALS = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_READ_AS = {**_BLANKS, **_WORD, **_SYMBOLS, **_GB18030, **_CODE_PAGE, **_RADICALS}
_ODD = re.compile(f"[{DROPPED}\x1f{''.join(map(re.escape, _READ_AS))}]")
# A bullet of Wingdings or Symbol pasted as plain text is a letter before a tab.
_BULLETS = {
    **{"l": "●", "n": "■", "u": "◆", "v": "❖", "q": "❑", "o": "○", "Ø": "➢", "ü": "✓"},
    **{"§": "▪", "·": "•"},
}
_BULLET = re.compile(f"^([ \u3000]*)([{''.join(_BULLETS)}])\t[ \t]*", re.MULTILINE)


def as_it_looked(text: str) -> str:
    """Return `text` with the marks of other programs as the characters they were read as.

    Line ends must be line feeds already. Applying it twice changes nothing.
    """
    if _ODD.search(text):
        text = _ODD.sub(lambda mark: _READ_AS.get(mark[0], ""), text)
    return _BULLET.sub(lambda match: f"{match[1]}{_BULLETS[match[2]]} ", text)
