"""How a call fills: counts, lists, reminders."""
