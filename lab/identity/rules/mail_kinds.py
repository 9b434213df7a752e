"""Kinds of mails about an account. Pure."""

FORGOTTEN, PASSWORD_LINK, ADDRESS_LINK = "forgotten", "password_link", "address_link"
ADDRESS_CHANGED, PASSWORD_CHANGED = "address_changed", "password_changed"
PASSWORD_RESET = "password_reset"
