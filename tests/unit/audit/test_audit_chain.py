"""The audit chain: whatever is done to the rows afterwards, the check finds it."""

from __future__ import annotations

import hmac
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from lab.audit.rules.chain import COVERED_COLUMNS, GENESIS, Mac, mac, verify

KEY = "chain-key-for-tests-0123456789abcdef"
Row = dict[str, Any]
ROWS = 40


def row(key: str, seq: int, prev: str, rng: random.Random) -> Row:
    fresh: Row = {
        "seq": seq,
        "at": f"2022-07-{1 + seq % 28:02d}T08:00:00.{rng.randrange(10**6):06d}+00:00",
        "actor_id": rng.randrange(1, 20),
        "actor_name": rng.choice(["经办甲", "领导乙", "系统"]),
        "address": f"10.0.0.{rng.randrange(1, 250)}",
        "action": rng.choice(["call.publish", "decision.approve", "access.denied"]),
        "object_type": "Call",
        "object_key": f"k{rng.randrange(10**9)}",
        "result": "ok",
        "detail": '{"面": 3}',
        "prev_mac": prev,
    }
    return {**fresh, "mac": mac(key, fresh)}


def chain(key: str = KEY, count: int = ROWS, seed: int = 1) -> list[Row]:
    rng, rows, prev = random.Random(seed), [], GENESIS
    for seq in range(1, count + 1):
        rows.append(row(key, seq, prev, rng))
        prev = rows[-1]["mac"]
    return rows


def rechain(key: str, rows: list[Row]) -> list[Row]:
    """Number and link rows anew, as somebody would who wants them to look untouched."""
    prev, fresh = GENESIS, []
    for seq, old in enumerate(rows, start=1):
        new = {**old, "seq": seq, "prev_mac": prev}
        new["mac"] = mac(key, new)
        fresh.append(new)
        prev = new["mac"]
    return fresh


def other(value: Any, rng: random.Random) -> Any:
    return value + 1 if isinstance(value, int) else value[:-1] + chr(97 + rng.randrange(26)) + "!"


def edit(rows: list[Row], rng: random.Random) -> list[Row]:
    at, name = rng.randrange(len(rows)), rng.choice([*COVERED_COLUMNS, "mac"])
    rows[at] = {**rows[at], name: other(rows[at][name], rng)}
    return rows


def delete(rows: list[Row], rng: random.Random) -> list[Row]:
    del rows[rng.randrange(len(rows))]
    return rows


def delete_and_renumber(rows: list[Row], rng: random.Random) -> list[Row]:
    del rows[rng.randrange(len(rows) - 1)]
    return [{**old, "seq": seq} for seq, old in enumerate(rows, start=1)]


def insert(rows: list[Row], rng: random.Random) -> list[Row]:
    at = rng.randrange(len(rows))
    rows.insert(at, row("not the key", at + 1, rows[at]["prev_mac"], rng))
    return rows


def swap(rows: list[Row], rng: random.Random) -> list[Row]:
    one, two = rng.sample(range(len(rows)), 2)
    rows[one], rows[two] = {**rows[two], "seq": one + 1}, {**rows[one], "seq": two + 1}
    return rows


def truncate(rows: list[Row], rng: random.Random) -> list[Row]:
    return rows[: rng.randrange(len(rows))]


def roll_back_and_go_on(rows: list[Row], rng: random.Random) -> list[Row]:
    kept = rows[: rng.randrange(1, len(rows))]
    while len(kept) < ROWS + 5:  # new acts, written by the portal itself with the right key
        kept.append(row(KEY, len(kept) + 1, kept[-1]["mac"], rng))
    return kept


def rewrite_with_another_key(rows: list[Row], rng: random.Random) -> list[Row]:
    return rechain(f"guessed-{rng.random()}", rows)


def rewrite_with_the_key(rows: list[Row], rng: random.Random) -> list[Row]:
    at = rng.randrange(len(rows))
    rows[at] = {**rows[at], "detail": other(rows[at]["detail"], rng)}
    return rechain(KEY, rows)


WAYS: tuple[Callable[[list[Row], random.Random], list[Row]], ...] = (
    edit,
    delete,
    delete_and_renumber,
    insert,
    swap,
    truncate,
    roll_back_and_go_on,
    rewrite_with_another_key,
    rewrite_with_the_key,
)


def test_a_chain_left_alone_is_sound() -> None:
    rows = chain()
    report = verify(KEY, rows, {seq: rows[seq - 1]["mac"] for seq in (1, 17, ROWS)})
    assert report.is_intact
    assert (report.rows, report.head) == (ROWS, rows[-1]["mac"])
    assert verify(KEY, []).is_intact


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_tampering_is_found(way: Callable[[list[Row], random.Random], list[Row]]) -> None:
    original = chain()
    heads = {seq: original[seq - 1]["mac"] for seq in range(1, ROWS + 1)}
    rng = random.Random(way.__name__)
    for _ in range(40):
        tampered = way([dict(r) for r in original], rng)
        assert tampered != original
        report = verify(KEY, tampered, heads)
        assert not report.is_intact
        assert report.finding is not None and "条" in report.finding.message


@pytest.mark.parametrize("name", [*COVERED_COLUMNS, "mac"])
def test_a_change_of_any_column_names_the_row_or_the_one_after(name: str) -> None:
    rows, rng = chain(), random.Random(name)
    rows[19] = {**rows[19], name: other(rows[19][name], rng)}
    finding = verify(KEY, rows).finding
    assert finding is not None
    assert finding.seq in (20, 21)


def test_truncation_is_found_only_with_external_heads() -> None:
    rows = chain()
    assert verify(KEY, rows[:30]).is_intact
    finding = verify(KEY, rows[:30], {ROWS: rows[-1]["mac"]}).finding
    assert finding is not None and finding.seq == 31


def test_values_may_not_slide_from_one_column_into_the_next() -> None:
    one = chain(count=1)[0]
    slid = {**one, "actor_name": one["actor_name"] + one["address"], "address": ""}
    assert mac(KEY, one) != mac(KEY, slid)


@pytest.mark.parametrize("length", [1, 41, 64, 65, 200])
def test_the_codes_are_those_of_the_standard(length: int) -> None:
    key, text = b"k" * length, "内容".encode() * length
    assert Mac(key)(text) == hmac.digest(key, text, "sha256").hex()


@pytest.mark.parametrize(
    "changed",
    [
        {"detail": '{"引": "\\"\\\\"}\x00\x1f\x7f\u2028\b\f\n\r\t/😀'},
        {"actor_name": "\ud800", "object_key": ""},
        {"actor_id": None},
        {"actor_id": True, "seq": 1.5},
        {"address": None, "detail": 7},
    ],
)
def test_a_code_covers_the_json_of_a_row_of_any_content(changed: Row) -> None:
    values = {**row(KEY, 1, GENESIS, random.Random(1)), **changed}
    text = json.dumps(
        [values[name] for name in COVERED_COLUMNS], ensure_ascii=False, separators=(",", ":")
    )
    wanted = hmac.new(KEY.encode(), text.encode("utf-8", "surrogatepass"), "sha256").hexdigest()
    assert mac(KEY, values) == wanted
