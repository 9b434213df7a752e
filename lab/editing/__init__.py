"""Saving while somebody types: late saves are refused, typed text is kept, others are seen.

A feature that saves a long form while it is typed calls `tabs.reject_late_save` under the row's
lock,
`tabs.record_save` once the row is written, and answers by `answers`. Every other form with text is
kept as the writer's own draft (`drafts`) without a line of the feature.
"""
