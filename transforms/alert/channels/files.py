"""Replaces a file whole, so that who reads it meets the old one or the new one and nothing between."""

import os
import tempfile
from pathlib import Path

from transforms.alert.channels.channel import SendError


def replace_file(path: Path, content: bytes) -> None:
    """Writes a file under another name beside its own, then gives it its own.

    Raises:
        SendError: It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SendError(f"{path} cannot be written: {error.strerror}") from error
