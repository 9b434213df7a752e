"""What the answers to posts bring: what is kept of them is purged by the clock."""

from lab.feature import Feature, MinuteTask
from lab.posts import finished, kept_pages
from lab.web.request.guards import BEFORE_COMMIT

FEATURE = Feature(
    "posts",
    every_minute=(MinuteTask(kept_pages.purge_expired), MinuteTask(finished.purge_expired)),
    error_handlers={finished.AlreadyFinished: finished.answer_already_finished},
    extensions=(BEFORE_COMMIT.extended_by(finished.note_finished),),
)
