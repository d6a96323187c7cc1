"""The small tree of errors whose messages are made for a person: one line, the value, what was expected, what to do."""


class PactwatchError(Exception):
    """Something outside the program is not as it must be: a store, a model, a whole pipeline."""


class UsageError(PactwatchError):
    """What a person gave cannot be used: a setting, an option, a query, a file of their own."""
