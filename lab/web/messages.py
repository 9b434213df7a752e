"""The Chinese messages of the form library."""

from __future__ import annotations

_MESSAGES = {
    "This field is required.": "此项必填。",
    "Not a valid choice.": "所选项不在列表中，请重新选择。",
    "Not a valid integer value.": "请填写整数，如：12。",
    "Not a valid decimal value.": "请填写数字，如：12.5。",
    "Not a valid float value.": "请填写数字，如：12.5。",
    "Not a valid date value.": "请按“2022年7月1日”的样子填写日期。",
    "Not a valid datetime value.": "请填写日期和时间，如：2022-07-01 09:05。",
    "Invalid email address.": "邮箱写法有误，请检查。",
    "Invalid input.": "填写有误，请检查。",
}


class ChineseMessages:
    """Translations for the form library: known messages by table, all others by one sentence."""

    fallback = "填写有误，请检查。"

    def gettext(self, message: str) -> str:
        """Return the Chinese sentence for an English message."""
        return _MESSAGES.get(message, self.fallback)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the Chinese sentence for an English message with a count."""
        return _MESSAGES.get(singular, self.fallback)
