"""Matching rules in the stream against a real Elasticsearch percolator, in turns in one run, as ratios.

The same 100 articles, of wire length and longer, against 1,000 and 10,000 rules made of the articles' own words: two
words that must both be there, any of three, a phrase of two, one without another. The percolator has the rules indexed
beforehand and is asked for all articles in one request, with its own analysis of the same shape (split, lower case,
Porter stems).
Start it by `../shared/tools/start_es.py start --es 7 --port 9217`, name it in PERCOLATOR_URL, and run `make bench`.
"""

import argparse
import itertools
import json
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.benchmarks.end_to_end import shuffled_texts
from transforms.alert.match import Matcher
from transforms.store.analysis import split_words
from transforms.store.protocol import Collection, Document
from transforms.store.query import And, Node, Not, Or, Words

ARTICLES = 100
LENGTHS = (400, 1_000)  # words of an article at most: a wire story, and the benchmark texts nearly whole
HEADLINE_WORDS = 12
RULES = (1_000, 10_000)
ROUNDS = 5
INDEX = "pactwatch-bench-rules"
FIELDS = ("title", "text")
FLOOR, AIM = 5.0, 10.0
_TEXT = {"type": "text", "analyzer": "words", "norms": False}
_SETTINGS = {
    "settings": {
        "number_of_shards": 1,
        "number_of_replicas": 0,
        "index.max_result_window": 20_000,
        "analysis": {
            "tokenizer": {"words": {"type": "pattern", "pattern": "[^\\p{L}\\p{N}\\p{M}]+"}},
            "analyzer": {"words": {"tokenizer": "words", "filter": ["lowercase", "asciifolding", "porter_stem"]}},
        },
    },
    "mappings": {"properties": {"query": {"type": "percolator"}, "title": _TEXT, "text": _TEXT}},
}


def articles(words: int) -> list[Document]:
    """Returns the articles: the benchmark texts cut to so many words, each with its first words as its headline."""
    whole = itertools.islice(itertools.cycle(shuffled_texts(ARTICLES)), ARTICLES)
    split = [re.findall(r"\S+\s?", text)[:words] for text in whole]
    return [
        Document(id=str(number), body={"title": "".join(text[:HEADLINE_WORDS]), "text": "".join(text)})
        for number, text in enumerate(split)
    ]


def rules(count: int, documents: list[Document], chance: random.Random) -> dict[str, Node]:
    """Returns rules such as people write: of words that are rare enough to be worth telling."""
    seen: dict[str, int] = {}
    for document in documents:
        for word in set(split_words(document.body["text"])):
            seen[word] = seen.get(word, 0) + 1
    rare = sorted(word for word, times in seen.items() if times <= ARTICLES // 10 and len(word) > 3)
    # Most words that rules look for are in no article of a batch.
    known = rare + [f"{word}x{number}" for number in range(4) for word in rare]

    def words(number: int) -> Words:
        return Words(fields=FIELDS, words=tuple(chance.sample(known, number)))

    def rule(number: int) -> Node:
        match number % 4:
            case 0:
                return And(operands=(words(1), words(1)))
            case 1:
                return Or(operands=(words(1), words(1), words(1)))
            case 2:
                return words(2)
            case _:
                return And(operands=(words(1), Not(operand=words(1))))

    return {f"rule {number}": rule(number) for number in range(count)}


def dsl(node: Node) -> dict[str, Any]:
    """Returns a rule in the percolator's language."""
    match node:
        case Words():
            return {"bool": {"should": [{"match_phrase": {field: " ".join(node.words)}} for field in node.fields]}}
        case And():
            wanted = [dsl(part) for part in node.operands if not isinstance(part, Not)]
            unwanted = [dsl(part.operand) for part in node.operands if isinstance(part, Not)]
            return {"bool": {"must": wanted, "must_not": unwanted}}
        case Or():
            return {"bool": {"should": [dsl(part) for part in node.operands]}}
        case _:
            raise TypeError(f"no rule here is a {type(node).__name__}")


class Percolator:
    """A server with the rules indexed."""

    def __init__(self, url: str, trees: dict[str, Node]) -> None:
        self._client = httpx.Client(base_url=url, timeout=300)
        self._client.delete(f"/{INDEX}", params={"ignore_unavailable": "true"})
        self._client.put(f"/{INDEX}", json=_SETTINGS).raise_for_status()
        for part in itertools.batched(trees.items(), 1_000):
            lines = [
                json.dumps(line) for name, tree in part for line in ({"index": {"_id": name}}, {"query": dsl(tree)})
            ]
            body = "\n".join(lines) + "\n"
            self._client.post(f"/{INDEX}/_bulk", content=body, headers={"Content-Type": "application/x-ndjson"})
        self._client.post(f"/{INDEX}/_forcemerge", params={"max_num_segments": 1}).raise_for_status()
        self._client.post(f"/{INDEX}/_refresh").raise_for_status()

    def match(self, documents: list[Document]) -> dict[str, list[str]]:
        """Returns for each rule the ids of the articles it matches, asked for in one request."""
        query = {"percolate": {"field": "query", "documents": [dict(document.body) for document in documents]}}
        answer = self._client.post(
            f"/{INDEX}/_search",
            json={"query": {"constant_score": {"filter": query}}, "size": 20_000, "_source": False},
        )
        answer.raise_for_status()
        return {
            hit["_id"]: [documents[slot].id for slot in hit["fields"]["_percolator_document_slot"]]
            for hit in answer.json()["hits"]["hits"]
        }

    def close(self) -> None:
        self._client.delete(f"/{INDEX}")
        self._client.close()


def _seconds(match: Callable[[list[Document]], Any], documents: list[Document]) -> float:
    began = time.perf_counter()
    match(documents)
    return time.perf_counter() - began


def measure(count: int, documents: list[Document], url: str) -> tuple[float, float]:
    """Measures so many rules; returns the median seconds of ours and of the percolator."""
    trees = rules(count, documents, random.Random(count))
    ours, theirs = Matcher(Collection.ARTICLES, trees), Percolator(url, trees)
    found, expected = ours.match(documents), theirs.match(documents)
    pairs = {(name, one) for name, ids in found.items() for one in ids}
    other = {(name, one) for name, ids in expected.items() for one in ids}
    rounds = [(_seconds(ours.match, documents), _seconds(theirs.match, documents)) for _ in range(ROUNDS)]
    theirs.close()
    mine, percolator = (statistics.median(each) for each in zip(*rounds, strict=True))
    same = len(pairs & other) / max(len(pairs | other), 1)
    sys.stdout.write(
        f"{count} rules x {len(documents)} articles: {mine * 1000:.0f} ms, percolator {percolator * 1000:.0f} ms, "
        f"{percolator / mine:.1f} times faster; {len(pairs)} matches, {same:.1%} the same\n"
    )
    return mine, percolator


def measure_length(words: int, url: str) -> bool:
    """Measures articles of so many words at most; returns whether the floor is kept."""
    documents = articles(words)
    sys.stdout.write(f"articles of {words} words at most:\n")
    few, many = (measure(count, documents, url) for count in RULES)
    slowest = min(theirs / ours for ours, theirs in (few, many))
    growth = many[0] / few[0]
    sys.stdout.write(f"from {RULES[0]} to {RULES[1]} rules an article costs {growth:.1f} times as much\n")
    return slowest >= FLOOR and growth <= RULES[1] / RULES[0]


def main() -> None:
    """Measures, and fails below the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default=os.environ.get("PERCOLATOR_URL", "http://127.0.0.1:9217"))
    arguments = parser.parse_args()
    kept = [measure_length(words, arguments.url) for words in LENGTHS]
    if not all(kept):
        sys.exit(f"below the floor of {FLOOR} times (aim {AIM}), or growing more than in proportion")


if __name__ == "__main__":
    main()
