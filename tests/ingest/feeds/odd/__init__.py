"""Feeds as they are met in the wild and in the test suites of feed readers."""
