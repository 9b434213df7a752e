"""Save while people type: reject late saves, keep the text, show other editors.

A feature that saves a long form while it is typed calls `tabs.reject_late_save` under the row's
lock, `tabs.record_save` once the row is written, and answers by `responses`. Every other form with
text is saved as the writer's own draft (`drafts`) without any code in the feature.
"""
