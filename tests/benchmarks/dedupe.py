"""Finding near-duplicates through the SQLite store against datasketch's MinHashLSH in memory: same texts, same run.

Both sides find, for each article in turn, the earlier ones like it. The baseline makes shingles, a MinHash (batched
updates, the fastest datasketch has for one text) and asks and fills a MinHashLSH; ours does what the dedupe stage does
for an article, all in a store on disk: lists it in its bands, verifies, computes roles, and writes the article. The
sides take turns by blocks of articles, so that both see the same machine. Run it by `make bench`.
"""

import argparse
import datetime
import functools
import itertools
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import batched
from pathlib import Path

from datasketch import MinHash, MinHashLSH

from tests.benchmarks.end_to_end import GOLD
from transforms.dedupe.deduplicate import BATCH, judge
from transforms.dedupe.fingerprint import SHINGLE_WORDS
from transforms.ingest.parse_article import content_hash
from transforms.records import Article, PublishedHow, digest
from transforms.store.analysis import split_words
from transforms.store.open import open_store

WORDS = 500  # a wire article
COPIES = 0.2  # of the articles are copies with a word in 20 changed
BLOCK = 500
SEED = 20180917
_NOW = datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC)


def _phrases() -> list[list[str]]:
    folders = [GOLD, Path(__file__).parents[1] / "quality" / "invented"]
    words = " ".join(
        path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.rglob("*.txt"))
    ).split()
    return [list(run) for run in batched(words, 3)]


def texts(count: int) -> Iterator[str]:
    """Yields invented wire reports: runs of three words from news texts, so that common runs are shared as in news."""
    chance = random.Random(SEED)
    phrases = _phrases()
    recent: list[list[str]] = []
    for _ in range(count):
        if recent and chance.random() < COPIES:
            words = [word if chance.random() > 0.05 else chance.choice(phrases)[0] for word in chance.choice(recent)]
        else:
            words = [word for _ in range(WORDS // 3) for word in chance.choice(phrases)]
            recent = [*recent[-200:], words]
        yield " ".join(words)


def _article(number: int, text: str) -> Article:
    return Article(
        id=digest("bench", str(number)),
        item=digest("item", str(number)),
        url=f"https://wire.example/{number}",
        source="Example Wire",
        title=text[:40],
        text=text,
        content_hash=content_hash(text),
        published=(_NOW + datetime.timedelta(minutes=number)).isoformat(),
        published_how=PublishedHow.FEED,
        language="en",
        taken_in=_NOW,
    )


def _datasketch() -> Callable[[list[Article]], int]:
    lsh = MinHashLSH(threshold=0.5, num_perm=128)

    def run(block: list[Article]) -> int:
        found = 0
        for article in block:
            words = split_words(article.text)
            shingles = {
                " ".join(words[start : start + SHINGLE_WORDS]) for start in range(len(words) - SHINGLE_WORDS + 1)
            }
            signature = MinHash(num_perm=128)
            signature.update_batch([shingle.encode() for shingle in shingles])
            found += bool(lsh.query(signature))
            lsh.insert(article.id, signature)
        return found

    return run


def _ours(folder: str) -> Callable[[list[Article]], int]:
    store = open_store(f"sqlite:///{folder}/store.db")

    def run(block: list[Article]) -> int:
        found = 0
        for batch in batched(block, BATCH):
            for _, placed in judge(store, batch):
                found += placed.duplicate_of is not None
        return found

    return run


def main() -> None:
    """Measures and prints both sides' articles a second, and how the cost of one grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[2_000, 10_000])
    for count in parser.parse_args().articles:
        with tempfile.TemporaryDirectory() as folder:
            _measure(count, folder)


class _Spent:
    """Seconds an article, block by block: of processor time, and by the clock, which other programs lengthen."""

    def __init__(self) -> None:
        self.processor: list[float] = []
        self.clock: list[float] = []

    def time(self, run: Callable[[], int], count: int) -> int:
        began = time.process_time(), time.perf_counter()
        found = run()
        self.processor.append((time.process_time() - began[0]) / count)
        self.clock.append((time.perf_counter() - began[1]) / count)
        return found


def _measure(count: int, folder: str) -> None:
    sides = {"datasketch in memory": _datasketch(), "through the store": _ours(folder)}
    spent = {name: _Spent() for name in sides}
    found = dict.fromkeys(sides, 0)
    articles = itertools.starmap(_article, enumerate(texts(count)))
    for number, block in enumerate(batched(articles, BLOCK)):
        for name in sorted(sides, reverse=number % 2 == 1):
            found[name] += spent[name].time(functools.partial(sides[name], list(block)), len(block))
    for name, side in spent.items():
        tenth = max(1, len(side.processor) // 10)
        first, last = (1000 * sum(part) / tenth for part in (side.processor[:tenth], side.processor[-tenth:]))
        sys.stdout.write(
            f"{count:7} {name:20} {len(side.clock) / sum(side.clock):6.0f} articles/s, processor time an article "
            f"{first:.2f} ms in the first tenth, {last:.2f} in the last ({last / first:.2f} times), "
            f"{found[name]} copies found\n"
        )
    theirs, ours = (spent[name] for name in sides)
    sys.stdout.write(
        f"{count:7} through the store / datasketch: {sum(theirs.clock) / sum(ours.clock):.2f} by the clock, "
        f"{sum(theirs.processor) / sum(ours.processor):.2f} by processor time (aim: at least 1.00)\n"
    )


if __name__ == "__main__":
    main()
