"""Follows the dependency parse from word to word, and finds the tokens of stretches given in characters."""

import functools
from collections.abc import Collection, Iterator, Sequence

import numpy
from spacy.strings import StringStore
from spacy.tokens import Doc, Token


def tokens_of(doc: Doc, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the bounds in tokens of stretches given in characters; a token belongs to it if any part does."""
    if not spans:
        return []
    offsets = doc.to_array("IDX").astype(numpy.int64)
    characters = numpy.array(spans, dtype=numpy.int64)
    starts = numpy.searchsorted(offsets, characters[:, 0], side="right") - 1
    ends = numpy.searchsorted(offsets, characters[:, 1], side="left")
    return [(int(start), max(int(end), int(start) + 1)) for start, end in zip(starts, ends, strict=True)]


@functools.lru_cache(maxsize=32)
def hashes_of(words: Collection[str]) -> frozenset[int]:
    """Returns the hashes of some words in small letters, as `Lookup.lower` has them."""
    strings = StringStore(words)
    return frozenset(strings[word] for word in words)


def relative(token: Token) -> Token:
    """Returns the noun that a relative pronoun stands for, else the token itself."""
    if token.tag_ in {"WDT", "WP"}:
        for ancestor in token.ancestors:
            if ancestor.dep_ == "relcl":
                return ancestor.head
    return token


def linked(token: Token, words: frozenset[str], *, deep: bool = True) -> list[Token]:
    """Returns the objects of the prepositions that hang on a word itself, else (if `deep`) deeper in its phrase.

    "Agreed on the opening of a crossing between Gaza and Egypt" tells nothing of who agreed, unless nothing else does.
    """
    own = [
        obj
        for child in token.children
        if child.dep_ == "prep" and child.i > token.i and child.lower_ in words
        for obj in child.children
        if obj.dep_ == "pobj"
    ]
    return own or (list(right_preps(token, words)) if deep else [])


def right_preps(token: Token, words: frozenset[str]) -> Iterator[Token]:
    """Yields the objects of the given prepositions to the right of a noun or verb, not inside other clauses."""
    stack = [child for child in token.children if child.i > token.i]
    while stack:
        child = stack.pop(0)
        if child.dep_ in {"prep", "agent", "dative"} and child.lower_ in words:
            yield from (obj for obj in child.children if obj.dep_ == "pobj")
        elif child.dep_ in {"relcl", "acl", "advcl", "ccomp", "conj", "parataxis"} or child.pos_ == "VERB":
            continue
        stack.extend(child.children)


def joined(head: Token, child: Token) -> bool:
    """Whether two coordinated phrases act together, not one instead of the other."""
    return not any(t.lower_ in {"but", "or", "not"} for t in head.doc[head.i + 1 : child.i] if t.head is head)
