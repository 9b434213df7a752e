"""The leading group's report as it was until "leading-2": content, words, cells, chart.

Frozen: a stored snapshot prints for good what it printed on the day of its issue. New words
belong to `lab.reports.content.leading` and its neighbours, never here.
"""
