"""How long the registry takes to find an agreement among many, and what one more report of a much reported one costs.

Looking up is what `register` and `refresh` read before they write: the blocks of a mention and the mentions connected
with it. The baseline is the same store with a hundredth of the agreements, in the same run. Run it by `make bench`.
"""

import argparse
import dataclasses
import datetime
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.make import NOW, Make
from transforms.index.index import index_article
from transforms.records import ReadArticle
from transforms.resolve.registry import Neighbourhood, refresh, register
from transforms.resolve.resolve import resolve
from transforms.resolve.write_agreements import Stamp
from transforms.store.open import open_store
from transforms.store.protocol import Store

AGREEMENTS = 10_000
PROBES = 200
REPORTS = 300
STAMP = Stamp(run="benchmark", now=NOW)


def _enter(store: Store, number: int, parties: tuple[str, str], reached: str | None, published: str) -> None:
    article = Make.article(f"article{number}", published=published)
    reading = Make.reading(article.id, parties=parties, reached=reached)
    for resolved in resolve(store, ReadArticle(article=article, reading=reading)):
        list(index_article(store, resolved, STAMP))


def _fill(store: Store, start: int, end: int) -> None:
    """Enters agreements of some hundred countries over some years, each different from all others.

    They are entered into the registry, which is what is looked up; writing each agreement out would take an hour.
    """
    for number in range(start, end):
        one, other = number % 97, 97 + number // 97 % 101
        day = datetime.date(2010, 1, 1) + datetime.timedelta(days=20 * (number // (97 * 101)))
        parties = (f"country:{one:03}", f"country:{other:03}")
        article = Make.article(f"article{number}", published=day.isoformat())
        register(store, article, Make.reading(article.id, parties=parties, reached=day.isoformat()))


def _look_up(store: Store, agreements: int) -> float:
    """Returns the median milliseconds of finding the mentions that a further report is connected with."""
    took = []
    for probe in range(PROBES):
        number = probe * (agreements // PROBES or 1)
        parties = (f"country:{number % 97:03}", f"country:{97 + number // 97 % 101:03}")
        article = dataclasses.replace(Make.article(f"probe{agreements}-{probe}", published="2010-01-02"))
        registered = register(store, article, Make.reading(article.id, parties=parties, reached="2010-01-01"))
        began = time.perf_counter()
        near = Neighbourhood(store)
        listed = near.listed(registered.blocks, frozenset(registered.known))
        own = [sketch for key, sketch in listed.items() if key in registered.mentions]
        near.connected(own)
        took.append((time.perf_counter() - began) * 1_000)
        refresh(store, register(store, article, None), STAMP)
    return statistics.median(took)


def _reports(store: Store) -> tuple[float, float]:
    """Returns the milliseconds a further report costs, when an agreement has a tenth of `REPORTS` and when all."""
    took = []
    for number in range(REPORTS):
        day = datetime.date(2024, 4, 30) + datetime.timedelta(days=number % 100)
        began = time.perf_counter()
        reached = None if number % 3 else "2024-04-29"
        _enter(store, 10_000_000 + number, ("country:AA", "country:BB"), reached, day.isoformat())
        took.append((time.perf_counter() - began) * 1_000)
    tenth = REPORTS // 10
    return statistics.median(took[tenth : 2 * tenth]), statistics.median(took[-tenth:])


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agreements", type=int, default=AGREEMENTS)
    wanted = parser.parse_args().agreements
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'store.db'}")
        few = wanted // 100
        _fill(store, 0, few)
        base = _look_up(store, few)
        _fill(store, few, wanted)
        found = _look_up(store, wanted)
        early, late = _reports(store)
        store.close()
    sys.stdout.write(f"look-up among {few:,} agreements {base:.2f} ms, among {wanted:,} {found:.2f} ms\n")
    sys.stdout.write(f"look-up, {wanted:,} / {few:,}: {found / base:.2f} (aim: under 5 ms at 100,000)\n")
    sys.stdout.write(f"one more report of an agreement: {early:.1f} ms early, {late:.1f} ms after {REPORTS} reports\n")


if __name__ == "__main__":
    main()
