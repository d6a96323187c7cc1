"""Reads a list of sides up to its verb where the parser lost part of it ("X (A), its ally B and the Cs signed")."""

from spacy.tokens import Token

from transforms.extract.agreements.lookup import Lookup, Side
from transforms.extract.layers import ActorMention, Form
from transforms.records import ActorKind

_FAR = 45  # tokens; longer stretches before a verb are more than a list
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_BOUNDS = frozenset({"that", ";", ":", "“", '"', "``", "''", "while", "after", "because", "but"})
_LINKS = frozenset({",", "and", "(", "-", "&"})
_FILLING = frozenset({"DET", "ADJ", "NOUN", "PROPN", "PUNCT", "CCONJ", "NUM", "PART", "PRON", "SYM"})
_TAIL = 8  # tokens between the last name and the verb: "on Wednesday", "'s government"

Entry = tuple[int, int, ActorMention]


def listed_before(view: Lookup, verb: Token, start: int) -> list[Side]:
    """Returns the sides listed between a clause's start and its verb, or [] where the words are no plain list.

    Args:
        view: The article.
        verb: A finite verb.
        start: First token of its sentence, after a dateline.
    """
    begin = _clause_start(view, verb, start)
    if not any(token.lower_ == "and" for token in view.doc[begin : verb.i]):
        return []
    entries = [entry for entry in view.covered(begin, verb.i) if not _aside(view, entry)]
    kept: list[Entry] = []
    if not entries or not _plain(view, begin, entries[0][0]):
        return []
    for entry, following in zip(entries, [*entries[1:], None], strict=False):
        gap = view.doc[entry[1] : following[0]] if following is not None else view.doc[entry[1] : verb.i]
        if following is None:
            others = any(token.lower_ == "others" for token in gap)  # "X, Y and three others"
            if (any(token.lower_ == "and" for token in gap) and not others) or len(gap) > _TAIL:
                return []
        elif not _plain(view, entry[1], following[0]):
            return []
        elif entry[2].form is Form.ROLE and following[2].form is Form.NAME and gap.text in {",", ", the"}:
            continue  # "the last guerrilla group, the ELN"
        elif not any(token.lower_ in _LINKS for token in gap):
            continue  # "Angela Merkel's Christian Democrats", "Turkish President Erdogan"
        kept.append(entry)
    return [view.side(mention, end - 1) for _start, end, mention in _without_holders(view, kept)]


def _plain(view: Lookup, start: int, end: int) -> bool:
    """Whether only words that can stand inside a list lie between two tokens."""
    return all(token.pos_ in _FILLING or token.lower_ in {"of", "for"} for token in view.doc[start:end])


def _clause_start(view: Lookup, verb: Token, start: int) -> int:
    for i in range(verb.i - 1, max(start, verb.i - _FAR) - 1, -1):
        token = view.doc[i]
        own = token.head.i == verb.i and token.dep_ in {"aux", "auxpass"}
        if (token.tag_ in _FINITE and not own and not view.at(i)) or token.lower_ in _BOUNDS:
            return i + 1
    return max(start, verb.i - _FAR)


def _aside(view: Lookup, entry: Entry) -> bool:
    """Whether a name in brackets only repeats the one before, or is where a list is set ("in Geneva")."""
    start, _end, mention = entry
    before = view.doc[start - 1] if start else None
    return before is not None and (before.text == "(" or (mention.form is Form.PLACE and before.lower_ in {"in", "at"}))


def _without_holders(view: Lookup, entries: list[Entry]) -> list[Entry]:
    """Returns the list without the persons whose office names their side ("the Prime Minister of India, Mr X,")."""
    kept: list[Entry] = []
    for entry in entries:
        person = view.kinds.get(entry[2].actor) is ActorKind.PERSON
        office = bool(kept) and view.doc[kept[-1][0] - 1].lower_ in {"of", "the"} and view.doc[kept[-1][1]].text == ","
        of = bool(kept) and any(t.lower_ == "of" for t in view.doc[max(0, kept[-1][0] - 2) : kept[-1][0]])
        direct = bool(kept) and not any(t.lower_ == "and" for t in view.doc[kept[-1][1] : entry[0]])
        if person and office and of and direct:
            continue
        kept.append(entry)
    return kept
