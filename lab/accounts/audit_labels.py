"""What the audit log's page calls the codes of accounts."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "people.ask_enable": "申请启用账号",
        "people.ask_reset": "申请重置密码",
        "people.ask_unit": "申请变更评委单位",
        "people.create_admin": "新建管理员账号",
        "release.change_unit": "复核变更评委单位",
        "release.create_admin": "复核新建管理员账号",
        "release.enable": "复核启用账号",
        "release.grant_roles": "复核增加角色",
        "release.reset_password": "复核重置密码",
        "release.slip": "查看初始密码",
    },
    objects={
        "Account": "账号",
    },
)
