"""Says when and where an agreement was reached, from the words that hang on the deed of reaching it."""

import datetime
from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from transforms.extract.agreements.deeds import Deed
from transforms.extract.agreements.parse import hashes_of
from transforms.extract.agreements.view import View
from transforms.extract.layers import Bound, Timex
from transforms.records import ActorKind, AgreementStatus, Precision

_REACHED = frozenset({AgreementStatus.AGREED, AgreementStatus.SIGNED})
_REACHING = frozenset({"agreed", "signed", "brokered", "negotiating", "approved"})
_WIDTH = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}
_PLACE_TYPES = frozenset({"GPE", "LOC", "FAC"})
_WELCOMING = frozenset({"ratify", "endorse", "back", "hail", "welcome"})
_AREAS = frozenset({"zone", "corridor"})
_LOCAL = frozenset({"truce", "ceasefire", "fire", "cessation", "zone", "pause", "withdrawal"})  # "a truce in Darfur"
_OCCASIONS = frozenset(
    {"summit", "talks", "ceremony", "conference", "meeting", "signing", "met", "gathered", "negotiations"}
)
_AROUND = 90  # tokens: the sentence and the two after it
_NOT_PLACES = frozenset(
    {"DATE", "TIME", "ORG", "EVENT", "LAW", "MONEY", "PERCENT", "CARDINAL", "WORK_OF_ART", "PRODUCT"}
)
_CLAUSES = frozenset({"relcl", "acl", "advcl", "ccomp", "conj", "parataxis", "xcomp"})


def reached_at(view: View, trigger: Token, deeds: Iterable[Deed], status: AgreementStatus | None) -> str | None:
    """Returns when the agreement was reached as YYYY[-MM[-DD]], or None where the sentence does not say.

    Args:
        view: The article.
        trigger: The agreement noun or verb of agreeing.
        deeds: The deeds that govern the noun.
        status: What the sentence says of the agreement's state.
    """
    if trigger.pos_ != "VERB":
        for child in trigger.lefts:  # "the 2003 truce", "Monday's agreement"
            timex = view.timexes.get(child.i)
            if timex is not None and (timex.bound is Bound.ON or child.dep_ == "nmod"):  # "after the May 2003 pact"
                return _written(view, timex)
            year = _year(child) or next((_year(part) for part in child.children if child.dep_ == "nmod"), None)
            if timex is None and year is not None:
                return year
        year = _dated_after(view, trigger)
        if year is not None:
            return year
    if status is AgreementStatus.IN_FORCE and trigger.lemma_.lower() in _LOCAL:
        since = _since(view, deeds)
        if since is not None:
            return since
    signed = any(deed.deed == "signed" and view.doc[deed.verb].tag_ == "VBD" for deed in deeds)
    if status is not None and status not in _REACHED and not signed and not any(_participle(view, d) for d in deeds):
        return None
    for verb in _verbs(view, trigger, deeds):
        for token in _near(verb):
            timex = view.timexes.get(token.i)
            if timex is not None and timex.bound is Bound.ON:
                written = _written(view, timex)
                if written is not None:
                    return written
        timex = _day_of(view, verb)
        if timex is not None and trigger.pos_ != "VERB":
            return _written(view, timex)
    return None


def _day_of(view: View, verb: Token) -> Timex | None:
    """Returns the day that a clause tells of ("allies since May 1989, when they signed a pact")."""
    when = next((child.i for child in verb.lefts if child.lower_ == "when" and child.i > 1), None)
    if when is None:
        return None
    timex: Timex | None = view.timexes.get(when - 2 if view.doc[when - 1].text == "," else when - 1)
    return timex


def _since(view: View, deeds: Iterable[Deed]) -> str | None:
    """Returns since when a truce is said to have been observed ("have kept a ceasefire since April")."""
    for token in (token for deed in deeds for token in _near(view.doc[deed.verb])):
        timex = view.timexes.get(token.i)
        if timex is not None and timex.bound is Bound.SINCE:
            return _written(view, timex)
    return None


def _dated_after(view: View, noun: Token) -> str | None:
    """Returns the year in "the treaty of 1991", the month in "the pact of March 2014"."""
    if noun.i + 2 < len(view.doc) and view.doc[noun.i + 1].lower_ in {"of", "from"}:
        timex = view.timexes.get(noun.i + 2)
        if timex is not None and timex.precision is Precision.MONTH:
            return _written(view, timex)
        return _year(view.doc[noun.i + 2])
    return None


def _year(token: Token) -> str | None:
    year = token.text
    return year if year.isdigit() and len(year) == 4 and 1800 < int(year) < 2100 else None


def _participle(view: View, deed: Deed) -> bool:
    verb = view.doc[deed.verb]
    return deed.deed in {"agreed", "signed"} and (verb.dep_ in {"acl", "relcl"} or deed.place == "passive")


def _verbs(view: View, trigger: Token, deeds: Iterable[Deed]) -> Iterator[Token]:
    if trigger.pos_ == "VERB":
        yield trigger
        return
    for deed in deeds:
        verb = view.doc[deed.verb]
        if deed.deed == "approved" and (verb.lemma_ in _WELCOMING or _by_house(view, verb)):
            continue
        if deed.deed in _REACHING and deed.place not in {"noun", "adjective", "copula"}:
            yield verb
            if verb.dep_ == "ccomp" and verb.head.lemma_ in {"announce", "declare", "reveal", "disclose", "confirm"}:
                yield verb.head
            if verb.dep_ in {"xcomp", "advcl"}:  # "agreed on Monday to sign", "met on Thursday to sign"
                yield verb.head
    yield trigger
    if (
        trigger.head.lower_ == "under" and trigger.head.head.tag_ == "VBD"
    ):  # "the guns fell silent in 1988 under a truce"
        yield trigger.head.head


def _by_house(view: View, verb: Token) -> bool:
    """Whether a parliament approves, long after the signing."""
    houses = view.lexicon.sets["institutions"] - {"board", "commission"}
    return any(
        token.lemma_.lower() in houses for subject in view.subject(verb) for token in (subject, *subject.children)
    )


def _near(verb: Token) -> Iterator[Token]:
    """Yields the tokens of a verb's own clause."""
    stack = list(verb.children)
    while stack:
        token = stack.pop(0)
        if token.dep_ in _CLAUSES:
            continue
        yield token
        stack.extend(token.children)


def _written(view: View, timex: Timex) -> str | None:
    if timex.first is None or timex.precision not in _WIDTH:
        return None
    published: datetime.date | None = view.doc._.published
    if published is not None and timex.first > published:
        return None
    return timex.first.isoformat()[: _WIDTH[timex.precision]]


def place_of(view: View, trigger: Token, deeds: Iterable[Deed], status: AgreementStatus | None) -> str | None:
    """Returns where the agreement was reached ("in Sochi"), or None where the sentence does not say."""
    if status is not None and status not in _REACHED:
        return None
    if trigger.lemma_.lower() in _AREAS:  # "a zone in Idlib" says where it lies
        return None
    for verb in _verbs(view, trigger, deeds):
        own = verb.i != trigger.i or trigger.pos_ == "VERB"
        for child in verb.children if own or trigger.lemma_.lower() not in _LOCAL else ():
            if child.dep_ == "prep" and child.lower_ in {"in", "at"}:
                place = _place(view, child, countries=own)
                if place is not None:
                    return place
        if verb.dep_ == "relcl" and any(child.lower_ == "where" for child in verb.children):
            place = _entity(view, verb.head, countries=True)
            if place is not None:
                return place
    return _city(view, trigger) if trigger.lemma_.lower() not in _LOCAL else None


def occasion_place(view: View, start: int) -> str | None:
    """Returns where the talks, summit or ceremony around a reached agreement was held, or None.

    Args:
        view: The article.
        start: First token of the sentence that tells of the agreement; the following two are looked at too.
    """
    occasions = hashes_of(_OCCASIONS)
    for i in range(start, min(start + _AROUND, len(view.doc))):
        if view.lower[i] in occasions:
            for child in view.doc[i].children:
                if child.dep_ == "prep" and child.lower_ in {"in", "at"}:
                    place = _place(view, child, countries=False)
                    if place is not None:
                        return place
    return None


def _place(view: View, preposition: Token, *, countries: bool) -> str | None:
    for obj in preposition.children:
        if obj.dep_ == "pobj":
            found = _entity(view, obj, countries=countries)
            if found is not None:
                return found
            for child in obj.children:  # "in the resort of Sochi", "at a ceremony in Oslo"
                if child.dep_ == "prep" and child.lower_ in {"of", "in"}:
                    found = _place(view, child, countries=countries)
                    if found is not None:
                        return found
    return None


def _entity(view: View, token: Token, *, countries: bool) -> str | None:
    if token.is_upper and len(token) > 3 and token.head.is_upper:  # a headline in capitals
        return None
    if token.ent_type_ not in _PLACE_TYPES and (token.pos_ != "PROPN" or _named_otherwise(token)):
        return None
    if not countries and any(view.kinds.get(m.actor) is ActorKind.COUNTRY for m in view.at(token.i)):
        return None
    start, end = token.i, token.i + 1
    while start > 0 and view.doc[start].ent_iob_ == "I":
        start -= 1
    while end < len(view.doc) and view.doc[end].ent_iob_ == "I":
        end += 1
    return view.doc[start:end].text.removeprefix("the ").removeprefix("The ")


def _named_otherwise(token: Token) -> bool:
    """Whether the name is no place's; towns that the model calls companies are known by "in X on Monday"."""
    town = (
        token.head.lower_ == "in" and token.i + 1 < len(token.doc) and token.nbor(1).lower_ in {"on", ",", ".", "after"}
    )
    return token.ent_type_ in _NOT_PLACES and not (town and token.ent_type_ == "ORG")


def _city(view: View, trigger: Token) -> str | None:
    """Returns the place after an "in" that the parser hung on another noun ("on gas in Athens on Monday")."""
    _, end = view.sentence(trigger.i)
    for i in range(trigger.i + 1, end - 1):
        token = view.doc[i]
        if token.lower_ == "in" and token.dep_ == "prep" and view.doc[i + 1].pos_ == "PROPN":
            after = view.doc[i + 1]
            while after.i + 1 < end and after.nbor(1).ent_iob_ == "I":
                after = after.nbor(1)
            follows = after.nbor(1) if after.i + 1 < end else after
            if follows.lower_ in {"on", ".", "after", ","} and not _is_country(view, i + 1):
                return _entity(view, view.doc[i + 1], countries=False)
        if token.pos_ == "VERB" and i > trigger.i + 1 and token.dep_ not in {"acl", "amod"}:
            return None
    return None


def _is_country(view: View, i: int) -> bool:
    return any(view.kinds.get(m.actor) is ActorKind.COUNTRY for m in view.at(i))
