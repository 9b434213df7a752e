"""The office's own table of holidays and make-up working days, on top of the published calendar."""
