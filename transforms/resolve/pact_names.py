"""Finds the names by which an agreement is known ("New START", "the Minsk accords") in what tells of it."""

import functools
import re
from collections.abc import Iterable

from transforms.resolve.accounts import Account
from transforms.store.analysis import fold, split_words

# What makes a name of the capitalised words before it; "agreement" and "accord" are one, since outlets vary them.
_NOUN = (
    r"(?:[Pp]eace |[Nn]uclear |[Cc]limate |[Gg]rain |[Ff]ramework |[Rr]econciliation )?"
    r"(?:[Aa]ccords?|[Aa]greements?|[Tt]reat(?:y|ies)|[Pp]acts?|[Pp]rotocols?|[Cc]onvention|[Mm]emorandum|[Dd]eclaration|"
    r"[Tt]ruce|[Dd]eal)\b"
)
_WORD = r"(?:[A-ZÀ-Þ][\w’'-]*[a-zà-þ][\w-]*|[A-Z]{2,6}|I{1,3}|IV|V)"
_CALLED = re.compile(rf"(?<![\w’'-])({_WORD}(?: {_WORD}){{0,3}}) {_NOUN}")

# Pacts that go by their letters alone, as the news writes them.
_LETTERS = re.compile(r"\b((?:New )?START(?: I{1,3})?|SALT I{1,2}|INF|JCPOA|NAFTA|USMCA|GSOMIA|NPT|CFE|ABM|CTBT)\b")

_COMPOUND = re.compile(r"-[a-z]+(?:ed|led)$")  # "UN-brokered", "Saudi-led"

_NUMERAL = re.compile(r" (?:i{1,3}|iv|v|[1-9])$")
_NOT_NAMES = frozenset(
    split_words(
        "the a an this that new old final first second third draft joint interim monday tuesday wednesday thursday "
        "friday saturday sunday january february march april may june july august september october november "
        "december peace trade ceasefire truce labor labour coalition framework general comprehensive under "
        "european american western arab african islamic muslim christian kurdish palestinian eu un us uk imf nato "
        "opec free nuclear migration migrant tentative"
    )
)
_KINDS = frozenset(
    {"peace", "trade", "nuclear", "climate", "ceasefire", "framework", "free"}
)  # "Dayton Peace Agreement"
_NAMED_DAYS = frozenset({"good friday"})  # days that are the name of a pact


@functools.cache
def _peoples() -> frozenset[str]:
    """Returns the last words of countries' names and peoples: "the Iran deal" is any deal with Iran."""
    # It loads spaCy, which whoever only lists what is stored need not wait for.
    from transforms.extract.actors.countries import country_entries
    from transforms.extract.layers import Form

    _, namings = country_entries()
    return frozenset(
        words[-1] for naming in namings if naming.form is not Form.CAPITAL and (words := split_words(naming.text))
    )


def _name(said: str) -> str | None:
    """Returns what a name is compared by; None where it is the name of no pact but of a side, a day or a kind."""
    words = split_words(" ".join(word for word in said.split() if not _COMPOUND.search(word)))
    while words and words[0] in _NOT_NAMES and " ".join(words[:2]) not in _NAMED_DAYS | {"new start"}:
        words = words[1:]
    while words and words[-1] in _KINDS:
        words = words[:-1]
    name = " ".join(words)
    if not words or name in _NAMED_DAYS:
        return name or None
    return None if any(word in _NOT_NAMES - {"new"} or word in _peoples() for word in words) else name


def names_in(sentences: Iterable[str], account: Account) -> tuple[str, ...]:
    """Returns the names an agreement goes by in the sentences that tell of it, folded, each once, sorted.

    Args:
        sentences: Its evidence.
        account: What the article says, whose actors' names are no pacts' ("the Emirates deal").
    """
    sides = {word for actor in account.actors for name in (actor.name, *actor.aliases) for word in split_words(name)}
    found: set[str] = set()
    for sentence in sentences:
        text = " ".join(sentence.split())
        found.update(fold(letters) for letters in _LETTERS.findall(text))
        found.update(
            name for said in _CALLED.findall(text) if (name := _name(said)) and sides.isdisjoint(split_words(name))
        )
    return tuple(sorted(found))


def _series(name: str) -> tuple[str, str]:
    """Returns a name without its numeral, and that ("minsk", "ii")."""
    numeral = _NUMERAL.search(name)
    return (name[: numeral.start()], numeral[0].strip()) if numeral else (name, "")


def told_apart(one: Iterable[str], other: Iterable[str]) -> bool:
    """Returns whether names tell two agreements apart: other letters (INF, START), or other numerals (Minsk I, II)."""
    mine, theirs = {*one}, {*other}
    if not mine or not theirs or mine & theirs:
        return False
    if all(any(_is_letters(name) for name in names) for names in (mine, theirs)):
        return True
    return any(_in_one_series(name, again) for name in mine for again in theirs)


def _is_letters(name: str) -> bool:
    return _LETTERS.fullmatch(name.upper().replace("NEW ", "New ")) is not None


def _in_one_series(one: str, other: str) -> bool:
    (first, number), (again, count) = _series(one), _series(other)
    return first == again and bool(number) and bool(count) and number != count
