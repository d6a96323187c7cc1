r"""How Elasticsearch makes words of text: the same as `transforms.store.analysis`, said in its own terms.

A character filter folds each letter as `fold_character` does, a pattern tokenizer splits at all but letters, digits and
marks, and the Porter stemmer is FTS5's. Measured on every character and 36,000 words, they differ only in characters
that are newer than Python's tables, and in stems of words that are nothing but an ending ("ies"), that mix an English
ending with letters outside of ASCII, or that are longer than 64 bytes (`tests/store/elasticsearch/test_analysis.py`).
"""

import functools
import sys
import unicodedata
from typing import Any

from transforms.store.analysis import MAX_WORD_CHARACTERS, fold_character

# Between two values of one field, so that no phrase runs from one into the next (Elasticsearch's own default).
VALUE_GAP = 100


@functools.cache
def fold_mappings() -> tuple[str, ...]:
    """Returns the rules of the folding character filter: every character that lower-casing alone does not fold."""
    return tuple(
        f"{_escaped(character)} => {_escaped(folded)}"
        for character, folded in map(_folded, range(sys.maxunicode + 1))
        if folded is not None
    )


def _folded(code: int) -> tuple[str, str | None]:
    character = chr(code)
    if unicodedata.category(character)[0] not in "LNM":
        return character, None
    folded, lower = fold_character(character), character.lower()
    return character, None if folded == lower and len(lower) == 1 else folded


def _escaped(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(
        chr(unit) if chr(unit).isalnum() and unit < 0x80 else f"\\u{unit:04X}"
        for unit in (int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2))
    )


def analysis_settings() -> dict[str, Any]:
    """Returns the `analysis` part of an index's settings: analyzers `stems` and `exact`, normalizer `folded`."""
    words = {"type": "custom", "char_filter": ["fold"], "tokenizer": "words"}
    return {
        "char_filter": {"fold": {"type": "mapping", "mappings": list(fold_mappings())}},
        "tokenizer": {"words": {"type": "pattern", "pattern": r"[^\p{L}\p{N}\p{M}]+"}},
        "filter": {"cut": {"type": "truncate", "length": MAX_WORD_CHARACTERS}},
        "analyzer": {
            "stems": {**words, "filter": ["lowercase", "cut", "porter_stem"]},
            "exact": {**words, "filter": ["lowercase", "cut"]},
        },
        "normalizer": {"folded": {"type": "custom", "char_filter": ["fold"], "filter": ["lowercase"]}},
    }
