"""Reads and changes config/feeds.yaml, the list of feeds: what a person wrote beside the entries stays."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from transforms.errors import UsageError
from transforms.ingest.feeds import records
from transforms.ingest.language import language_code
from transforms.ingest.urls import canonical_url

_KEY = "feeds"
_HEAD = "# The feeds that `pactwatch run` polls. `pactwatch feeds --help` has the commands that change this file.\n"


class FeedsFileError(UsageError):
    """The list of feeds cannot be used: the message names file, line and key."""


class _ListedFeed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    name: str | None = None
    interval_seconds: int | None = Field(default=None, ge=1)
    language: str | None = None
    full_text: bool = True
    headers: dict[str, str] = {}

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if canonical_url(url) is None:
            raise ValueError("an http or https address")
        return url.strip()

    @field_validator("language")
    @classmethod
    def _is_language(cls, language: str | None) -> str | None:
        try:
            return language_code(language) if language else None
        except LookupError as error:
            raise ValueError("a language code such as en") from error

    def feed(self) -> records.Feed:
        values = self.model_dump(exclude={"headers"})
        return records.Feed(**values, headers=tuple(self.headers.items()))


def _yaml() -> YAML:
    yaml = YAML()  # the round-trip loader keeps comments, order and quotes
    yaml.preserve_quotes = True
    yaml.width = 4_096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


class FeedsFile:
    """The list of feeds in a file, which need not exist yet.

    Args:
        path: The file.

    Raises:
        FeedsFileError: It cannot be read, or something in it is wrong.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._content = _load(path)
        listed = self._content.get(_KEY)
        if listed is not None and not isinstance(listed, list):
            raise FeedsFileError(f"{path}: {_KEY}: expected a list of feeds, each with its url")
        self._listed: Any = listed or []
        self.feeds: tuple[records.Feed, ...] = tuple(self._feed(number) for number in range(len(self._listed)))

    def _feed(self, number: int) -> records.Feed:
        entry = self._listed[number]
        place = f"{self._path}, line {self._listed.lc.item(number)[0] + 1}"
        if not isinstance(entry, dict):
            raise FeedsFileError(f"{place}: expected a feed such as `url: https://news.example/feed.xml`")
        try:
            return _ListedFeed(**entry).feed()
        except ValidationError as error:
            raise FeedsFileError(f"{place}: {_explained(error)}") from error
        except TypeError as error:  # a key that is no text
            raise FeedsFileError(f"{place}: expected keys such as url and name") from error

    def add(self, feeds: Sequence[records.Feed]) -> list[records.Feed]:
        """Adds the feeds that are not listed yet, and writes the file; returns those added."""
        known = {canonical_url(feed.url) for feed in self.feeds}
        added = []
        for feed in feeds:
            if canonical_url(feed.url) not in known:
                known.add(canonical_url(feed.url))
                added.append(feed)
        if added:
            if not self._listed:
                self._content[_KEY] = self._listed = CommentedSeq()
            self._listed.extend(_entry(feed) for feed in added)
            self._write()
        return added

    def remove(self, name: str) -> list[records.Feed]:
        """Removes the feeds with this address or name, and writes the file; returns those removed."""
        removed = [feed for feed in self.feeds if name in (feed.url, feed.name) or _same(name, feed.url)]
        for number in reversed(range(len(self.feeds))):
            if self.feeds[number] in removed:
                del self._listed[number]
        if removed:
            self._write()
        return removed

    def _write(self) -> None:
        """Writes beside the file and renames: a file that is cut short would be feeds lost."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=self._path.parent, prefix=".feeds-", suffix=".yaml", delete=False, encoding="utf-8"
        ) as file:
            if not self._path.exists():
                file.write(_HEAD)
            _yaml().dump(self._content, file)
        Path(file.name).chmod(self._path.stat().st_mode & 0o777 if self._path.exists() else 0o644)
        os.replace(file.name, self._path)  # noqa: PTH105 the same, in one call
        self.feeds = FeedsFile(self._path).feeds


def _same(one: str, other: str) -> bool:
    canonical = canonical_url(one)
    return canonical is not None and canonical == canonical_url(other)


def _load(path: Path) -> Any:
    if not path.exists():
        return CommentedMap()
    try:
        content = _yaml().load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise FeedsFileError(f"{path}: cannot be read ({error})") from error
    except YAMLError as error:
        raise FeedsFileError(f"{path}: is not valid YAML: {' '.join(str(error).split())}") from error
    if content is None:
        return CommentedMap()
    if not isinstance(content, dict) or set(content) - {_KEY}:
        raise FeedsFileError(f"{path}: expected `{_KEY}:` and under it a list of feeds, each with its url")
    return content


def _explained(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{key}: unknown key; expected {', '.join(_ListedFeed.model_fields)}"
    if first["type"] == "missing":
        return f"{key} is missing"
    expected = first["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return f"{key}: expected {expected}, found {first['input']!r}"


def _entry(feed: records.Feed) -> CommentedMap:
    """Returns a feed as it is written: only what differs from the defaults."""
    entry = CommentedMap(url=feed.url)
    for key in ("name", "interval_seconds", "language"):
        if getattr(feed, key) is not None:
            entry[key] = getattr(feed, key)
    if not feed.full_text:
        entry["full_text"] = False
    if feed.headers:
        entry["headers"] = CommentedMap(feed.headers)
    return entry
