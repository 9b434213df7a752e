"""The forms in which a proposal is written: of fields, of rows, of a step."""
