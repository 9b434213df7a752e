"""The office's own calendar of holidays and make-up working days, on top of the published one."""
