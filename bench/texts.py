"""Invented names and texts of proposals, the same for the same seed; all marked 【演示】."""

from __future__ import annotations

import random

PLACES = [
    "社区",
    "园区",
    "校园",
    "医院",
    "菜店",
    "食堂",
    "商圈",
    "街区",
    "车站",
    "景区",
    "酒店",
    "场馆",
    "书店",
    "公园",
    "网点",
    "市集",
]
ACTS = [
    "缴费",
    "支付",
    "开户",
    "宣传",
    "对接",
    "配送",
    "受理",
    "体验",
    "结算",
    "代发",
    "购票",
    "点餐",
    "停车",
    "挂号",
    "领奖",
    "换卡",
]
WHO = [
    "居民",
    "学生",
    "商户",
    "员工",
    "老人",
    "游客",
    "患者",
    "司机",
    "店主",
    "家长",
    "骑手",
    "会员",
]
PARTS = (
    "邮政网点负责走访和推荐，银行支行负责签约和进件，{who}在{place}完成{act}。",
    "{place}的{act}笔数多、金额小，{who}仍以现金为主，受理点少。",
    "先在{place}试行{act}，再向同类{place2}推广，按月统计数字人民币钱包和交易。",
    "与{place2}管理方签订协议，培训{who}使用硬钱包{act}，设专人受理投诉。",
    "对{who}开展反洗钱和个人信息保护说明，{act}资金由银行账户体系管理。",
    "带动对公账户、代发工资和便民寄递，{place}每周报送一次{act}情况。",
)
RARE_WORD = "琉璃厂"  # stands in one proposal of a thousand
COMMON_WORD = "数字人民币"  # stands in every one
TWO_CHARACTERS = "停车"


def title(rng: random.Random, number: int) -> str:
    """A name of at most 50 characters."""
    words = rng.choice(PLACES), rng.choice(WHO), rng.choice(ACTS)
    return f"【演示】{''.join(words)}数字人民币项目{number}"


def text(rng: random.Random, sentences: int) -> str:
    """So many sentences, about 30 characters each."""
    return "".join(_sentence(rng) for _ in range(sentences))


def _sentence(rng: random.Random) -> str:
    return rng.choice(PARTS).format(
        who=rng.choice(WHO),
        place=rng.choice(PLACES),
        place2=rng.choice(PLACES),
        act=rng.choice(ACTS),
    )
