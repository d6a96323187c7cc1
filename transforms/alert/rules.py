"""Reads config/alerts.yaml and checks it: what is wrong is told with file, line, and the nearest valid name."""

import dataclasses
import difflib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from transforms.alert.channels.channel import CHANNEL_ADAPTERS, CHANNEL_TYPES, ChannelSettings
from transforms.alert.condition import condition, parsed_query
from transforms.alert.rule import Rule
from transforms.errors import UsageError
from transforms.records import record
from transforms.store.analysis import split_words
from transforms.store.protocol import Collection
from transforms.store.query import QueryError

_RULE = TypeAdapter(Rule)
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_CHANNEL_NAME = re.compile(r"[A-Za-z0-9_-]+")
_SECTIONS = ("channels", "rules")
_PARTS = ("keywords", "query", "actors", "agreements", "deadlines")

type Place = tuple[int | str, ...]


class RulesError(UsageError):
    """The rules cannot be used: the message names the file, the line, and what was expected."""


@record
class AlertsFile:
    """What config/alerts.yaml holds, checked."""

    rules: tuple[Rule, ...] = ()
    channels: tuple[ChannelSettings, ...] = ()

    @property
    def enabled(self) -> tuple[Rule, ...]:
        """The rules that are not switched off."""
        return tuple(rule for rule in self.rules if rule.enabled)


def load_alerts(file: Path, environment: Mapping[str, str] | None = None) -> AlertsFile:
    """Returns the rules and channels of a file, checked.

    Args:
        file: config/alerts.yaml, or another; paths in it count from the folder that holds its `config/`.
        environment: Where `${NAME}` in channels is looked up; None for the process's own.

    Raises:
        RulesError: The file cannot be read, or something in it is wrong.
    """
    return _File(file, environment if environment is not None else os.environ).load()


class _File:
    def __init__(self, file: Path, environment: Mapping[str, str]) -> None:
        self._file = file
        self._environment = environment
        folder = file.absolute().parent
        self._base = folder.parent if folder.name == "config" else folder
        self._text = ""

    def load(self) -> AlertsFile:
        content = self._content()
        for key in content:
            if key not in _SECTIONS:
                self._refuse((key,), f"unknown section {key!r}{_hint(str(key), _SECTIONS)}")
        channels = tuple(self._channels(content.get("channels") or {}))
        rules = tuple(self._rules(content.get("rules") or [], [channel.name for channel in channels]))
        return AlertsFile(rules=rules, channels=channels)

    def _content(self) -> Mapping[Any, Any]:
        try:
            self._text = self._file.read_text(encoding="utf-8")
            content = YAML(typ="safe").load(self._text)
        except (OSError, UnicodeDecodeError) as error:
            raise RulesError(f"{self._file}: cannot be read ({error})") from error
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise RulesError(f"{self._file}:{line}: is not valid YAML: {error.problem}") from error
        except YAMLError as error:
            raise RulesError(f"{self._file}: is not valid YAML: {' '.join(str(error).split())}") from error
        if content is None:
            return {}
        if not isinstance(content, dict):
            raise RulesError(f"{self._file}:1: expected the sections channels: and rules:")
        return content

    def _channels(self, entries: Any) -> Iterator[ChannelSettings]:
        if not isinstance(entries, dict):
            self._refuse(("channels",), "expected names, each with its type below")
        for name, entry in entries.items():
            yield self._channel(name, entry)

    def _channel(self, name: Any, entry: Any) -> ChannelSettings:
        at: Place = ("channels", name)
        if not isinstance(name, str) or not _CHANNEL_NAME.fullmatch(name):
            self._refuse(at, f"channel {name!r}: a name has letters, digits, - and _")
        if not isinstance(entry, dict) or entry.get("type") not in CHANNEL_TYPES:
            found = entry.get("type") if isinstance(entry, dict) else entry
            self._refuse(at, f"channel {name!r}: unknown type {found!r}{_hint(str(found), CHANNEL_TYPES)}")
        options = {key: self._filled(value, (*at, key)) for key, value in entry.items() if key != "type"}
        cls = CHANNEL_TYPES[entry["type"]]
        try:
            settings: ChannelSettings = CHANNEL_ADAPTERS[entry["type"]].validate_python({**options, "name": name})
        except ValidationError as error:
            self._explain(error, at, f"channel {name!r}", cls)
        path = getattr(settings, "path", None)
        return settings if path is None else dataclasses.replace(settings, path=self._base / path)  # type: ignore[call-arg]

    def _filled(self, value: Any, at: Place) -> Any:
        """Returns a value with what the environment gives for each `${NAME}`."""
        if not isinstance(value, str):
            return value

        def look_up(match: re.Match[str]) -> str:
            if match[1] not in self._environment:
                self._refuse(at, f"the environment variable {match[1]} is not set")
            return self._environment[match[1]]

        return _VARIABLE.sub(look_up, value)

    def _rules(self, entries: Any, channels: Sequence[str]) -> Iterator[Rule]:
        if not isinstance(entries, list):
            self._refuse(("rules",), "expected a list, each rule beginning with '- name:'")
        names: dict[str, int] = {}
        for number, entry in enumerate(entries):
            rule = self._rule(entry, number)
            if rule.name in names:
                line = self._line(("rules", names[rule.name], "name"))
                self._refuse(("rules", number, "name"), f"rule {rule.name!r} is there already, in line {line}")
            names[rule.name] = number
            self._check(rule, ("rules", number), channels)
            yield rule

    def _rule(self, entry: Any, number: int) -> Rule:
        at: Place = ("rules", number)
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            self._refuse(at, "a rule begins with its name: '- name: ...'")
        try:
            return _RULE.validate_python(entry)
        except ValidationError as error:
            self._explain(error, at, f"rule {entry['name']!r}", Rule)

    def _check(self, rule: Rule, at: Place, channels: Sequence[str]) -> None:
        if all(getattr(rule, part) is None for part in _PARTS):
            self._refuse(at, f"rule {rule.name!r} asks for nothing: give it {', '.join(_PARTS[:-1])} or {_PARTS[-1]}")
        for channel in rule.channels:
            if channel not in channels:
                self._refuse(
                    (*at, "channels"), f"rule {rule.name!r}: unknown channel {channel!r}{_hint(channel, channels)}"
                )
        self._check_keywords(rule, at)
        self._check_actors(rule, at)
        if rule.query is not None:
            try:
                parsed_query(rule.query)
            except QueryError as error:
                self._refuse((*at, "query"), f"rule {rule.name!r}: query {rule.query.text!r}: {error}")
        condition(rule, Collection.ARTICLES)

    def _check_keywords(self, rule: Rule, at: Place) -> None:
        if rule.keywords is None:
            return
        words = (*rule.keywords.any, *rule.keywords.all, *rule.keywords.none)
        for word in words:
            if not split_words(word):
                self._refuse((*at, "keywords"), f"rule {rule.name!r}: {word!r} holds no letter or digit to look for")
        if not words:
            self._refuse((*at, "keywords"), f"rule {rule.name!r}: keywords: give any, all or none some words")

    def _check_actors(self, rule: Rule, at: Place) -> None:
        if rule.actors is not None and not (rule.actors.any or rule.actors.all or rule.actors.kinds):
            self._refuse((*at, "actors"), f"rule {rule.name!r}: actors: name some, or kinds of them")

    def _explain(self, error: ValidationError, at: Place, subject: str, cls: type) -> NoReturn:
        first = error.errors()[0]
        inside = first["loc"]
        key = ".".join(str(part) for part in inside)
        valid = _names_at(cls, inside[:-1])
        match first["type"]:
            case "unexpected_keyword_argument":
                self._refuse((*at, *inside), f"{subject}: unknown key {key!r}{_hint(str(inside[-1]), valid)}")
            case "missing":
                self._refuse((*at, *inside[:-1]), f"{subject}: {key} is missing")
            case "enum" | "literal_error":
                options = re.findall(r"'([^']*)'", first["ctx"]["expected"])
                self._refuse(
                    (*at, *inside), f"{subject}: {key}: unknown {first['input']!r}{_hint(str(first['input']), options)}"
                )
        message = first["msg"].removeprefix("Value error, ")
        found = "" if "://" in str(first["input"]) else f", found {first['input']!r}"  # an address may hold a secret
        self._refuse((*at, *inside), f"{subject}: {key}: {message[:1].lower()}{message[1:]}{found}")

    def _refuse(self, at: Place, message: str) -> NoReturn:
        raise RulesError(f"{self._file}:{self._line(at)}: {message}")

    def _line(self, at: Place) -> int:
        """Returns the line of a place, as deep as it is written there."""
        node: Node | None = YAML().compose(self._text)
        line = 1
        for part in at:
            found = _below(node, part)
            if found is None:
                break
            line, node = found
        return line


def _below(node: Node | None, part: int | str) -> tuple[int, Node] | None:
    """Returns the line and node that a key or number leads to."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None


def _names_at(cls: type, inside: Sequence[int | str]) -> list[str]:
    """Returns the keys that are valid at a place inside a record, as they are written."""
    for part in inside:
        field = next((field for field in dataclasses.fields(cls) if field.name == part), None)
        inner = _record_in(field.type) if field else None
        if inner is None:
            return []
        cls = inner
    written = {"place": "in", "searched": "in"}
    hidden = {"name"} if issubclass(cls, ChannelSettings) else set()
    return [written.get(field.name, field.name) for field in dataclasses.fields(cls) if field.name not in hidden]


def _record_in(annotation: Any) -> type | None:
    """Returns the record class inside an annotation such as `Annotated[Keywords | None, ...]`."""
    for part in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(part, type) and dataclasses.is_dataclass(part):
            return part
        if part is not annotation and (found := _record_in(part)) is not None:
            return found
    return None


def _hint(name: str, valid: Sequence[str] | Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, list(valid), n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; valid here: {', '.join(valid)}" if valid else ""
