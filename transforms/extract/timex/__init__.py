"""Reads the times of an article: every date, length and clock time as an interval with a precision."""
