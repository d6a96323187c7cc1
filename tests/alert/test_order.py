"""However the articles of a run come, in whatever batches: the same stories are told of, each once a rule."""

import functools
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dedupe.wires import ARTICLES
from tests.make import NOW
from transforms.alert.alert import alert_from
from transforms.alert.deliver import make_message
from transforms.alert.match_changes import match_changes
from transforms.alert.note_articles import note_articles
from transforms.alert.rule import Keywords, Rule
from transforms.alert.rulebook import Rulebook
from transforms.dedupe.deduplicate import judge
from transforms.index.index import index_article
from transforms.index.mark_done import mark_done
from transforms.records import Article, ReadArticle, Reading
from transforms.resolve.resolve import resolve
from transforms.resolve.write_agreements import Stamp
from transforms.store.open import open_store
from transforms.store.protocol import Collection

# Words of a whole story, of its copies but not of its original, of one copy alone, and of several stories.
WORDS = ("awarded", "algiers", "declined", "ceasefire", "president", "between")
RULEBOOK = Rulebook(rules=tuple(Rule(name=word, keywords=Keywords(any=(word,)), max_age=None) for word in WORDS))
_MANY = settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


class _Desk:
    """A store, and what a run does with articles that come batch by batch."""

    def __init__(self) -> None:
        self.store = open_store("sqlite:///:memory:")

    def run(self, *batches: Sequence[Article]) -> None:
        flight = []
        for batch in batches:
            for _, placed in judge(self.store, batch):
                for resolved in resolve(self.store, ReadArticle(article=placed, reading=Reading(article=placed.id))):
                    for indexed in index_article(self.store, resolved, Stamp(run="run", now=NOW)):
                        note_articles(self.store, [indexed.article.id])
                        flight.append(indexed.article)
        list(match_changes(self.store, (), RULEBOOK, NOW))
        for article in flight:
            list(mark_done(self.store, article))

    def told(self) -> list[tuple[str, str]]:
        """The rule and the story, as it is named by now, of every alert."""
        stories = {stored.id: stored.body["story"] for stored in self.store.scan(Collection.ARTICLES)}
        alerts = self.store.scan(Collection.ALERTS)
        return sorted((alert.body["rule"], stories[alert.body["article"]]) for alert in alerts)


def _batches(data: st.DataObject, articles: Sequence[Article]) -> list[list[Article]]:
    left, batches = list(articles), []
    while left:
        size = data.draw(st.integers(1, len(left)))
        batches.append(left[:size])
        left = left[size:]
    return batches


@functools.cache
def _at_once() -> list[tuple[str, str]]:
    desk = _Desk()
    desk.run(ARTICLES)
    return desk.told()


@_MANY
@given(order=st.permutations(ARTICLES), data=st.data())
def test_order_within_a_run_makes_no_difference_to_what_is_told(order: list[Article], data: st.DataObject) -> None:
    desk = _Desk()
    desk.run(*_batches(data, order))
    assert desk.told() == _at_once() != []
    assert len(set(desk.told())) == len(desk.told())


@_MANY
@given(order=st.permutations(ARTICLES), data=st.data())
def test_several_runs_tell_all_that_one_would(order: list[Article], data: st.DataObject) -> None:
    desk = _Desk()
    for batch in _batches(data, order):
        desk.run(batch)
    assert set(desk.told()) >= set(_at_once())


def test_story_is_told_once_also_when_its_original_comes_in_a_later_run() -> None:
    by_name = {article.id: article for article in ARTICLES}
    desk = _Desk()
    desk.run([by_name["truce-same"]])
    before = [rule for rule, _ in desk.told()]
    desk.run([by_name["truce"]])  # printed earlier
    assert [rule for rule, _ in desk.told()] == before != []
    alerts = [alert_from(stored) for stored in desk.store.scan(Collection.ALERTS)]
    assert {make_message(desk.store, alert).more for alert in alerts} == {1}
