"""Reads the sidecar of a file: what a person wrote beside it about the article.

A sidecar has the full name of its file plus `.yaml` (`a.txt.yaml` for `a.txt`, `a.txt.gz.yaml` for `a.txt.gz`). It is
a YAML mapping with any of these keys; what it says wins over what the file itself says:

| key       | value                                                                                      |
| --------- | ------------------------------------------------------------------------------------------ |
| title     | the headline                                                                               |
| url       | the http(s) address of the article                                                         |
| source    | who published it ("Example News")                                                          |
| published | when: 2018-09-17, 2018-09-17T18:05:00+03:00, Mon, 17 Sep 2018 18:05:00 +0300, 17 September 2018 |
| language  | its language: en, en-GB, English                                                           |

An article whose sidecar has another key, a wrong value or bad YAML is not taken in but becomes a Failure. A file of
several records (.jsonl, an array in .json) may have one with source, published and language, which hold for all.
"""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError

from transforms.ingest.endings import SIDECAR_ENDINGS
from transforms.ingest.metadata import FIELDS, QUOTED_CHARACTERS, Metadata, check_metadata, describe
from transforms.ingest.unreadable import UnreadableInput

MAX_SIDECAR_BYTES = 65_536  # five short values need under 1,000; more is not a sidecar


class _AsWritten(SafeConstructor):
    """Leaves dates as text: as date objects they lose the offset that was written."""


_AsWritten.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


def load_mapping(text: str) -> Mapping[str, object]:
    """Returns the mapping that a YAML text holds (empty for an empty text); dates stay text.

    Raises:
        UnreadableInput: It is not YAML, or not a mapping.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _AsWritten
    try:
        values: Any = yaml.load(text)
    except YAMLError as error:
        raise UnreadableInput(f"bad YAML: {error}") from error
    # What ruamel.yaml lets through for tags that do not fit their value (`!!int x`) and for endless nesting.
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise UnreadableInput(f"bad YAML: {error or type(error).__name__}") from error
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise UnreadableInput(f"expected a mapping such as `title: A headline`, got {describe(values)}")
    return values


def sidecar_of(path: Path) -> Path | None:
    """Returns the sidecar of a file if there is one."""
    candidates = (path.with_name(path.name + ending) for ending in SIDECAR_ENDINGS)
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def read_sidecar(path: Path, *, now: datetime.datetime, shared: bool = False) -> Metadata | None:
    """Returns what the sidecar of a file says, or None if the file has none.

    Args:
        path: The file, not the sidecar.
        now: A later publication date (by more than two days) is refused.
        shared: Whether it is to hold for several records, which have their own title and url.

    Raises:
        UnreadableInput: It cannot be used; the message names file, key and what was expected.
    """
    sidecar = sidecar_of(path)
    if sidecar is None:
        return None
    try:
        return _checked(load_mapping(_text_of(sidecar)), now, shared)
    except UnreadableInput as error:
        raise UnreadableInput(f"{sidecar}: {error}") from error


def _text_of(sidecar: Path) -> str:
    try:
        with sidecar.open("rb") as stream:
            data = stream.read(MAX_SIDECAR_BYTES + 1)
        if len(data) > MAX_SIDECAR_BYTES:
            raise UnreadableInput(f"larger than {MAX_SIDECAR_BYTES:,} bytes, expected a few lines of YAML")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UnreadableInput(f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UnreadableInput("is not UTF-8; save it as UTF-8") from error


def _checked(values: Mapping[str, object], now: datetime.datetime, shared: bool) -> Metadata:
    allowed = FIELDS[2:] if shared else FIELDS
    for key in values:
        if key not in allowed:
            name = repr(key[:QUOTED_CHARACTERS]) if isinstance(key, str) else describe(key)
            why = " for a file of several records" if shared and key in FIELDS else ""
            raise UnreadableInput(f"unknown key {name}{why}; expected {', '.join(allowed)}")
    return check_metadata(values, now=now)
