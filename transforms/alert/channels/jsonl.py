"""Writes alerts to a file, one JSON object a line."""

import json
import os
from collections.abc import Sequence

from transforms.alert.channels.channel import JsonlSettings, SendError
from transforms.alert.message import Message, values


class JsonlFile:
    """A file that only grows; a line that a crash cut short stays alone on its line."""

    def __init__(self, settings: JsonlSettings) -> None:
        self._path = settings.path

    def send(self, messages: Sequence[Message]) -> None:
        """Appends a line for each message, all in one write."""
        lines = "".join(json.dumps(values(message), ensure_ascii=False) + "\n" for message in messages)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab+") as file:
                file.write((self._mend(file.fileno()) + lines).encode("utf-8", "replace"))
        except OSError as error:
            raise SendError(f"{self._path} cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Nothing is held open."""

    @staticmethod
    def _mend(file: int) -> str:
        """Returns the line end that a crash may have left out."""
        size = os.fstat(file).st_size
        return "\n" if size and os.pread(file, 1, size - 1) != b"\n" else ""
