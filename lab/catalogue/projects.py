"""Kinds of projects and of merchant scenarios, by their stored codes."""

from __future__ import annotations

PROJECT_TYPES = {
    "scene": "场景建设",
    "hard_wallet": "硬钱包",
    "publicity": "宣传站点",
    "payment": "支付接入",
    "street": "示范街区",
    "other": "其他",
}
SCENARIO_TYPES = {
    "retail": "商业零售",
    "catering": "餐饮",
    "utilities": "公共缴费",
    "transport": "交通出行",
    "government": "政务服务",
    "park": "园区/商圈",
    "campus": "校园",
    "health": "医疗健康",
    "culture": "文旅酒店",
    "street": "示范街区",
    "payroll": "代发工资",
    "publicity": "宣传体验站点",
    "hard_wallet": "硬钱包",
    "other": "其他",
}
