"""Saving while somebody types: late saves are refused, typed text is kept, others are seen.

A feature that saves a long form while it is typed calls `tabs.admit` under the row's lock,
`tabs.note_save` once the row is written, and answers by `answers`. Every other form with text is
kept as the writer's own draft (`drafts`) without a line of the feature.
"""
