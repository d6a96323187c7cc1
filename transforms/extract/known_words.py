"""What is known of words apart from any text: everyday words, names, acronyms, names of several words."""

import calendar
import functools
import re
from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML
from spacy.language import Language

from transforms.extract.actors.gazetteer import load_gazetteer
from transforms.records import ActorKind, record

WORD = re.compile(r"[^\W\d_]+")
ALWAYS_NAMES = frozenset(
    word.lower()
    for word in (*calendar.month_name, *calendar.day_name, *calendar.month_abbr, "Sept", "Mr", "Mrs", "Ms", "Dr", "Gen")
)
_FILE = Path(__file__).with_name("truecase.yaml")
_TABLES = ("lemma_index", "lemma_exc", "lemma_rules")


@record
class KnownWords:
    """All in lower case.

    Attributes:
        everyday: Words of the dictionary and their irregular forms.
        nouns: Those of them that are nouns only: names of cities and persons are among these.
        suffixes: (ending, what it stands for in the dictionary): ("ies", "y").
        stops: The commonest words, which are never names.
        names: Words that are names wherever they stand.
        acronyms: Words that are written in capitals.
        phrases: Names of several words, by their first word.
    """

    everyday: frozenset[str]
    nouns: frozenset[str]
    suffixes: tuple[tuple[str, str], ...]
    stops: frozenset[str]
    names: frozenset[str]
    acronyms: frozenset[str]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]

    def is_everyday(self, word: str) -> bool:
        """Whether a word, or what it is an inflection of, is in the dictionary."""
        if word in self.everyday:
            return True
        stems = (word[: -len(old)] + new for old, new in self.suffixes if old and word.endswith(old))
        return any(stem in self.everyday for stem in stems)


@functools.cache
def _listed() -> Mapping[str, frozenset[str]]:
    """Returns what no dictionary or gazetteer says: `wire_words`, written small, and `cities`."""
    lists = YAML(typ="safe").load(_FILE)
    return {name: frozenset(words) for name, words in lists.items()}


def _phrases() -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, set[tuple[str, ...]]] = {}
    for text in load_gazetteer().names():
        parts = tuple(word.lower() for word in WORD.findall(text))
        if len(parts) > 1 and text[0].isupper():
            found.setdefault(parts[0], set()).add(parts)
    return {first: tuple(sorted(phrases)) for first, phrases in found.items()}


def _persons() -> frozenset[str]:
    entries = [entry for entry in load_gazetteer().by_id.values() if entry.kind is ActorKind.PERSON]
    return frozenset(name for entry in entries for name in (entry.name, *entry.aliases))


def _names(everyday: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Returns names and acronyms; of names of several words, only persons' and what is no everyday word ("Pact")."""
    persons = _persons()
    names: set[str] = set()
    acronyms: set[str] = set()
    for text in load_gazetteer().names():
        words = WORD.findall(text)
        for word in words:
            small = word.lower()
            if word.isupper() and len(word) > 1:
                acronyms.add(small)
            elif word[0].isupper() and (len(words) == 1 or text in persons or small not in everyday):
                names.add(small)
    return frozenset(names), frozenset(acronyms)


@functools.lru_cache(maxsize=4)
def known_words(nlp: Language) -> KnownWords | None:
    """Returns what the pipeline's lemmatizer and the gazetteer know; None where the pipeline has no such dictionary."""
    lookups = nlp.get_pipe("lemmatizer").lookups if "lemmatizer" in nlp.pipe_names else None  # type: ignore[attr-defined]
    if lookups is None or not all(lookups.has_table(name) for name in _TABLES):
        return None
    noun = nlp.vocab.strings["noun"]
    index = {pos: frozenset(words) for pos, words in lookups.get_table("lemma_index").items()}
    nouns = next((words for pos, words in index.items() if pos in {noun, "noun"}), frozenset())
    others = frozenset(word for words in index.values() if words is not nouns for word in words)
    forms = frozenset(word for words in lookups.get_table("lemma_exc").values() for word in words)
    suffixes = {(old, new) for pairs in lookups.get_table("lemma_rules").values() for old, new in pairs}
    stops = frozenset(nlp.Defaults.stop_words)
    everyday = nouns | others | forms | stops | _listed()["wire_words"]
    names, acronyms = _names(everyday)
    return KnownWords(
        everyday=everyday,
        nouns=nouns - others - forms,
        suffixes=tuple(sorted(suffixes)),
        stops=stops,
        names=(names | _listed()["cities"]) - stops - forms,  # "Said" is a surname, and in headlines a verb
        acronyms=acronyms,
        phrases=_phrases(),
    )
