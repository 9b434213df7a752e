"""What the audit log's page calls the codes of bulk enrolment."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "people.import": "批量建立账号",
        "people.print_slips": "下载启用单",
        "people.slips": "查看待启用的账号",
        "people_import.abandon": "放弃批量建立账号",
        "people_import.check": "核对人员名单",
        "people_import.confirm": "确认批量建立账号",
        "people_import.create": "上传人员名单",
        "people_import.download": "下载人员名单",
        "people_import.fail": "批量建立账号未通过",
        "people_import.view": "查看人员名单",
        "role_request.decide": "办理角色申请",
        "role_request.decide_many": "办理角色申请",
        "role_request.grant": "授予申请的角色",
        "role_request.list": "查看角色申请",
        "role_request.refuse": "不同意角色申请",
    },
    objects={"PeopleImport": "人员名单", "RoleRequest": "角色申请"},
    facts={
        "import": "名单",
        "person_count": "账号数",
        "role_count": "角色数",
        "unit_count": "单位数",
    },
)
