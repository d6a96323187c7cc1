"""Shows alerts on standard output, the first of a run in full and how many more there are."""

import sys
from collections.abc import Sequence

from transforms.alert.channels.channel import ConsoleSettings, SendError
from transforms.alert.channels.wording import wording_of
from transforms.alert.message import Message, put_into_words

_SHOWN = 30  # more than this is what `pactwatch alerts` is for


class Console:
    """Standard output; one write a message."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._wording = wording_of(settings)
        self._told = 0

    def send(self, messages: Sequence[Message]) -> None:
        """Writes the messages, an empty line before each."""
        self._told += len(messages)
        if self._told > max(_SHOWN, len(messages)):
            return
        _, text = put_into_words(messages, self._wording)
        self._write(f"\n{text}\n")

    def _write(self, text: str) -> None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except OSError as error:
            raise SendError(f"standard output is closed: {error}") from error

    def close(self) -> None:
        """Says how many were not shown; leaves standard output open: it is not ours."""
        if self._told > _SHOWN:
            self._write(f"\n... and {self._told - _SHOWN} more alerts: pactwatch alerts\n")
