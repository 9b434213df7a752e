"""Rules of bulk enrolment. Pure."""
