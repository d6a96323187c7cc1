"""Finds who stands behind a group without a name: who leads it, in which body it meets."""

from spacy.tokens import Token

from transforms.extract.agreements.parse import linked

_LED = 8  # tokens from a group to who leads it
_LEADING = frozenset({"led", "headed"})
_MEETING = frozenset({"meet", "gather", "assemble", "group", "unite", "organise", "organize", "represent"})
_WHERE = frozenset({"in", "at", "within", "of"})


def leaders(head: Token, stop: int) -> list[Token]:
    """Returns who leads an unnamed group ("a group of buyers led by X", "a committee headed by Y").

    Args:
        head: The noun of the group.
        stop: Past-last token of its sentence.
    """
    for token in head.doc[head.i + 1 : min(head.i + _LED, stop)]:
        if token.lower_ in _LEADING and token.tag_ in {"VBN", "VBD"}:
            return [obj for child in token.children if child.lower_ == "by" for obj in child.children]
    return []


def meeting_places(head: Token) -> list[Token]:
    """Returns where those without a name meet ("creditor governments meeting in the Paris Club").

    Args:
        head: The noun of those who meet.
    """
    clauses = (child for child in head.children if child.dep_ == "acl" and child.lemma_ in _MEETING)
    return [obj for clause in clauses for obj in linked(clause, _WHERE, deep=False)]
