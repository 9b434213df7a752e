"""A person as typed in a form: 张伟, or 张伟（朝阳支行） where several have the name. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lab.web.typed.text import TextError, normalise

_WORDS = re.compile(r"[\s（）()，,、]+")
_DOTS = re.compile("[·•‧∙⋅・･.．]")
DEMO_MARK = "【演示】"
_MARK = re.compile(r"[【［\[]\s*演示\s*[】］\]]")
_HALF_WIDTH = str.maketrans("（）", "()")
_NAMED_IN_MESSAGE = 4  # of several people of one name


@dataclass(frozen=True)
class KnownPerson:
    """Somebody with an account; `apart` tells people of one name in one unit apart, else ""."""

    id: int
    name: str
    unit: str
    apart: str = ""

    @property
    def label(self) -> str:
        """The person as written where the name alone may be ambiguous."""
        about = "，".join(filter(None, (self.unit, self.apart)))
        return f"{self.name}（{about}）" if about else self.name


def words_of(text: str) -> list[str]:
    """Return the words of what was typed; brackets part words as well."""
    return [word for word in _WORDS.split(text) if word]


def split_person(text: str) -> tuple[str, str]:
    """Return name and unit of a typed 姓名（单位）; the unit is "" where only a name was typed.

    The unit is what the last brackets hold, in 李娜（北京分行（营业部））as in 李明（大）（支行）.
    """
    plain = normalise(text).strip().replace("(", "（").replace(")", "）")
    start = _last_bracket(plain)
    return (plain[:start].strip(), plain[start + 1 : -1].strip()) if start > 0 else (plain, "")


def person_readings(text: str) -> tuple[tuple[str, str], ...]:
    """Return what a typed text may mean as (name, unit), the one to be tried first in front.

    The brackets of 李明（大） may be part of the name, or say the unit.
    """
    name, unit = split_person(text)
    if not unit:
        return ((name, ""),)
    return (f"{name}（{unit}）", ""), (name, unit)


def without_brackets(name: str) -> str:
    """Return a name without the brackets at its end, which tell people of one name apart."""
    return split_person(name)[0]


def _last_bracket(text: str) -> int:
    """Return where the brackets begin that end the text; -1 for none, and where one is missing."""
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += {"）": 1, "（": -1}.get(text[place], 0)
        if depth == 0:
            return place if text[place] == "（" else -1
    return -1


def person_key(text: str) -> str:
    """Return a name or unit as it is compared: one width, no blanks or signs, small letters.

    The mark of invented data is no part of a name.
    """
    folded = unicodedata.normalize("NFKC", without_mark(text)).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def without_mark(text: str) -> str:
    """Return a name without `DEMO_MARK`, wherever in it the mark stands."""
    return _MARK.sub("", text).strip()


def spellings(name: str) -> frozenset[str]:
    """Return the ways in which a typed name may be stored.

    Tables spread 张　伟 over the width of a cell, keyboards have several dots for 古丽·买买提 and
    brackets for 李明（大）, and nobody types `DEMO_MARK`, at whichever end it is stored.
    """
    close = "".join(name.split())
    plain = without_mark(close)
    ways = (name, close, plain, _DOTS.sub("·", plain), without_mark(name))
    marked = (text for way in ways[2:] for text in (f"{DEMO_MARK}{way}", f"{way}{DEMO_MARK}"))
    full_width = (*ways, *marked)
    return frozenset((*full_width, *(text.translate(_HALF_WIDTH) for text in full_width)))


def matching_people(people: Iterable[KnownPerson], name: str, unit: str = "") -> list[KnownPerson]:
    """Return those whom a typed name and unit mean: several where it does not tell them apart.

    A unit that is not given in full, as 朝阳 for 朝阳支行, counts where nobody's is given in full.
    Who has the mark of invented data exactly as typed, or none where none is typed, comes before
    others.
    """
    alike = [person for person in people if person_key(person.name) == person_key(name)]
    exact = [person for person in alike if _is_marked(person.name) == _is_marked(name)]
    return _of_unit(exact, unit) or _of_unit(alike, unit)


def _is_marked(name: str) -> bool:
    return _MARK.search(name) is not None


def _of_unit(called: list[KnownPerson], unit: str) -> list[KnownPerson]:
    sought = person_key(unit)
    if not sought:
        return called
    for is_meant in (_is_said_whole, _is_said_exactly, _is_said_in_part):
        if meant := [person for person in called if is_meant(person, sought)]:
            return meant
    return []


def _is_said_whole(person: KnownPerson, sought: str) -> bool:
    return bool(person.apart) and person_key(f"{person.unit}，{person.apart}") == sought


def _is_said_exactly(person: KnownPerson, sought: str) -> bool:
    return person_key(person.unit) == sought


def _is_said_in_part(person: KnownPerson, sought: str) -> bool:
    own = person_key(person.unit)
    return sought in own or own in sought


def several_message(people: Sequence[KnownPerson]) -> str:
    """Return what to do about a name that several people have."""
    labels = "、".join(person.label for person in people[:_NAMED_IN_MESSAGE])
    more = "等" if len(people) > _NAMED_IN_MESSAGE else ""
    said = f"共有{len(people)}位“{people[0].name}”：{labels}{more}。"
    return f"{said}请从列表中选择，或按括号内的写法填写。"


def the_one(people: Sequence[KnownPerson], name: str, unit: str = "") -> KnownPerson | None:
    """Return whom a typed name and unit mean, None for nobody. Raises TextError for several."""
    meant = matching_people(people, name, unit)
    if len(meant) > 1:
        raise TextError(several_message(meant))
    return meant[0] if meant else None
