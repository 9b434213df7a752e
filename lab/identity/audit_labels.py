"""What the audit log's page calls the codes of people, units and sign-in."""

from lab.feature.contributions import AuditLabels
from lab.policy import ROLE_LABELS

AUDIT_LABELS = AuditLabels(
    actions={
        "identity.activate": "凭启用单启用账号",
        "identity.confirm": "再次输入密码",
        "identity.confirm_address": "确认本人邮箱",
        "identity.confirmation": "申请确认邮箱",
        "identity.forgotten": "申请找回密码",
        "identity.link": "发送账号链接",
        "identity.mail": "修改本人邮箱",
        "identity.new_password": "用邮件链接设置密码",
        "identity.password": "修改本人密码",
        "identity.sign_in": "登录",
        "identity.sign_out": "退出登录",
        "people.create": "新建账号",
        "people.disable": "停用账号",
        "people.edit": "修改人员信息",
        "people.enable": "启用账号",
        "people.grant": "调整角色",
        "people.list": "查看人员列表",
        "people.name_keys": "整理人员检索词",
        "people.reset_password": "重置密码",
        "people.issue_slip": "发放启用单",
        "people.search": "查找人员",
        "people.slip": "查看初始密码",
        "people.unit": "变更评委单位",
        "people.view": "查看人员",
        "units.create": "新建单位",
        "units.edit": "修改单位",
        "units.name_keys": "整理单位检索词",
        "units.list": "查看单位",
    },
    objects={
        "Person": "人员",
        "Unit": "单位",
    },
    facts={
        "purpose": "用途",
        "roles": "角色",
        "sound": "完好",
    },
    values=ROLE_LABELS,
    values_of={("purpose", "password"): "设置密码", ("purpose", "address"): "确认邮箱"},
)
