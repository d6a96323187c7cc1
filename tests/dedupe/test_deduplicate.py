import dataclasses
import datetime

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from transforms.attempt import FAILURES, MAIN
from transforms.dedupe.deduplicate import KNOWN, DeduplicateArticles, Verdict, judge
from transforms.records import Item, Reading, State
from transforms.store.documents import article_document, article_from, item_document
from transforms.store.protocol import Collection


def _keep(store, article, state=State.DONE):
    placed = dataclasses.replace(article, state=state)
    store.replace(Collection.ARTICLES, [article_document(placed, Reading(article=article.id), "run")])


def _finish(store, article):
    """Lets an article through as the pipeline would and stores it as done."""
    for _, placed in judge(store, [article]):
        _keep(store, placed)


def test_judge_new_text_is_read(store, make):
    [(verdict, placed)] = judge(store, [make.article("a")])
    assert (verdict, placed.story, placed.duplicate_of) == (Verdict.READ, "a", None)


def test_judge_same_text_elsewhere_is_copy_of_earlier(store, make):
    _finish(store, make.article("a", published="2024-01-01", text="same"))
    [(verdict, placed)] = judge(store, [make.article("b", published="2024-01-02", text="same")])
    assert (verdict, placed.duplicate_of) == (Verdict.COPY, "a")


def test_judge_earlier_original_arriving_late_turns_the_known_one_into_a_copy(store, make):
    _finish(store, make.article("late", published="2024-01-02", text="same"))
    verdicts = [
        (verdict, placed.id, placed.duplicate_of)
        for verdict, placed in judge(store, [make.article("early", published="2024-01-01", text="same")])
    ]
    assert verdicts == [(Verdict.COPY, "late", "early"), (Verdict.READ, "early", None)]


def test_judge_done_article_is_known_but_a_pending_one_is_read_again(store, make):
    article = make.article("a")
    _keep(store, article, State.PENDING)
    assert [verdict for verdict, _ in judge(store, [article])] == [Verdict.READ]
    _finish(store, article)
    assert [verdict for verdict, _ in judge(store, [article])] == [Verdict.KNOWN]


def test_judge_changed_page_is_read_again_and_older_version_passed_over(store, make, now):
    later = now + datetime.timedelta(hours=1)
    old = make.article("page", text="old words")
    new = dataclasses.replace(make.article("page", text="new words"), taken_in=later)
    _finish(store, new)
    assert [verdict for verdict, _ in judge(store, [old])] == [Verdict.KNOWN]
    newest = dataclasses.replace(make.article("page", text="newest"), taken_in=later + datetime.timedelta(hours=1))
    assert [verdict for verdict, _ in judge(store, [newest])] == [Verdict.READ]


def test_judge_same_text_with_a_better_known_date_is_read_again_but_not_with_a_worse(store, make):
    undated = make.article("page", published=None, text="same")
    dated = make.article("page", published="2024-01-01", text="same")
    _finish(store, undated)
    assert [verdict for verdict, _ in judge(store, [dated])] == [Verdict.READ]
    _finish(store, dated)
    assert [verdict for verdict, _ in judge(store, [undated])] == [Verdict.KNOWN]


def test_judge_copy_becomes_original_when_the_original_page_changes(store, make, now):
    _finish(store, make.article("a", published="2024-01-01", text="same"))
    _finish(store, make.article("b", published="2024-01-02", text="same"))
    changed = make.article("a", published="2024-01-01", text="other", taken_in=now + datetime.timedelta(hours=1))
    verdicts = [(verdict, placed.id, placed.duplicate_of) for verdict, placed in judge(store, [changed])]
    assert verdicts == [(Verdict.READ, "b", None), (Verdict.READ, "a", None)]


def test_deduplicate_articles_parts_by_tag(store, store_url, make, now):
    _finish(store, make.article("known"))
    _finish(store, make.article("original", published="2024-01-01", text="same"))
    arriving = [make.article("known"), make.article("copy", text="same"), make.article("new")]
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        judged = pipeline | beam.Create(arriving) | DeduplicateArticles(store_url=store_url, now=now)
        for tag, expected in ((MAIN, ["copy", "new"]), (KNOWN, ["known"]), (FAILURES, [])):
            ids = judged[tag] | f"Ids {tag}" >> beam.Map(lambda article: article.id)
            assert_that(ids, equal_to(expected), label=f"Assert {tag}")


def test_deduplicate_articles_makes_a_failure_of_a_bad_element(store_url, make, now):
    bad = dataclasses.replace(make.article("bad"), content_hash=None)
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        judged = pipeline | beam.Create([bad]) | DeduplicateArticles(store_url=store_url, now=now)
        records = judged[FAILURES] | beam.Map(lambda failure: (failure.stage, failure.record))
        assert_that(records, equal_to([("dedupe", "item-bad")]))


def _of_one_event():
    """Returns two reports that share half of their sentences."""
    words = [f"word{number}" for number in range(900)]
    shared, first, second = (" ".join(words[start : start + 300]) for start in (0, 300, 600))
    return f"{shared} {first}", f"{shared} {second}"


def test_judge_gives_a_done_article_the_name_of_its_grown_story_without_reading_it_again(store, make):
    early, late = _of_one_event()
    _finish(store, make.article("late", published="2024-01-02", text=late))
    [(verdict, placed)] = judge(store, [make.article("early", published="2024-01-01", text=early)])
    assert (verdict, placed.id, placed.story) == (Verdict.READ, "early", "early")
    stored = article_from(store.get(Collection.ARTICLES, ["late"])["late"])
    assert (stored.story, stored.duplicate_of, stored.state) == ("early", None, State.DONE)


def test_judge_lets_a_pending_article_keep_its_story_until_it_is_met_again(store, make, now):
    early, late = _of_one_event()
    for _, placed in judge(store, [make.article("late", published="2024-01-02", text=late)]):
        _keep(store, placed, State.PENDING)
    pending = Item(id="item-late", locator="late.txt", media_type="text/plain", content=late, taken_in=now)
    store.replace(Collection.ITEMS, [item_document(pending)])
    list(judge(store, [make.article("early", published="2024-01-01", text=early)]))
    assert article_from(store.get(Collection.ARTICLES, ["late"])["late"]).story == "late"
