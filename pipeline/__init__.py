"""What a person starts: the command line, the settings, the graph on one page, the run modes and their reports."""

from importlib.metadata import version

__version__ = version("pactwatch")
