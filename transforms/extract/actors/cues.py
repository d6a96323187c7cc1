"""What the words around a name say it is: a company by its shares, a party by an apposition, one of a list of firms."""

import re

from transforms.extract.actors.candidates import Candidate
from transforms.extract.actors.text import Words
from transforms.extract.actors.words import word_lists
from transforms.records import ActorKind

_DETERMINERS = frozenset({"a", "an", "the", "its", "one", "another"})
_APPOSITION = 7  # words from the comma to the noun that says what it is
_LINK = re.compile(r"^\s*(?:,|,?\s*(?:and|or)\b|,?\s*&)?\s*(?:the)?\s*$")
# Only a firm has them: "Jeffboat assistant vice president", "Amoco chief executive".
_FIRMS_OFFICES = frozenset({("vice", "president"), ("chief", "executive"), ("managing", "director")})
_LIST = 3  # members from which a list tells what they are


def is_described(words: Words, member: Candidate) -> bool:
    """Says whether the words beside a name make it an organization ("gas producer X", "X shares", "X, a bank")."""
    if member.label not in ("NORP", "GPE") and _is_owned(words, member.first):
        return True
    return _before(words, member.first) or _after(words, member.last) or _in_apposition(words, member.last)


def _is_owned(words: Words, first: int) -> bool:
    """As in "a stake in X" and "50 percent each of X"."""
    before = words.key[max(first - 3, 0) : first]
    return before[-1:] in (["in"], ["of"]) and bool({"stake", "percent", "pct"} & set(before[:-1]))


def _before(words: Words, first: int) -> bool:
    lists = word_lists()
    before = words.key[first - 1] if first else ""
    if before in ("called", "named", "dubbed"):
        said = words.key[max(first - 4, 0) : first - 1]
        return not (lists.company_nouns.isdisjoint(said) and lists.group_nouns.isdisjoint(said))
    if (before not in lists.company_nouns and before not in lists.group_nouns) or words.capital[first - 1]:
        return False
    return not words.between(first - 1, first).strip()


def _after(words: Words, last: int) -> bool:
    if last >= len(words) or words.between(last - 1, last).strip():
        return False
    if any(tuple(words.key[last + i : last + i + 2]) in _FIRMS_OFFICES for i in (0, 1)):
        return True
    if words.capital[last]:
        return words.key[last] in ("chairman", "ceo")
    return words.key[last] in word_lists().company_traits or words.key[last] in word_lists().group_nouns


def _in_apposition(words: Words, i: int) -> bool:
    """As in "X, the main party of the hills," and "X, Norway's parliament,"; not "X, the party leader"."""
    lists = word_lists()
    if i + 1 >= len(words) or words.between(i - 1, i).strip() != ",":
        return False
    if words.key[i] not in _DETERMINERS and not (words.capital[i] and words.key[i + 1] == "s"):
        return False
    for j in range(i + 1, min(i + 1 + _APPOSITION, len(words))):
        if words.key[j] in lists.role_heads or words.between(j - 1, j).strip(" -\n'’"):
            return False
        if words.key[j] in lists.company_nouns or words.key[j] in lists.body_nouns:
            following = words.key[j + 1] if j + 1 < len(words) and not words.between(j, j + 1).strip(" '’") else ""
            office = following in lists.role_heads or following in lists.role_words or following == "s"
            return not office and not (j + 1 < len(words) and following and words.capital[j + 1])
    return False


def describe_lists(words: Words, candidates: list[Candidate]) -> None:
    """Marks the unknown members of a list of organizations ("Statoil, Petrovik, Mobil and Elf") as described."""
    run: list[Candidate] = []
    previous: Candidate | None = None
    for candidate in candidates:
        if previous is not None and not _linked(words, previous, candidate):
            _describe(run)
            run = []
        if not _is_owner(words, candidate):
            run.append(candidate)
        previous = candidate
    _describe(run)


def _linked(words: Words, one: Candidate, two: Candidate) -> bool:
    """Whether two names that follow each other stand in one list."""
    if two.first - one.last > 2:
        return False
    if _LINK.match(words.between(one.last - 1, two.first)):
        return True
    return _is_owner(words, one) and words.key[one.last : two.first] in ([], ["s"])


def _is_owner(words: Words, candidate: Candidate) -> bool:
    """As "Belgium" in "Belgium's Distrigas"."""
    end = words.end[candidate.last - 1]
    country = candidate.entry is not None and candidate.entry.kind is ActorKind.COUNTRY
    return country and words.source[end : end + 1] in ("'", "’")


def _describe(run: list[Candidate]) -> None:
    if len(run) < _LIST or any(it.titled or (it.label == "PERSON" and len(it.key) > 1) for it in run):
        return
    sure = [it for it in run if (it.entry.kind is ActorKind.ORGANIZATION if it.entry else it.label == "ORG")]
    if len(sure) * 2 >= len(run):
        for it in run:
            if it.entry is None and it.key[0] not in word_lists().given_names:
                it.described = True
