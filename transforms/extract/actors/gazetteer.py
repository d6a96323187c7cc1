"""The actors known beforehand: config/actors.yaml, a user's own file, and every country; matched by folded words."""

import functools
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from transforms.errors import UsageError
from transforms.extract.actors.countries import Naming, country_entries, former_states, not_countries
from transforms.extract.actors.known import Entry
from transforms.extract.actors.text import Words, fold, key_of
from transforms.extract.layers import Form
from transforms.records import ActorKind, record

_FIELDS = {"name", "kind", "aliases", "country", "stands_for", "wikidata", "id", "common", "offices", "years"}
_LONGEST_ACRONYM = 8  # letters: "FRETILIN"; longer words in capitals are shouted, not abbreviated
# Acronyms that are words of headlines written in capitals.
_WORDS_IN_CAPITALS = frozenset({"who", "is", "model", "mend", "num", "sec", "eta", "au", "ap", "car", "gam", "let"})


class GazetteerError(UsageError):
    """A gazetteer file cannot be used: its message is one clear line that names file and entry."""


@record
class Match:
    """A known actor found in a text: words `first` to `last`, end exclusive."""

    first: int
    last: int
    entry: Entry
    form: Form


@record
class _Pattern:
    rest: tuple[str, ...]
    entry: Entry | None  # None: a phrase that only looks like an actor
    form: Form
    acronym: bool
    small: bool  # written in small letters ("eurozone"): matched without a capital too


class Gazetteer:
    """Known actors by id, and the folded words that name them."""

    def __init__(self, entries: Iterable[Entry], namings: Iterable[Naming], blocked: Iterable[str]) -> None:
        self.by_id: dict[str, Entry] = {}
        self._patterns: dict[str, list[_Pattern]] = {}
        self.keys: dict[tuple[str, ...], Entry] = {}
        self._written: set[str] = set()
        self.by_surname: dict[str, list[Entry]] = {}
        self.by_ends: dict[tuple[str, str], list[Entry]] = {}
        for entry in entries:
            self.by_id[entry.id] = entry
            self._add_person(entry)
            for name in (entry.name, *entry.aliases):
                self._add(name, entry, Form.NAME)
        for naming in namings:
            self._add(naming.text, naming.entry, naming.form)
        for phrase in blocked:
            self._add(phrase, None, Form.NAME)
        for patterns in self._patterns.values():
            patterns.sort(key=lambda pattern: -len(pattern.rest))

    def _add_person(self, entry: Entry) -> None:
        name = key_of(entry.name)
        if entry.kind is ActorKind.PERSON and len(name) > 1:
            self.by_ends.setdefault((name[0], name[-1]), []).append(entry)
            self.by_surname.setdefault(name[-1], []).append(entry)

    def names(self) -> frozenset[str]:
        """Returns every name, alias and naming as it is written."""
        return frozenset(self._written)

    def _add(self, name: str, entry: Entry | None, form: Form) -> None:
        self._written.add(name)
        words = key_of(name)
        if not words:
            return
        if entry is not None:
            self.keys.setdefault(words, entry)
        acronym = len(words) == 1 and name.isupper() and len(words[0]) <= _LONGEST_ACRONYM
        pattern = _Pattern(rest=words[1:], entry=entry, form=form, acronym=acronym, small=name.islower())
        self._patterns.setdefault(words[0], []).append(pattern)

    def find(self, words: Words, year: int | None = None) -> Iterator[Match]:
        """Yields the known actors of a text, left to right, the longest name at each place.

        Args:
            words: Of the text.
            year: That of publication: a capital stands for the state of its time ("Moscow" in 1988).
        """
        former = {} if year is None else {now: self.by_id[then] for now, then in former_states(year).items()}
        i, size, keys = 0, len(words), words.key
        while i < size:
            pattern = self._best(words, i) if keys[i] in self._patterns else None
            if pattern is None:
                i += 1
                continue
            last = i + 1 + len(pattern.rest)
            if pattern.entry is not None:
                capital = pattern.form is Form.CAPITAL
                entry = former.get(pattern.entry.id, pattern.entry) if capital else pattern.entry
                yield Match(first=i, last=last, entry=entry, form=pattern.form)
            i = last

    def _best(self, words: Words, i: int) -> _Pattern | None:
        following = words.key[i + 1] if i + 1 < len(words) else None
        for pattern in self._patterns[words.key[i]]:
            rest = pattern.rest
            if rest and rest[0] != following:  # most names are parted by their second word
                continue
            last = i + 1 + len(rest)
            if tuple(words.key[i + 1 : last]) == rest and _as_name(words, i, last, pattern):
                return pattern
        return None


def _as_name(words: Words, first: int, last: int, pattern: _Pattern) -> bool:
    if words.line[first] != words.line[last - 1]:
        gap = words.between(first, last - 1)
        if gap.count("\n") > 1:  # a name may be broken over two lines of hard-wrapped text, not over a paragraph
            return False
    if pattern.acronym:
        word = words.text[first]
        if words.source[words.end[first] : words.end[first] + 1] == "$":  # a currency: "US$"
            return False
        return word.isupper() and not (words.shout[first] and words.key[first] in _WORDS_IN_CAPITALS)
    if not pattern.small and not any(words.capital[i] for i in range(first, last)):
        return False
    if last - first == 1:
        return True
    return all("." not in words.between(i, i + 1) or len(words.text[i]) <= 2 for i in range(first, last - 1))


def shipped_file() -> Path:
    """Returns the actors.yaml that comes with Pactwatch: of the checkout, else of the installed wheel.

    Raises:
        GazetteerError: There is none.
    """
    checkout = Path(__file__).resolve().parents[3] / "config" / "actors.yaml"
    if checkout.is_file():
        return checkout
    package = find_spec("pipeline")
    for folder in (package.submodule_search_locations or ()) if package else ():
        installed = Path(folder) / "shipped" / "config" / "actors.yaml"
        if installed.is_file():
            return installed
    raise GazetteerError(
        f"gazetteer: no actors.yaml at {checkout} nor in the installed package; install Pactwatch anew"
    )


def read_entries(path: Path) -> list[Entry]:
    """Returns the entries of a gazetteer file.

    Raises:
        GazetteerError: The file cannot be read, or an entry is wrong; the message names both.
    """
    try:
        data = YAML(typ="safe").load(path)
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        reason = " ".join(str(error).split())
        raise GazetteerError(f"{path}: cannot be read as YAML ({reason}); mend the file or its path") from error
    if not isinstance(data, dict) or not isinstance(data.get("actors"), list):
        raise GazetteerError(f"{path}: expected a list under the key 'actors'; see config/actors.yaml for the form")
    return [_entry(path, number, item) for number, item in enumerate(data["actors"], 1)]


@functools.cache
def _shipped_entries(path: Path) -> tuple[Entry, ...]:
    return tuple(read_entries(path))  # 0.5 s of YAML, read once however many gazetteers extend it


def _entry(path: Path, number: int, item: Any) -> Entry:
    place = f"{path}: actor {number}"
    if not isinstance(item, dict):
        raise GazetteerError(f"{place} is {item!r}, expected a map with name and kind")
    name = item.get("name")
    if not isinstance(name, str) or not key_of(name):
        raise GazetteerError(f"{place} has the name {name!r}, expected text with a letter or digit")
    place = f"{place} ({name})"
    unknown = sorted(map(str, set(item) - _FIELDS))
    if unknown:
        raise GazetteerError(
            f"{place} has the unknown key {unknown[0]!r}, expected one of {', '.join(sorted(_FIELDS))}"
        )
    kinds = [kind.value for kind in ActorKind]
    if item.get("kind") not in kinds:
        raise GazetteerError(f"{place} has the kind {item.get('kind')!r}, expected one of {', '.join(kinds)}")
    aliases = item.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) and key_of(alias) for alias in aliases):
        raise GazetteerError(f"{place} has the aliases {aliases!r}, expected a list of names")
    country = item.get("country")
    if country is not None and not (isinstance(country, str) and len(country) == 2 and country.isupper()):
        raise GazetteerError(f"{place} has the country {country!r}, expected two capital letters (ISO 3166-1 alpha-2)")
    for field in ("stands_for", "id", "wikidata"):
        if item.get(field) is not None and not isinstance(item[field], str):
            raise GazetteerError(f"{place} has the {field} {item[field]!r}, expected text")
    if not isinstance(item.get("common", False), bool):
        raise GazetteerError(f"{place} has common: {item['common']!r}, expected true or false")
    offices, years = item.get("offices", []), item.get("years")
    if not isinstance(offices, list) or not all(isinstance(office, str) for office in offices):
        raise GazetteerError(f"{place} has the offices {offices!r}, expected a list of offices")
    if years is not None and not (isinstance(years, list) and len(years) == 2 and all(type(y) is int for y in years)):
        raise GazetteerError(f"{place} has the years {years!r}, expected [first, last]")
    kind = ActorKind(item["kind"])
    return Entry(
        id=item.get("id") or f"{kind.value}:{'-'.join(key_of(name))}",
        name=name,
        kind=kind,
        aliases=tuple(aliases),
        country=country,
        stands_for=item.get("stands_for"),
        common=item.get("common", False),
        offices=tuple(offices),
        years=(years[0], years[1]) if years else None,
    )


def load_gazetteer(path: str | None = None) -> Gazetteer:
    """Returns the countries and the shipped gazetteer, extended and overridden by a user's own file.

    Args:
        path: The user's actors.yaml, or None.

    Raises:
        GazetteerError: A file cannot be used.
    """
    shipped = shipped_file()
    own = Path(path) if path is not None else None
    if own is not None and own.is_file() and own.samefile(shipped):  # a checkout's settings name the shipped file
        own = None
    return _gazetteer(shipped, own)


@functools.lru_cache(maxsize=8)
def _gazetteer(shipped: Path, own: Path | None) -> Gazetteer:
    entries = {entry.id: entry for entry in _shipped_entries(shipped)}
    if own is not None:
        entries |= {entry.id: entry for entry in read_entries(own)}
    countries, namings = country_entries()
    overridden = [entry for entry in entries.values() if entry.id in countries]
    known = {**countries, **entries}
    namings = [Naming(text=it.text, entry=known[it.entry.id], form=it.form) for it in namings]
    _check_sides(known)
    rest = [entry for entry in known.values() if entry.id not in countries or entry in overridden]
    gazetteer = Gazetteer(rest, namings, not_countries())
    gazetteer.by_id.update(known)
    return gazetteer


def _check_sides(known: dict[str, Entry]) -> None:
    for entry in known.values():
        if entry.stands_for is not None and entry.stands_for not in known:
            raise GazetteerError(
                f"gazetteer: {entry.name} stands for {entry.stands_for!r}, expected the id of a listed actor"
            )


def is_acronym(text: str) -> bool:
    """Says whether a word is written as an abbreviation ("HTS", "U.N.")."""
    plain = text.replace(".", "").replace("-", "")
    return 2 <= len(plain) <= _LONGEST_ACRONYM and plain.isupper() and bool(fold(plain))
