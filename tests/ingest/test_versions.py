"""A file written anew is a new version of its article, unless it holds another article altogether."""

import datetime

import pytest

from transforms.index.mark_done import finish_item
from transforms.ingest.parse_article import parse_article
from transforms.ingest.take_in_files import Intake, take_in_file
from transforms.ingest.versions import is_version
from transforms.records import DueFile, Reading, State
from transforms.store.documents import article_document, article_from, item_from
from transforms.store.protocol import Collection

NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
DRAFT = (
    "Ministers sign fishing accord\n\nPeru and Chile signed a fishing agreement in Lima on Monday after nine weeks of "
    "talks. Both countries must open new offices by June 3, their ministers said in a joint statement."
)
FINAL = DRAFT.replace("June 3", "June 13") + " Observers called the step long overdue."
OTHER = (
    "Storm closes harbour\n\nA storm closed the harbour of Accra on Tuesday. Ferries stayed in port for the day, and "
    "the coast guard warned small boats not to leave before the weekend."
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "a.txt"


@pytest.fixture
def take_in(file, store):
    def take_in(text, *, finish=True):
        file.write_text(text, "utf-8")
        ids = list(take_in_file(store, DueFile(path=str(file)), Intake(run="run", now=NOW)))
        for item_id in ids if finish else ():
            item = item_from(store.get(Collection.ITEMS, [item_id])[item_id])
            article = parse_article(item, now=NOW)
            store.replace(Collection.ARTICLES, [article_document(article, Reading(article=article.id), "run")])
            finish_item(store, item.id, article.id)
        return ids

    return take_in


def _texts(store):
    return sorted(article_from(stored).text for stored in store.scan(Collection.ARTICLES))


def test_file_written_anew_is_a_new_version_of_its_article(take_in, store):
    for text in (DRAFT, FINAL):
        take_in(text)
    assert _texts(store) == [FINAL]


def test_file_cut_short_is_made_good_by_its_whole(take_in, store):
    for text in (DRAFT[:120], DRAFT):
        take_in(text)
    assert _texts(store) == [DRAFT]


def test_file_that_holds_another_article_leaves_the_first(take_in, store):
    for text in (DRAFT, OTHER):
        take_in(text)
    assert _texts(store) == sorted([DRAFT, OTHER])


def test_file_that_holds_again_what_it_held_gives_its_article_that_text_again(take_in, store):
    for text in (DRAFT, FINAL, DRAFT):
        take_in(text)
    assert _texts(store) == [DRAFT]


def test_version_of_what_was_not_finished_becomes_the_same_article(take_in, store):
    (first,) = take_in(DRAFT, finish=False)
    take_in(FINAL)
    pending = item_from(store.get(Collection.ITEMS, [first])[first])
    assert pending.state is State.PENDING
    assert [stored.id for stored in store.scan(Collection.ARTICLES)] == [parse_article(pending, now=NOW).id]


def test_file_that_did_not_change_gives_nothing_new(take_in):
    assert len(take_in(DRAFT)) == 1
    assert take_in(DRAFT) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(DRAFT, FINAL, True), (DRAFT, DRAFT[:60], True), (DRAFT, OTHER, False), ("a b", "a b", True)],
)
def test_is_version_goes_by_the_words_in_common(one, other, same):
    assert is_version(one, other) is same
    assert is_version(other, one) is same
