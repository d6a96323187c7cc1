"""Later mentions that the trained pipeline overlooks: surnames, short names and initials of who is named in full."""

import dataclasses

from transforms.extract.actors.candidates import Candidate
from transforms.extract.actors.gazetteer import is_acronym
from transforms.extract.actors.text import Words, key_of
from transforms.extract.actors.trained import PARTICLES
from transforms.extract.actors.words import word_lists
from transforms.extract.layers import Form
from transforms.records import ActorKind

_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "de", "la", "s"})
# What a body named before is called by again, with a capital: "the Fund", "the Commission".
_BODY_HEADS = frozenset(
    {
        *("fund", "bank", "commission", "council", "union", "community", "league", "alliance", "agency", "authority"),
        *("assembly", "tribunal", "organization", "organisation", "federation", "front", "movement", "party"),
    }
)
_SHORTEST = 4  # letters: shorter words are too often something else


def with_echoes(words: Words, candidates: list[Candidate]) -> list[Candidate]:
    """Returns the candidates with those added that repeat a part of a name, in text order."""
    short, full = _short_names(candidates), _full_names(candidates)
    bodies = _bodies(candidates)
    for it in candidates:
        body = bodies.get(it.key[0]) if len(it.key) == 1 and it.entry is None else None
        if body is not None and body.first < it.first and words.key[it.first - 1] == "the":
            it.entry, it.key = body.entry, body.key if body.entry is None else it.key
    taken = {i for candidate in candidates for i in range(candidate.first, candidate.last)}
    added = []
    for i, key in enumerate(words.key):
        if i in taken or not words.capital[i] or words.shout[i]:
            continue
        again = next((it for it in full.get(key, ()) if _repeats(words, i, it[0], taken)), None)
        if again is not None:
            name, label = again
            taken.update(range(i, i + len(name)))
            added.append(Candidate(first=i, last=i + len(name), key=name, label=label, rule="actors.echo"))
            continue
        if key in bodies and i and words.key[i - 1] == "the" and not _goes_on(words, i):
            body = bodies[key]
            if body.first < i:
                added.append(dataclasses.replace(body, first=i, last=i + 1, rule="actors.echo"))
                continue
        if key not in short:
            continue
        label = short[key]
        if (label == "ACRONYM") != (is_acronym(words.text[i]) and not words.shout[i]) or _goes_on(words, i):
            continue
        label = "ORG" if label == "ACRONYM" else label
        added.append(Candidate(first=i, last=i + 1, key=(key,), label=label, rule="actors.echo"))
    return sorted(candidates + added, key=lambda candidate: candidate.first) if added else candidates


def _bodies(candidates: list[Candidate]) -> dict[str, Candidate]:
    """The bodies that the article can mean by their last word alone ("the Fund"), by that word; no two share it."""
    heads: dict[str, dict[object, Candidate]] = {}
    for it in candidates:
        name = key_of(it.entry.name) if it.entry is not None else it.key
        organization = it.entry.kind is ActorKind.ORGANIZATION if it.entry is not None else it.label == "ORG"
        if organization and it.form is Form.NAME and len(name) > 1 and name[-1] in _BODY_HEADS:
            heads.setdefault(name[-1], {}).setdefault(it.entry.id if it.entry is not None else name, it)
    return {head: next(iter(found.values())) for head, found in heads.items() if len(found) == 1}


def _full_names(candidates: list[Candidate]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The names that only the trained pipeline saw, with their labels, by their first word; the longest first."""
    lists = word_lists()
    common = lists.role_words | lists.titles
    names = {
        it.key: it.label
        for it in candidates
        if it.entry is None and it.label in ("PERSON", "ORG", "LOC", "PRODUCT", "WORK_OF_ART")
        if len(it.key) > 1 or (len(it.key[0]) >= _SHORTEST and it.key[0] not in common)
    }
    full: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in sorted(names, key=len, reverse=True):
        full.setdefault(name[0], []).append((name, names[name]))
    return full


def _repeats(words: Words, first: int, name: tuple[str, ...], taken: set[int]) -> bool:
    last = first + len(name)
    if tuple(words.key[first:last]) != name or any(i in taken for i in range(first, last)):
        return False
    tight = all(not words.between(i, i + 1).strip(" \n-.&'’") for i in range(first, last - 1))
    return tight and words.capital[last - 1] and not _goes_on(words, last - 1)


def _short_names(candidates: list[Candidate]) -> dict[str, str]:
    """The words by which full names are said again, each with the label of whom it means."""
    short: dict[str, str] = {}
    for candidate in candidates:
        key = candidate.key
        if candidate.entry is not None or len(key) < 2:
            continue
        if candidate.label == "PERSON":
            short.setdefault(key[-1], "PERSON")
        elif candidate.label == "ORG":
            name = without_suffix(key)
            if is_own_name(name[0]):
                short.setdefault(name[0], "ORG")
            for acronym in initials(key):
                if len(acronym) > 2:
                    short[acronym] = "ACRONYM"
    lists = word_lists()
    known = lists.role_words | lists.role_heads | lists.titles | PARTICLES
    return {
        word: label
        for word, label in short.items()
        if label == "ACRONYM" or (len(word) >= _SHORTEST and word not in known and (word,) not in lists.not_actors)
    }


def _goes_on(words: Words, i: int) -> bool:
    """Whether another capitalised word stands directly beside word `i`: then it is part of some other name."""
    after = i + 1 < len(words) and words.capital[i + 1] and words.between(i, i + 1) == " "
    return bool(after and not words.text[i + 1][0].isdigit())


def is_own_name(word: str) -> bool:
    """Says whether a company's or a party's first word can stand for it: a name, no word of its trade."""
    lists = word_lists()
    return len(word) >= _SHORTEST and word not in lists.org_heads and word not in lists.general_words


def without_suffix(key: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the folded words of a name without those of its legal form."""
    suffixes = word_lists().org_suffixes
    last = len(key)
    while last > 1 and key[last - 1] in suffixes:
        last -= 1
    return key[:last]


def initials(key: tuple[str, ...]) -> set[str]:
    """Returns the initials of a name, with and without those of its small words."""
    letters = "".join(word[0] for word in key if word)
    short = "".join(word[0] for word in key if word and word not in _SMALL)
    return {found for found in (letters, short) if len(found) > 1}
