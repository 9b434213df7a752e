"""What a name is found by: characters, pinyin, initials, surnames with a reading of their own."""

from __future__ import annotations

import pytest

from lab.identity.rules.name_keys import MAX_KEY, full_readings, search_keys, unit_keys


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张伟", "张伟 伟 zhangwei zw wei"),
        ("章维", "zw zhangwei"),
        ("单雄", "shanxiong sx"),
        ("曾明", "zengming zm"),
        ("仇英", "qiuying qy"),
        ("解放", "xiefang xf"),
        ("查明", "zhaming zm"),
        ("翟明", "zhaiming"),
        ("区明", "ouming om"),
        ("朴明", "piaoming"),
        ("盖明", "geming"),
        ("覃明", "qinming tanming"),
        ("黑明", "heming"),
        ("欧阳明", "ouyangming oym 阳明 yangming"),
        ("尉迟恭", "yuchigong ycg"),
        ("长孙无忌", "zhangsunwuji zswj"),
        ("万俟卨", "moqixie mqx"),
        ("吕布", "lvbu lubu lyubu lb"),
        ("买买提·艾力", "maimaitiaili 买买提艾力 艾力"),
        ("Anna Lee", "annalee lee"),
        ("Ａｎｎａ", "anna"),
    ],
)
def test_a_person_is_found_by_each_of_these(name: str, typed: str) -> None:
    assert set(typed.split()) <= search_keys(name)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("【演示】邮政一区分公司", "yzyqfgs yqfgs youzhengyiqufengongsi fengongsi"),
        ("邮储朝阳支行", "yccyzh cyzh chaoyangzhihang zhihang"),
        ("重庆分行长安街支行", "chongqingfenhangchanganjiezhihang cajzh"),
        ("厦门市分行【演示】", "xiamenshifenhang xmsfh fh"),
    ],
)
def test_a_unit_is_found_by_its_own_readings(name: str, typed: str) -> None:
    assert set(typed.split()) <= unit_keys(name)
    assert max(map(len, unit_keys(name * 8))) <= MAX_KEY


@pytest.mark.parametrize(("name", "typed"), [("张伟", "张 zhang z a hangwei"), ("李强", "lw")])
def test_keys_begin_with_a_whole_character(name: str, typed: str) -> None:
    assert search_keys(name).isdisjoint(typed.split())


def test_a_long_name_of_many_readings_stays_small() -> None:
    keys = search_keys("单曾" * 20)
    assert len(keys) < 500 and max(map(len, keys)) <= MAX_KEY


def test_a_name_without_letters_is_found_by_nothing() -> None:
    assert search_keys("【】") == full_readings("") == frozenset()


def test_names_of_one_sound_share_a_reading() -> None:
    assert full_readings("张伟") & full_readings("章维") == {"zhangwei"}
    assert "张伟a" in search_keys(" 张 伟·Ａ ")
