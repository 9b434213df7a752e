"""Measures the processor time of the portal's pages with many proposals, beside a floor.

`bin/bench` runs it; not part of the tests. See docs/bench.md.
"""
