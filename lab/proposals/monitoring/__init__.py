"""Progress of a call: counts, lists, reminders."""
