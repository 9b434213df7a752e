"""What the answers to posts bring: what is kept of them is purged by the clock."""

from lab.feature import Feature, MinuteTask
from lab.posts import kept_pages

FEATURE = Feature("posts", every_minute=(MinuteTask(kept_pages.purge_expired),))
