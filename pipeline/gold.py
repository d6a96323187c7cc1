"""Reads a folder of gold articles: texts, and what a careful reader finds in each (format: ../shared/gold)."""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from transforms.errors import UsageError
from transforms.records import record


class GoldError(UsageError):
    """A gold folder cannot be read: its message is one clear line for a person."""


@record
class GoldAgreement:
    """An agreement that a text states; `status` is a group (pending, reached, extended, ended) or None."""

    kind: str
    parties: tuple[str, ...]
    status: str | None = None
    optional: bool = False


@record
class GoldDeadline:
    """A deadline that a text states; `date` is YYYY, YYYY-MM or YYYY-MM-DD."""

    date: str
    kind: str | None = None
    about: str = ""
    optional: bool = False


@record
class GoldText:
    """What a careful reader finds in one text."""

    text: str
    published: datetime.date | None
    actors: Mapping[str, str]
    same_actor: tuple[tuple[str, ...], ...] = ()
    different_actor: tuple[tuple[str, ...], ...] = ()
    agreements: tuple[GoldAgreement, ...] = ()
    deadlines: tuple[GoldDeadline, ...] = ()


def read_gold(folder: Path) -> dict[str, GoldText]:
    """Returns what gold.yaml says of each text of a folder, with the text, by name in the order of the file.

    Args:
        folder: Holds gold.yaml and for each of its entries NAME.txt (UTF-8).

    Raises:
        GoldError: A file is missing or does not have the form of ../shared/gold/README.md.
    """
    source = folder / "gold.yaml"
    try:
        entries = YAML(typ="safe").load(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise GoldError(f"{source}: {error.strerror}; expected a gold folder: gold.yaml and NAME.txt") from error
    except YAMLError as error:
        raise GoldError(f"{source}: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(entries, dict):
        raise GoldError(f"{source}: {type(entries).__name__}, expected one entry a text, by name")
    return {str(name): _gold_text(folder, str(name), entry) for name, entry in entries.items()}


def _gold_text(folder: Path, name: str, entry: Any) -> GoldText:
    try:
        text = (folder / f"{name}.txt").read_text(encoding="utf-8")
        published = entry.get("published")
        return GoldText(
            text=text,
            published=None if published is None else datetime.date.fromisoformat(str(published)[:10]),
            actors={str(actor): str(kind) for actor, kind in (entry.get("actors") or {}).items()},
            same_actor=_groups(entry.get("same_actor")),
            different_actor=_groups(entry.get("different_actor")),
            agreements=tuple(_gold_agreement(agreement) for agreement in entry.get("agreements") or ()),
            deadlines=tuple(_gold_deadline(deadline) for deadline in entry.get("deadlines") or ()),
        )
    except OSError as error:
        raise GoldError(f"{folder / name}.txt: {error.strerror}; gold.yaml has an entry for it") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise GoldError(f"{folder / 'gold.yaml'}: {name}: {error!r}; see ../shared/gold for the format") from error


def _gold_agreement(entry: Mapping[str, Any]) -> GoldAgreement:
    status = entry.get("status")
    return GoldAgreement(
        kind=str(entry["type"]),
        parties=tuple(str(party) for party in entry["parties"]),
        status=None if status is None else str(status),
        optional=bool(entry.get("optional")),
    )


def _gold_deadline(entry: Mapping[str, Any]) -> GoldDeadline:
    kind = entry.get("kind")
    return GoldDeadline(
        date=str(entry["date"]),
        kind=None if kind is None else str(kind),
        about=str(entry.get("about", "")),
        optional=bool(entry.get("optional")),
    )


def _groups(entries: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(name) for name in names) for names in entries or ())
