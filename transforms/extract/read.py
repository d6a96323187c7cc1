"""Reads articles inside a Beam pipeline: spaCy behind RunInference, in batches, the model loaded once a process."""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.ml.inference.base import ModelHandler, PredictionResult, RunInference
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput
from spacy.language import Language

from transforms.attempt import FAILURES, MAIN, failure_of
from transforms.extract.model import load_reader
from transforms.extract.names import DEFAULT_MODEL
from transforms.extract.reading import read_articles
from transforms.present import When, present
from transforms.records import Article, ReadArticle, Reading

STAGE = "read"


# Of a shorter text the language is a guess ("Truce ends" looks French); reading it does no harm.
MIN_LANGUAGE_CHARACTERS = 200

type Reader = Callable[[], Language]


def is_foreign(article: Article, language: str | None) -> bool:
    """Returns whether an article is in another language than a spaCy pipeline's (`en`)."""
    known = article.language is not None and language is not None
    return known and article.language != language and len(article.text) >= MIN_LANGUAGE_CHARACTERS


class ReaderHandler(ModelHandler[Article, PredictionResult, Reader]):
    """Lets RunInference read articles with the spaCy pipeline of `load_reader`.

    `load_reader` keeps the pipeline in its own module: RunInference alone loads it anew at every run (1.2 s). What
    RunInference holds is only the way to it, so that a run without a new article does not load it at all.
    """

    def __init__(self, *, model: str = DEFAULT_MODEL, gazetteer: str | None = None, batch_size: int = 16) -> None:
        """Takes the settings `nlp.*`; nothing is loaded here."""
        super().__init__(min_batch_size=batch_size, max_batch_size=batch_size)
        self._model = model
        self._gazetteer = gazetteer

    def load_model(self) -> Reader:
        """Returns the way to the spaCy pipeline of this process."""
        return functools.partial(load_reader, self._model, self._gazetteer)

    def run_inference(
        self, batch: Sequence[Article], model: Reader, inference_args: Mapping[str, Any] | None = None
    ) -> Iterable[PredictionResult]:
        """Yields for each article, in order, its Reading, or the error it met, or None if it is not read.

        Copies that add nothing are not, since their originals are; nor are articles in a language that is not the
        pipeline's. The order matters: an article's dependents come before it, so that it is done last.
        """
        nlp = model() if any(article.is_read for article in batch) else None
        wanted = [article.is_read and nlp is not None and not is_foreign(article, nlp.lang) for article in batch]
        to_read = [article for article, is_wanted in zip(batch, wanted, strict=True) if is_wanted]
        read = iter(read_articles(nlp, to_read)) if nlp is not None and to_read else iter(())
        for article, is_wanted in zip(batch, wanted, strict=True):
            yield PredictionResult(example=article, inference=next(read) if is_wanted else None)

    def get_metrics_namespace(self) -> str:
        """Names Beam's own metrics of this handler (batch sizes, latencies)."""
        return STAGE


class _PartFn(beam.DoFn):
    def __init__(self, now: When) -> None:
        self._now = now

    def process(self, result: Any) -> Iterable[Any]:
        article: Article = result.example
        reading: Reading | Exception | None = result.inference
        if isinstance(reading, Exception):
            Metrics.counter(STAGE, "elements_failed").inc()
            yield TaggedOutput(FAILURES, failure_of(STAGE, article, reading, present(self._now)))
            return
        if reading is None:
            Metrics.counter(STAGE, "languages_unread" if article.is_read else "copies_unread").inc()
            yield ReadArticle(article=article, reading=Reading(article=article.id))
            return
        Metrics.counter(STAGE, "articles_read").inc()
        Metrics.counter(STAGE, "agreements_found").inc(len(reading.agreements))
        Metrics.counter(STAGE, "deadlines_found").inc(len(reading.deadlines))
        yield ReadArticle(article=article, reading=reading)


class ReadArticles(beam.PTransform[PCollection[Article], DoOutputsTuple]):
    """Reads actors, agreements and deadlines in articles; copies that add nothing, and other languages, pass unread.

    Input: Article. Output: ReadArticle, one for each input, by tag `main`; Failure by tag `failures`.
    Guarantee: the same article gives the same reading, whatever batch it is in.
    """

    def __init__(self, *, handler: ReaderHandler, now: When) -> None:
        self._handler = handler
        self._now = now

    def expand(self, articles: PCollection[Article]) -> DoOutputsTuple:
        """Wires the model."""
        return (
            articles
            | "Infer" >> RunInference(self._handler)
            | "Part" >> beam.ParDo(_PartFn(self._now)).with_outputs(FAILURES, main=MAIN)
        )
