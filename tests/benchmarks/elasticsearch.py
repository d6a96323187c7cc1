"""Writing and searching on a real Elasticsearch against the bare client, in turns in one run, as ratios.

Writing: articles of 4 KB through `WriteToElasticsearch` against `helpers.parallel_bulk` of the same documents into
indices of the same mappings. Searching: `find` of the store against the bare client's search with the same query,
order and size. ELASTICSEARCH_URL names the server. Run it by `make bench`.
"""

import argparse
import json
import logging
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from elasticsearch import helpers

from pipeline.runner import beam_options, choose_runner
from tests.elasticsearch import fresh_prefix
from transforms.index.write_to_elasticsearch import WriteToElasticsearch
from transforms.store.elasticsearch.address import parse_address
from transforms.store.elasticsearch.documents import READ_FIELDS, source_json
from transforms.store.elasticsearch.link import Link
from transforms.store.elasticsearch.templates import alias_of
from transforms.store.open import open_store
from transforms.store.protocol import Collection, Document

ARTICLES = 20_000
TEXT_CHARACTERS = 4_000
ROUNDS = 3
SEARCHES = 400
SHARDS = 20  # parts in which Beam makes the articles
PAGE = 50
WORDS = [
    "talks",
    "ceasefire",
    "weapons",
    "border",
    "withdrawal",
    "president",
    "minister",
    "agreement",
    "treaty",
    "pipeline",
    "gas",
    "tariff",
    "deadline",
    "october",
    "sanctions",
    "refugees",
    "parliament",
    "coalition",
    "signed",
    "rejected",
    "extended",
    "convoy",
    "mediator",
    "negotiators",
    "province",
    "governor",
]


def _prose() -> str:
    """Returns a long text of common and rare words, of which articles are pieces: to make one costs next to nothing."""
    chance = random.Random(20180917)
    return " ".join(
        word if chance.random() < 0.7 else f"{word}{chance.randrange(9_000)}"
        for word in chance.choices(WORDS, k=60_000)
    )


PROSE = _prose()


def article(number: int) -> Document:
    """Returns an article of about 4 KB, the same for the same number."""
    at = number * 7_919 % (len(PROSE) - TEXT_CHARACTERS)
    text = PROSE[at : at + TEXT_CHARACTERS]
    body = {
        "title": text[:60],
        "text": text,
        "published": f"2024-0{number % 9 + 1}-11",
        "source": f"Wire {number % 20}",
    }
    return Document(
        id=f"{number}", body={**body, "kinds": ["trade"] if number % 3 else [], "actors": ["Turkey", "Russia"]}
    )


def sent(number: int) -> Document:
    """Returns an article laid out as it is kept on the server."""
    whole = article(number)
    return Document(id=whole.id, body=json.loads(source_json(Collection.ARTICLES, whole, "benchmark")))


def _bare(link: Link, index: str, count: int) -> None:
    def actions() -> Iterator[dict[str, object]]:
        for number in range(count):
            document = sent(number)
            yield {"_op_type": "create", "_index": index, "_id": document.id, "_source": document.body}

    for ok, told in helpers.parallel_bulk(link.client, actions()):
        if not ok:
            raise SystemExit(f"not written: {told}")


def _transform(link: Link, index: str, count: int) -> None:
    options: PipelineOptions = beam_options([])
    with beam.Pipeline(runner=choose_runner(options), options=options) as pipeline:
        (
            pipeline
            | beam.Create(range(SHARDS))
            | beam.FlatMap(lambda shard: map(sent, range(shard, count, SHARDS)))
            | WriteToElasticsearch(url=link.address.server, index=index)
        )


def _timed(write: Callable[[Link, str, int], None], link: Link, name: str, count: int) -> float:
    index = f"{alias_of(link.address.prefix, Collection.ARTICLES)}-{name}"
    link.client.indices.create(index=index)
    began = time.perf_counter()
    write(link, index, count)
    seconds = time.perf_counter() - began
    link.client.indices.refresh(index=index)
    found = link.client.count(index=index)["count"]
    link.client.indices.delete(index=index)
    if found != count:
        raise SystemExit(f"{name}: {found} of {count} documents are there")
    return seconds


def writing(url: str, count: int) -> float:
    """Prints articles a second for both sides and returns the ratio of the medians."""
    link = Link(parse_address(url), patience_seconds=60)
    sides = {"parallel_bulk": _bare, "WriteToElasticsearch": _transform}
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for round_ in range(ROUNDS + 1):  # the first warms the server up
        for number, (name, write) in enumerate(sides.items()):
            took = _timed(write, link, f"9{round_}{number}", count if round_ else count // 10)
            seconds[name] += [took] if round_ else []
    link.close()
    for name, runs in seconds.items():
        sys.stdout.write(
            f"{name:22} {count / statistics.median(runs):8.0f} articles/s ({', '.join(f'{s:.1f} s' for s in runs)})\n"
        )
    return statistics.median(seconds["parallel_bulk"]) / statistics.median(seconds["WriteToElasticsearch"])


def searching(url: str, count: int) -> float:
    """Prints p95 of both sides in milliseconds and returns the ratio."""
    store = open_store(url, patience_seconds=60)
    link = Link(parse_address(url), patience_seconds=60)
    for start in range(0, count, 500):
        store.create(Collection.ARTICLES, [article(number) for number in range(start, min(start + 500, count))])
    store.count(Collection.ARTICLES)
    index = alias_of(link.address.prefix, Collection.ARTICLES)
    chance = random.Random(7)
    times: dict[str, list[float]] = {"bare client": [], "store.find": []}
    for number in range(SEARCHES + 50):
        words = " ".join(chance.sample(WORDS, 2))
        phrase = {"bool": {"filter": [{"match_phrase": {"text": words}}]}}
        order = [{"order.published": {"order": "desc", "missing": "_last"}}, {"order.id": "asc"}]
        began = time.perf_counter()
        bare = link.client.search(
            index=index, query=phrase, sort=order, size=PAGE, source={"includes": READ_FIELDS}, track_total_hits=True
        )
        between = time.perf_counter()
        page = store.find(Collection.ARTICLES, f'text:"{words}"', sort=["-published"], limit=PAGE)
        ended = time.perf_counter()
        if page.total != bare["hits"]["total"]["value"]:
            raise SystemExit(f"{words}: {page.total} found, expected {bare['hits']['total']['value']}")
        if number >= 50:  # the first warm both sides up
            times["bare client"].append(between - began)
            times["store.find"].append(ended - between)
    store.close()
    link.close()
    p95 = {name: statistics.quantiles(taken, n=20)[-1] * 1000 for name, taken in times.items()}
    for name, milliseconds in p95.items():
        sys.stdout.write(f"{name:22} p95 {milliseconds:6.1f} ms\n")
    return p95["store.find"] / p95["bare client"]


def main() -> None:
    """Measures both and prints the ratios beside what they should be."""
    logging.getLogger().setLevel(logging.CRITICAL)  # as the command line does
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    given = parser.parse_args()
    with fresh_prefix("bench") as url:
        open_store(url, patience_seconds=60).close()
        ratio = writing(url, given.articles)
        sys.stdout.write(f"WriteToElasticsearch / parallel_bulk: {ratio:.2f} (aim: at least 0.90)\n")
        ratio = searching(url, min(given.articles, 5_000))
        sys.stdout.write(f"store.find / bare client, p95: {ratio:.2f} (aim: at most 1.20)\n")


if __name__ == "__main__":
    main()
