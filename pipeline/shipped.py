"""Finds what ships with Pactwatch: `config/` and `seeds/`, in a checkout or inside the installed wheel."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def shipped(folder: str) -> Path:
    """Returns the shipped folder `config` or `seeds`.

    Raises:
        FileNotFoundError: This installation lacks it.
    """
    for place in (_HERE / "shipped" / folder, _HERE.parent / folder):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"{folder}/ is missing from this installation of pactwatch; install it again")
