"""How much alike names and texts of proposals are."""

from __future__ import annotations

import pytest

from lab.proposals.rules import similarity
from lab.proposals.rules.similarity import Similarity, samples, shared_stretch, shingles, title_core

CANTEEN = (
    "社区食堂老年人多，习惯使用现金，找零慢，排队长。拟由邮政网点负责走访和培训，"
    "银行支行负责开立钱包和布放机具，老年人刷硬钱包用餐。"
)


@pytest.mark.parametrize(
    ("mine", "other", "same"),
    [
        ("园区食堂A区", "园区食堂Ａ区", True),
        ("园区食堂a区", "园区食堂Ａ 区", True),
        ("园区　食堂，A区", "园区食堂A区。", True),
        ("园区食堂（A区）", "园区食堂(A区)", True),
        ("园区食堂１", "园区食堂①", True),
        ("园区食堂1", "园区食堂2", False),
        ("园区食堂", "园区食堂试点", False),
        ("——", "。。", False),
        ("长" * 120, "长" * 110, True),
    ],
)
def test_a_name_is_the_same_however_it_is_spelt(mine: str, other: str, *, same: bool) -> None:
    assert (similarity.title_key(mine) == similarity.title_key(other)) is same


@pytest.mark.parametrize(
    ("mine", "other", "least", "most"),
    [
        # the same, however it is written
        ("【演示】社区食堂数字人民币支付项目", "【演示】社区食堂数字人民币支付", 100, 100),
        ("【演示】社区食堂e-CNY支付", "【演示】社区食堂ｅ－ＣＮＹ支付", 100, 100),
        # alike
        ("【演示】社区食堂数币支付", "【演示】社区食堂数币缴费", similarity.TITLE_PERCENT - 5, 99),
        ("【演示】老年食堂硬钱包用餐", "【演示】社区老年食堂硬钱包用餐试点", 85, 99),
        ("【演示】园区通勤班车扫码", "【演示】工业园区通勤班车扫码乘车", 75, 99),
        ("【演示】校园一卡通硬钱包", "【演示】一卡通硬钱包校园", 60, 95),
        # only the words that every name has
        ("【演示】胡同小店数字人民币应用项目", "【演示】冰雪场馆数字人民币应用项目", 0, 20),
        ("【演示】医院挂号数字人民币试点", "【演示】景区门票数字人民币试点", 0, 20),
        ("【演示】社区菜店支付", "【演示】社区医院缴费", 0, 60),
        ("", "【演示】社区食堂", 0, 0),
        # nothing but such words: compared as they are
        ("【演示】数字人民币项目", "【演示】数字人民币项目", 100, 100),
    ],
)
def test_similarity_of_names(mine: str, other: str, least: int, most: int) -> None:
    found = similarity.title_percent(title_core(mine), title_core(other))
    assert least <= found <= most
    assert found == similarity.title_percent(title_core(other), title_core(mine))


@pytest.mark.parametrize(
    ("mine", "other", "least", "most"),
    [
        (CANTEEN, CANTEEN, 100, 100),
        (CANTEEN, "本项目另有安排。" + CANTEEN + "并按月统计。", 100, 100),
        (CANTEEN, CANTEEN.replace("，", "、").replace("。", "\n"), 100, 100),
        (CANTEEN, CANTEEN.replace("老年人", "学生"), similarity.TEXT_PERCENT, 80),
        (CANTEEN, "景区门票以扫码为主，游客排队时间长，拟在闸机上增加硬钱包受理。" * 3, 0, 5),
        (CANTEEN, "", 0, 0),
        ("太短的文字说明不了什么", "太短的文字说明不了什么", 0, 0),
    ],
)
def test_similarity_of_texts(mine: str, other: str, least: int, most: int) -> None:
    assert least <= similarity.text_percent(shingles(mine), shingles(other)) <= most


@pytest.mark.parametrize(
    ("title", "text", "much"),
    [(0, 0, False), (69, 29, False), (70, 0, True), (0, 30, True), (100, 100, True)],
)
def test_a_pair_is_shown_from_the_thresholds_on(title: int, text: int, much: bool) -> None:
    assert Similarity(title, text).is_notable is much


def test_the_shared_stretch_is_the_longest_and_is_cut() -> None:
    assert shared_stretch("甲乙" + CANTEEN[:30], "丙丁" + CANTEEN[:30]) == CANTEEN[:30]
    assert shared_stretch("完全不同", "毫无关系") == ""
    long = "".join(chr(0x4E00 + i) for i in range(200))
    assert shared_stretch(long, long) == long[: similarity.MAX_STRETCH] + "…"


def test_samples_are_pieces_of_the_text_spread_over_it() -> None:
    found = samples(CANTEEN * 10, 6, 8)
    assert 0 < len(found) <= 6
    assert all(piece in CANTEEN and len(piece) == 8 for piece in found)
    assert samples("太短", 6, 8) == ()
