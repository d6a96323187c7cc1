"""Copies the shipped settings and seeds into a folder, for someone who installed the wheel."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.shipped import shipped


def copy_shipped(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Copies config/ and seeds/ into a folder; what is there already is kept.

    Yields:
        (file, whether it was written).

    Raises:
        OSError: The folder cannot be written.
    """
    for name in ("config", "seeds"):
        source = shipped(name)
        for file in sorted(path for path in source.rglob("*") if path.is_file()):
            target = folder / name / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            written = not target.exists()
            if written:
                target.write_bytes(file.read_bytes())
            yield target, written
