"""How many reports of the same agreement end as one, and that none of different agreements do."""

import itertools
from collections import defaultdict
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.make import NOW, Make
from transforms.dedupe.deduplicate import judge
from transforms.extract.model import load_reader
from transforms.extract.names import DEFAULT_MODEL
from transforms.extract.reading import read_articles
from transforms.index.index import index_article
from transforms.records import ReadArticle
from transforms.resolve.resolve import resolve
from transforms.resolve.write_agreements import Stamp
from transforms.store.open import open_store
from transforms.store.protocol import Collection

FOLDER = Path(__file__).parent / "sameness"

# Floors, which only rise. What is missing to one is mostly an agreement that was not read in one of the two articles.
JOINED_WHERE_READ = 0.95
JOINED = 0.8

STAMP = Stamp(run="run", now=NOW)


def _articles():
    """Yields for each article the names of the agreements it is about, the main one first, and the article."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for told in YAML(typ="safe").load(path.read_text(encoding="utf-8")):
            for number, article in enumerate(told["articles"]):
                name = f"{told['agreement']}/{number}"
                published = article["published"].isoformat()
                about = (told["agreement"], *article.get("also", ()))
                yield about, Make.article(name, published=published, text=article["text"])


@pytest.fixture(scope="module")
def joined():
    """The agreements of each article, and the sets of articles that the store holds as reports of one agreement."""
    told = list(_articles())
    about = {article.id: agreements for agreements, article in told}
    store = open_store("sqlite:///:memory:")
    new = [article for _, article in judge(store, [article for _, article in told])]
    for article, reading in zip(new, read_articles(load_reader(DEFAULT_MODEL, None), new), strict=True):
        for resolved in resolve(store, ReadArticle(article=article, reading=reading)):
            list(index_article(store, resolved, STAMP))
    yield about, [tuple(sorted(stored.body["articles"])) for stored in store.scan(Collection.AGREEMENTS)]
    store.close()


def _pairs(joined):
    return {pair for articles in joined for pair in itertools.combinations(articles, 2)}


def _pairs_to_join(about):
    reports = defaultdict(list)
    for article, (agreement, *_) in about.items():
        reports[agreement].append(article)
    return {pair for articles in reports.values() for pair in itertools.combinations(sorted(articles), 2)}


def test_pairs_in_which_the_agreement_was_read_twice_end_as_one(joined):
    about, agreements = joined
    read = {article for articles in agreements for article in articles}
    wanted = {pair for pair in _pairs_to_join(about) if read.issuperset(pair)}
    missed = sorted(wanted - _pairs(agreements))
    assert len(missed) <= (1 - JOINED_WHERE_READ) * len(wanted), missed


def test_pairs_about_the_same_agreement_end_as_one(joined):
    about, agreements = joined
    wanted = _pairs_to_join(about)
    missed = sorted(wanted - _pairs(agreements))
    assert len(missed) <= (1 - JOINED) * len(wanted), missed


def test_reports_of_different_agreements_stay_apart(joined):
    about, agreements = joined
    wrong = sorted(pair for pair in _pairs(agreements) if {*about[pair[0]]}.isdisjoint(about[pair[1]]))
    assert not wrong
