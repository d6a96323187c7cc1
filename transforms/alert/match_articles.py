"""Matches articles, as they come from the index, against the rules, and records the alerts."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput
from apache_beam.utils.windowed_value import WindowedValue

from transforms.alert.article_alerts import article_drafts, stream_candidates
from transforms.alert.ledger import record_drafts
from transforms.alert.rulebook import Rulebook, about_articles, rule_times
from transforms.attempt import FAILURES, MAIN, failure_of
from transforms.gather import in_global_window
from transforms.present import When, present
from transforms.records import IndexedArticle
from transforms.store.open import store_for
from transforms.store.protocol import Store, StoreError

STAGE = "alert"
CHANGED = "changed"
# As many as are read at once: an article waits here only for those that were read with it.
BATCH = 16


def match_articles(store: Store, indexed: Sequence[IndexedArticle], rulebook: Rulebook, now: datetime.datetime) -> None:
    """Records the alerts that articles give rise to.

    Args:
        store: Where articles are indexed and alerts are recorded.
        indexed: The articles, with their readings.
        rulebook: The rules.
        now: When the alerts are made.
    """
    rules = about_articles(rulebook.rules)
    if not rules:
        return
    candidates = stream_candidates(store, [(one.article, one.reading) for one in indexed])
    drafts = article_drafts(store, candidates, rulebook, rule_times(store, rules, now), now)
    Metrics.counter(STAGE, "alerts_made").inc(record_drafts(store, drafts, rulebook))


class _MatchFn(beam.DoFn):
    """Gathers a few articles of a bundle and matches them together; if that fails, each alone."""

    def __init__(self, store_url: str, rulebook: Rulebook, now: When) -> None:
        self._store_url = store_url
        self._rulebook = rulebook
        self._now = now

    def start_bundle(self) -> None:
        self._held: list[IndexedArticle] = []

    def process(self, indexed: IndexedArticle) -> Iterable[Any]:
        self._held.append(indexed)
        if len(self._held) >= BATCH:
            yield from self._release()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        yield from map(in_global_window, self._release())

    def _release(self) -> Iterator[Any]:
        held, self._held = self._held, []
        if not held:
            return
        try:
            match_articles(store_for(self._store_url), held, self._rulebook, present(self._now))
        except StoreError:
            raise
        except Exception:  # one of them is to blame: each is tried alone
            for one in held:
                yield from self._alone(one)
        else:
            for one in held:
                yield from _passed(one)

    def _alone(self, one: IndexedArticle) -> Iterator[Any]:
        try:
            match_articles(store_for(self._store_url), [one], self._rulebook, present(self._now))
        except StoreError:
            raise
        except Exception as error:  # whatever a single article brings must not stop the others
            Metrics.counter(STAGE, "elements_failed").inc()
            yield TaggedOutput(FAILURES, failure_of(STAGE, one, error, present(self._now)))
        else:
            yield from _passed(one)


def _passed(one: IndexedArticle) -> Iterator[Any]:
    yield one.article
    for agreement in one.agreements:
        yield TaggedOutput(CHANGED, agreement)


class MatchArticles(beam.PTransform[PCollection[IndexedArticle], DoOutputsTuple]):
    """Records an alert and its outbox rows for every rule and article that match.

    Input: IndexedArticle. Output: Article by tag `main`, ids of the agreements changed by tag `changed`; Failure by tag
    `failures`.
    Guarantee: an alert has one id for a rule and a story; a retry records what is missing and nothing twice.
    """

    def __init__(self, *, store_url: str, rulebook: Rulebook, now: When) -> None:
        self._fn = _MatchFn(store_url, rulebook, now)

    def expand(self, indexed: PCollection[IndexedArticle]) -> DoOutputsTuple:
        """Wires the matching."""
        return indexed | "Match" >> beam.ParDo(self._fn).with_outputs(CHANGED, FAILURES, main=MAIN)
