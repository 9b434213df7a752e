"""What the name of a person or a unit is found by: the name, its pinyin, the initials. Pure.

A surname is often read otherwise than the same character in a word (单 is shàn, 曾 is zēng), and
the first two characters may be the surname (欧阳, 尉迟). So every reading of the first two
characters counts, and the usual reading of the others. Units are named by places and offices: each
character has one reading there, which is not always the usual one (支行 is háng, 长安 is cháng).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product

# Names are read character by character: the readings of phrases would cost 45 MB in each process.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import Style, pinyin

from lab.web.typed.people import person_key

MAX_KEY = 80  # characters
_MANY_READINGS = 2  # leading characters of which every reading counts
_MAX_CHARACTERS = 12  # of a name; a longer one is found by its beginning
_MAX_READINGS = 48  # of a whole name
_EXTRA = {"黑": ("he",)}  # readings as a surname that the dictionary lacks
# Readings in names of places and offices of which the dictionary has another first.
_IN_UNITS = {
    **{"行": "hang", "长": "chang", "重": "chong", "厦": "xia", "都": "du"},
    **{"单": "shan", "番": "pan", "蚌": "beng", "歙": "she"},
}
_SPELLINGS_OF_V = ("v", "u", "yu")  # ü as it is typed: lv, lu, and lyu as in passports


def search_keys(name: str) -> frozenset[str]:
    """Return what the name is found by when it is typed from the beginning.

    The name and its pinyin from each character on, so that a given name is enough; initials
    likewise. Each of at most `MAX_KEY` characters; none for a name without letters.
    """
    plain = person_key(name)[:_MAX_CHARACTERS]
    keys = {plain[start:] for start in range(len(plain))}
    for syllables in _readings(plain):
        for start in range(len(syllables)):
            rest = syllables[start:]
            keys.add("".join(rest))
            keys.add("".join(syllable[0] for syllable in rest))
    return frozenset(key[:MAX_KEY] for key in keys)


def unit_keys(name: str) -> frozenset[str]:
    """Return the pinyin and the initials by which a unit is found, from each character on.

    Each of at most `MAX_KEY` characters. The name itself is no key: parts of it are looked for.
    """
    syllables = [_IN_UNITS.get(sign) or _all_readings(sign)[0] for sign in person_key(name)]
    keys = set()
    for start in range(len(syllables)):
        rest = syllables[start:]
        keys |= {"".join(rest), "".join(syllable[0] for syllable in rest)}
    return frozenset(key[:MAX_KEY] for key in keys)


def full_readings(name: str) -> frozenset[str]:
    """Return the readings of the whole name in one word each: those of the same sound share one."""
    return frozenset("".join(syllables) for syllables in _readings(person_key(name)))


def sounds_alike(one: str, other: str) -> bool:
    """Return whether two names share a reading: 张伟 and 章维."""
    return not full_readings(one).isdisjoint(full_readings(other))


def _readings(plain: str) -> Iterator[tuple[str, ...]]:
    """Iterate over the readings of a plain name, as syllables; foreign letters stay letters."""
    choices = [
        _all_readings(sign) if place < _MANY_READINGS else _all_readings(sign)[:1]
        for place, sign in enumerate(plain[:_MAX_CHARACTERS])
    ]
    spelt = [
        tuple(dict.fromkeys(way for reading in each for way in _spellings(reading)))
        for each in choices
    ]
    return islice(product(*spelt), _MAX_READINGS) if spelt else iter(())


@lru_cache(maxsize=4096)
def _all_readings(sign: str) -> tuple[str, ...]:
    """Return the readings of one character, the usual one first."""
    found = pinyin(sign, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys((*found, *_EXTRA.get(sign, ()))))


def _spellings(syllable: str) -> tuple[str, ...]:
    if "v" not in syllable or not syllable.isascii() or len(syllable) == 1:
        return (syllable,)
    return tuple(syllable.replace("v", way) for way in _SPELLINGS_OF_V)
