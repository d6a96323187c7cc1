"""Matches articles, and what happened to agreements and deadlines, once a run has read everything, and reminds.

Articles are matched in the stories that follow from all of them, so that their order makes no difference. Events are
matched after the run's last article, not between two: of three articles that move a date twice, whichever
comes first, each move is told once, and none is told that another article of the same run has overtaken.
"""

import datetime
import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput

from transforms.alert.article_alerts import article_drafts
from transforms.alert.changes import Scene, change_drafts, scenes
from transforms.alert.events import Order, Seen, seen_now
from transforms.alert.ledger import record_drafts
from transforms.alert.match_articles import match_articles, placed
from transforms.alert.note_articles import is_of_article
from transforms.alert.reminders import reminder_drafts
from transforms.alert.rulebook import Rulebook, rule_times
from transforms.attempt import FAILURES, TryEach, failure_of
from transforms.gather import GatherByKey
from transforms.present import When, present
from transforms.store.documents import agreement_from
from transforms.store.protocol import Collection, Document, Store, Stored, StoreError

STAGE = "alert"
_CHUNK = 100  # agreements and articles matched together


def match_changes(
    store: Store, changed: Iterable[str], rulebook: Rulebook, now: datetime.datetime, *, looks: bool = True
) -> Iterator[Any]:
    """Records the alerts on articles and on all that happened to agreements since matched last, then the reminders.

    Args:
        store: Where articles and agreements are and alerts are recorded.
        changed: Ids of agreements that changed and of articles that were noted.
        rulebook: The rules.
        now: When the alerts are made.
        looks: Whether what a run that was killed noted as changed comes beside, and reminders are looked for.

    Yields:
        A Failure for every agreement or article that cannot be matched; it is tried again by the next run.
    """
    made = rule_times(store, rulebook.rules, now)
    noted = [stored.id for stored in store.scan(Collection.CHANGES, {"state": "open"})] if looks else []
    told = 0
    for chunk in itertools.batched(sorted({*changed, *noted}), _CHUNK):
        try:
            told += _match_chunk(store, chunk, rulebook, made, now)
        except StoreError:
            raise
        except Exception:  # one of them is to blame: each is tried alone
            for one in chunk:
                told_of_one, failures = _match_alone(store, one, rulebook, made, now)
                told += told_of_one
                yield from failures
    if looks:
        told += record_drafts(store, reminder_drafts(store, rulebook, made, now), rulebook)
    Metrics.counter(STAGE, "alerts_made").inc(told)


def _match_alone(
    store: Store, one: str, rulebook: Rulebook, made: dict[str, datetime.datetime], now: datetime.datetime
) -> tuple[int, list[Any]]:
    try:
        return _match_chunk(store, [one], rulebook, made, now), []
    except StoreError:
        raise
    except Exception as error:  # whatever a single one brings must not stop the others
        Metrics.counter(STAGE, "elements_failed").inc()
        return 0, [TaggedOutput(FAILURES, failure_of(STAGE, f"agreement or article {one}", error, now))]


def _match_chunk(
    store: Store, ids: Iterable[str], rulebook: Rulebook, made: dict[str, datetime.datetime], now: datetime.datetime
) -> int:
    """Matches what some notes are of; what changes meanwhile is noted as changed again and met by the next run."""
    notes = store.get(Collection.CHANGES, list(ids))
    articles = [key for key, note in notes.items() if is_of_article(note)]
    told = match_articles(store, articles, rulebook, made, now)
    agreements = store.get(Collection.AGREEMENTS, sorted(notes.keys() - set(articles)))
    found = scenes(store, list(agreements.values()))
    seen = {scene.stored.id: seen_before(store, scene, notes[scene.stored.id]) for scene in found}
    told += record_drafts(store, change_drafts(store, found, seen, rulebook, made, now), rulebook)
    now_seen = {
        scene.stored.id: seen_now(agreement_from(scene.stored), scene.records(), seen[scene.stored.id])
        for scene in found
    }
    # One without a scene was merged into another, which carries its marks on.
    settled = [(_matched(note, now_seen.get(key, _seen(note))), note.version) for key, note in notes.items()]
    store.compare_and_set_each(Collection.CHANGES, settled)
    return told


def _matched(note: Stored, seen: Seen) -> Document:
    return Document(
        id=note.id,
        body={**note.body, "state": "matched", "seen": {key: list(order) for key, order in seen.items()}},
    )


def _seen(note: Stored) -> dict[str, Order]:
    return {key: (order[0], order[1]) for key, order in note.body.get("seen", {}).items()}


def seen_before(store: Store, scene: Scene, note: Stored) -> dict[str, Order]:
    """Returns how far an agreement's events were told of, under its own id and those it went by before."""
    present = {old: now for now, ids in scene.former.items() for old in ids}
    others = [key for key in scene.former[scene.stored.id] if key != note.id]
    seen: dict[str, Order] = {}
    for one in (note, *store.get(Collection.CHANGES, others).values()):
        for key, order in _seen(one).items():
            name = present.get(key, key)
            seen[name] = max(order, seen.get(name, order))
    return seen


def match_stored(store: Store, rulebook: Rulebook, now: datetime.datetime) -> int:
    """Records the alerts that everything stored gives rise to, also what was taken in before the rules were made.

    Args:
        store: What is stored.
        rulebook: The rules, with `backfill` set.
        now: When the alerts are made.

    Returns:
        How many alerts are new.
    """
    told = 0
    for chunk in itertools.batched(store.scan(Collection.ARTICLES), _CHUNK):
        candidates, members = placed(store, [stored.id for stored in chunk])
        told += record_drafts(store, article_drafts(candidates, members, rulebook, {}, now), rulebook)
    for chunk in itertools.batched(store.scan(Collection.AGREEMENTS), _CHUNK):
        drafts = change_drafts(store, scenes(store, chunk), {}, rulebook, {}, now)
        told += record_drafts(store, drafts, rulebook)
    return told


def _match_gathered(store: Store, gathered: Sequence[str | None], rulebook: Rulebook, now: When) -> Iterator[Any]:
    changed = {agreement for agreement in gathered if agreement is not None}
    yield from match_changes(store, changed, rulebook, present(now), looks=None in gathered)
    yield len(changed)


class MatchChanges(beam.PTransform[tuple[PCollection[Any], PCollection[str]], DoOutputsTuple]):
    """Records alerts on articles and events of agreements and deadlines, and reminders, once all is indexed.

    In a stream they are recorded as they come, and reminders are looked for at every tick.

    Input: ticks, and ids of changed agreements and noted articles. Output: by tag `main` how many were matched at once;
    Failure by tag `failures`.
    Guarantee: an alert has one id for a rule and a fact; a retry records what is missing and nothing twice.
    """

    def __init__(self, *, store_url: str, rulebook: Rulebook, now: When) -> None:
        self._store_url = store_url
        self._now = now
        self._step = functools.partial(_match_gathered, rulebook=rulebook, now=now)

    def expand(self, sources: tuple[PCollection[Any], PCollection[str]]) -> DoOutputsTuple:
        """Wires the barrier and the matching, in one place; it runs once also when nothing changed."""
        ticks, changed = sources
        looks = ticks | "Look" >> beam.Map(lambda _: ("", None))
        named = changed | "Name" >> beam.Map(lambda agreement: ("", agreement))
        gathered = (looks, named) | "All" >> beam.Flatten() | "Gather" >> GatherByKey()
        gathered = gathered | "Ids" >> beam.MapTuple(lambda _, ids: tuple(ids))
        return gathered | "Match" >> TryEach(stage=STAGE, step=self._step, store_url=self._store_url, now=self._now)
