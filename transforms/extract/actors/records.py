"""How an actor is called, and in which form each mention names it: a place, a government, a surname."""

import dataclasses

from transforms.extract.actors.candidates import Candidate
from transforms.extract.actors.countries import cities, seats
from transforms.extract.actors.gazetteer import is_acronym
from transforms.extract.actors.holders import plain_name
from transforms.extract.actors.merge import Group
from transforms.extract.actors.text import Words, fold, key_of
from transforms.extract.actors.words import word_lists
from transforms.extract.layers import Form
from transforms.records import ActorKind, digest

_ACTING = frozenset({"nsubj", "nsubjpass", "agent", "poss", "dobj", "dative"})
_GENERATIONS = (("jr",), ("sr",))
# What comes from a government and goes to it, by the preposition: "demands from Ankara", "a letter to Moscow".
_DEALINGS = {
    "from": frozenset(
        {
            *("sought", "demanded", "wanted", "extracted", "required", "demand", "demands", "pressure", "approval"),
            *("support", "backing", "permission", "consent", "concession", "concessions", "guarantee", "guarantees"),
            *("assurance", "assurances", "pledge", "pledges", "promise", "promises", "reply", "response", "reaction"),
            *("signal", "signals", "protest", "protests", "criticism", "opposition", "orders", "instructions", "moves"),
            *("independence", "autonomy", "secession", "aid", "loans", "comment", "denial", "recognition"),
        }
    ),
    "to": frozenset(
        {
            *("message", "letter", "appeal", "appeals", "warning", "warnings", "ultimatum", "offer", "proposal"),
            *("concession", "concessions", "pledge", "promise", "note", "reply", "protest", "loans", "credits"),
        }
    ),
    "on": frozenset({"pressure", "sanctions", "called", "calls", "calling", "imposed", "demands"}),
    "for": frozenset({"victory", "setback", "blow", "defeat", "aid", "bailout", "humiliation"}),
}
_HOLDINGS = frozenset({"holding", "holdings"})
_WITH = frozenset({"between", "with", "by", "against", "among"})


def name_of(words: Words, group: Group) -> str:
    """Returns the canonical name: the gazetteer's, else the fullest one written."""
    if group.entry is not None:
        return group.entry.name
    plain = [member for member in group.members if not words.shout[member.first]] or group.members
    plain = [member for member in plain if not is_acronym(words.text[member.first]) or len(member.key) > 1] or plain
    best = max(plain, key=lambda member: (len(member.key), -member.first))
    if len(best.key) == 1 and group.kind is ActorKind.PERSON:  # whoever has one name is known by title and name
        return next((name for it in plain if (name := _with_title(words, it))), written(words, best))
    return written(words, best)


def other_names(words: Words, group: Group, kind: ActorKind, names: list[str]) -> list[str]:
    """Returns what else an actor is called: with a title that belongs to the name, or without a legal form or "Jr."."""
    if kind is ActorKind.PERSON:
        titled = [name for member in group.members if (name := _with_title(words, member))]
        plain = [plain_name(group.entry)] if group.entry is not None else []
        bare = [" ".join(name.split()[:-1]).rstrip(",") for name in names if key_of(name)[-1:] in _GENERATIONS]
        return [name for name in (*titled, *plain, *bare) if name]
    if kind is ActorKind.ORGANIZATION:
        points = [f"{written(words, it)}." for it in group.members if _ends_in_point(words, it)]
        if group.entry is not None:
            return points
        return [*(short for name in names if (short := _short(name))), *points]
    return []


def _ends_in_point(words: Words, member: Candidate) -> bool:
    """As in "Texaco Inc.", where the point belongs to the name."""
    end = words.end[member.last - 1]
    return member.key[-1] in word_lists().org_suffixes and words.source[end : end + 1] == "."


def _with_title(words: Words, member: Candidate) -> str | None:
    """As in "King Hussein", "Pope Francis": a title that is said with the name alone is part of it."""
    i = member.first - 1
    if i < 0 or words.key[i] not in word_lists().name_titles or not words.capital[i]:
        return None
    return None if words.between(i, i + 1).strip() else written(words, dataclasses.replace(member, first=i))


def _short(name: str) -> str:
    """The name of a company without the words for its legal form ("Texaco Inc"), of a party without "Party"."""
    parts, lists = name.split(), word_lists()
    while len(parts) > 1 and fold(parts[-1]) in lists.org_suffixes:
        parts.pop()
    if len(parts) > 1 and fold(parts[-1]) == "party" and (fold(parts[0]),) not in lists.not_actors:
        parts.pop()
    return " ".join(parts).rstrip(",")


def written(words: Words, member: Candidate) -> str:
    """Returns a name as written, on one line and without a typographic apostrophe's variants."""
    return " ".join(words.span(member.first, member.last).split())


def actor_id(group: Group, name: str) -> str:
    """Returns the gazetteer's id, else one made of kind and folded name."""
    if group.entry is not None:
        return group.entry.id
    known_as = _without_legal_form(name) if group.kind is ActorKind.ORGANIZATION else name
    return digest(str(group.kind), fold(known_as), "")


def _without_legal_form(name: str) -> str:
    """Returns "Bayer" for "Bayer AG": some outlets write a company's legal form and some do not."""
    parts, forms = name.split(), word_lists().org_suffixes | _HOLDINGS
    while len(parts) > 1 and fold(parts[-1]) in forms:
        parts.pop()
    return " ".join(parts)


def country_of(group: Group) -> str | None:
    """Returns the alpha-2 code of the country the actor belongs to, where it is known."""
    if group.entry is not None:
        return group.entry.country
    for member in group.members:
        if member.side is not None and member.side.entry is not None and member.side.entry.country:
            return member.side.entry.country
    return None


def form_of(words: Words, member: Candidate, name: str) -> Form | None:
    """Returns the form of a mention; None for a capital that is only a place."""
    if member.form is Form.CAPITAL:
        return Form.CAPITAL if acts_as_government(words, member) else None
    if member.form is Form.DEMONYM:
        return Form.DEMONYM
    if member.entry is not None and member.entry.kind is ActorKind.COUNTRY:
        return Form.PLACE if is_place(words, member) else Form.NAME
    if is_acronym(words.text[member.first]) and len(member.key) == 1 and fold(name) != member.key[0]:
        return Form.ABBREVIATION
    if len(member.key) < len(name.split()) and fold(name).endswith("".join(member.key)):
        return Form.SURNAME
    return Form.NAME


def is_place(words: Words, member: Candidate) -> bool:
    """Says whether a country's name is only a place here ("in Syria", "northern Iraq", "flew to Egypt")."""
    lists = word_lists()
    i = member.first - 1
    if i >= 0 and words.key[i] == "the":
        i -= 1
    before = "" if i < 0 or words.between(i, i + 1).strip(" \n-") else words.key[i]
    if before in lists.locative:
        return True
    if before in ("to", "from", "for", "of") and i > 0:
        return words.key[i - 1] in lists.motion or (before in ("of", "from") and words.key[i - 1] in lists.place_nouns)
    j = member.last
    if j + 1 < len(words) and words.text[j][-1:] in "sS" and words.key[j] == "s":
        following = words.token(j + 1)
        return words.key[j + 1] in lists.place_nouns or following.ent_type_ in ("GPE", "LOC", "FAC")
    return False


def acts_as_government(words: Words, member: Candidate) -> bool:
    """Says whether a capital or a seat stands for its government here ("Ankara wants", not "in Ankara")."""
    key = "".join(member.key)
    lists = word_lists()
    before = words.key[member.first - 1] if member.first else ""
    gap = words.between(member.first - 1, member.first) if member.first else ""
    after = words.key[member.last] if member.last < len(words) else ""
    tight = member.last < len(words) and not words.between(member.last - 1, member.last).strip(" -")
    if before in lists.locative and gap.strip() in ("", "-"):
        return False
    if member.first > 1 and words.key[member.first - 2] in _DEALINGS.get(before, ()) and key not in cities():
        return True
    if before in ("of", "from", "to") and key not in seats():
        return False
    if key in seats():
        return before != "the" or (words.key[member.first - 2] if member.first > 1 else "") not in lists.locative
    if key in cities() or _in_address(words, member):
        return False
    if tight and after in lists.place_nouns:
        return False
    if tight and after in lists.government_nouns:
        return True
    head = words.governor(member.first, member.last)
    if head.dep_ in _ACTING:
        return head.dep_ != "dobj" or head.head.lemma_ not in lists.motion
    if head.dep_ == "pobj":
        return head.head.lower_ in _WITH
    return False


def _in_address(words: Words, member: Candidate) -> bool:
    """As in "Ankara, Turkey" or "London, on Monday": a place with what it lies in."""
    if member.last >= len(words) or not words.between(member.last - 1, member.last).startswith(","):
        return False
    nxt = words.token(member.last)
    return nxt.ent_type_ == "GPE" and words.head(member.first, member.last).dep_ not in ("nsubj", "conj")
