"""Notes at every tick that a stream lives, so that `pactwatch status` can tell."""

import datetime
import functools
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import DoOutputsTuple, PCollection

from transforms.attempt import TryEach
from transforms.present import present
from transforms.records import record
from transforms.store.protocol import Collection, Document, Store

STREAM = "stream"  # stands where a watch names its machine


@record
class Life:
    """What is told of a stream.

    Attributes:
        run: The stream's run id, and the id of its note.
        started: When it was started.
        sources: What it takes in, in words.
        tick_seconds: Between two looks.
    """

    run: str
    started: datetime.datetime
    sources: tuple[str, ...]
    tick_seconds: float


def life_document(life: Life, state: str, now: datetime.datetime) -> Document:
    """Returns the note of a stream, in the form of those of watches."""
    body = {
        "id": life.run,
        "host": STREAM,
        "pid": 0,
        "started": life.started.isoformat(),
        "seen": now.isoformat(),
        "state": state,
        "sources": list(life.sources),
        "poll_seconds": life.tick_seconds,
        "next": (now + datetime.timedelta(seconds=life.tick_seconds)).isoformat(),
        "count": 0,
        "failed_in_row": 0,
        "last_success": None,
        "being_written": 0,
        "troubles": [],
        "ticks": [],
    }
    return Document(id=life.run, body=body)


def note_life(store: Store, _: Any, life: Life) -> Iterator[str]:
    """Notes that a stream lives; yields its run id."""
    store.replace(Collection.WATCHES, [life_document(life, "waiting", present(None))])
    yield life.run


class NoteLife(beam.PTransform[PCollection[Any], DoOutputsTuple]):
    """Notes that the stream lives.

    Input: ticks. Output: the run's id by tag `main`; Failure by tag `failures`.
    Guarantee: a retry notes it again.
    """

    def __init__(self, *, store_url: str, life: Life) -> None:
        self._store_url = store_url
        self._step = functools.partial(note_life, life=life)

    def expand(self, ticks: PCollection[Any]) -> DoOutputsTuple:
        """Wires one write a tick."""
        return ticks | "Note" >> TryEach(stage="status", step=self._step, store_url=self._store_url, now=None)
