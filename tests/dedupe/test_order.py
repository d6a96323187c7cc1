"""However articles come, in whatever batches, from two processes, with kills in between: their roles end the same."""

import dataclasses
import datetime
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dedupe.edits import headline
from tests.dedupe.wires import ARTICLES, make_article, short_texts
from tests.make import NOW
from transforms.dedupe import bands
from transforms.dedupe.deduplicate import Verdict, judge
from transforms.index.mark_done import mark_done, mark_known
from transforms.ingest.store_items import store_item
from transforms.records import Item, Reading, State
from transforms.store.documents import article_document, article_from
from transforms.store.open import open_store
from transforms.store.protocol import Collection

_MANY = settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


class _Desk:
    """The dedupe, index and done stages over one store, step by step."""

    def __init__(self):
        self.store = open_store("sqlite:///:memory:")
        for article in ARTICLES:
            item = Item(
                id=article.item,
                locator=f"/news/{article.id}",
                media_type="text/plain",
                content=article.text,
                taken_in=NOW,
            )
            list(store_item(self.store, item))

    def pending(self):
        found = self.store.scan(Collection.ITEMS, {"state": State.PENDING.value})
        waiting = {stored.id for stored in found}
        return [article for article in ARTICLES if article.item in waiting]

    def judged(self, articles):
        return list(judge(self.store, articles))

    def finish(self, judged):
        for verdict, placed in judged:
            if verdict is Verdict.KNOWN:
                list(mark_known(self.store, placed))
                continue
            document = article_document(
                dataclasses.replace(placed, state=State.PENDING), Reading(article=placed.id), "run"
            )
            self.store.replace(Collection.ARTICLES, [document])
            list(mark_done(self.store, placed))

    def settle(self):
        """Runs until nothing is pending, as further passes and runs do."""
        for _ in range(5):
            waiting = self.pending()
            if not waiting:
                break
            self.finish(self.judged(waiting))
        assert not self.pending()

    def roles(self):
        found = map(article_from, self.store.scan(Collection.ARTICLES))
        return {a.id: (a.story, a.duplicate_of, a.adds, a.state) for a in found}


def _whole():
    desk = _Desk()
    desk.settle()
    return desk.roles()


def test_roles_are_what_a_person_would_say():
    roles = {name: role[:3] for name, role in _whole().items()}
    assert roles["truce"] == ("truce", None, False)
    assert roles["truce-new-headline"] == roles["truce-same"] == ("truce", "truce", False)
    assert roles["truce-short"] == ("truce", "truce", False)
    assert roles["truce-more"] == ("truce", "truce", True)
    assert roles["swap"] == ("swap-again", "swap-again", False)
    assert roles["chain-3"][:2] == ("chain-1", "chain-1")  # through chain-2
    assert roles["alone"] == ("alone", None, False)


@pytest.mark.parametrize("most", [200, 3, 1])
@_MANY
@given(order=st.permutations(ARTICLES), data=st.data())
def test_order_batches_and_kills_do_not_matter(monkeypatch, most, order, data):
    monkeypatch.setattr(bands, "MOST_LISTED", most)
    desk = _Desk()
    left = list(order)
    while left:
        size = data.draw(st.integers(1, 5))
        judged = desk.judged(left[:size])
        desk.finish(judged[: data.draw(st.integers(0, len(judged)))])  # a kill leaves the rest
        left = left[size:]
    desk.settle()
    assert desk.roles() == _whole()


@_MANY
@given(order=st.permutations(ARTICLES), data=st.data())
def test_two_processes_at_once_do_not_matter(order, data):
    desk = _Desk()
    flights = []
    left = list(order)
    while left or flights:
        if left and (not flights or data.draw(st.booleans())):
            size = data.draw(st.integers(1, 4))
            flights.append(desk.judged(left[:size]))
            left = left[size:]
        else:
            flight = flights[data.draw(st.integers(0, len(flights) - 1))]
            desk.finish([flight.pop(0)] if flight else [])
            flights = [flight for flight in flights if flight]
    desk.settle()
    assert desk.roles() == _whole()


def test_changed_page_leaves_its_copies_to_another_original():
    chance = random.Random(5)
    text, other, *_ = short_texts()
    desk = _Desk()
    first, second = (
        make_article("first", "2024-03-01", text + "\n\nA word more."),
        make_article("second", "2024-03-02", headline(text, chance)),
    )
    desk.finish(desk.judged([first, second]))
    changed = dataclasses.replace(
        make_article("first", "2024-03-01", other + "\n\nA word more."), taken_in=NOW + datetime.timedelta(hours=1)
    )
    desk.finish(desk.judged([changed]))
    assert desk.roles()["second"][:2] == ("second", None)


def test_two_versions_of_a_page_on_their_way_at_once_end_as_one_article():
    text = short_texts()[0]
    old = make_article("alone", "2024-03-01", text)
    new = dataclasses.replace(
        make_article("alone", "2024-03-01", f"{text}\n\nA word more."), taken_in=NOW + datetime.timedelta(hours=1)
    )
    desk = _Desk()
    flights = [desk.judged([old]), desk.judged([new])]
    for flight in flights:
        desk.finish(flight)
    assert desk.roles() == {"alone": ("alone", None, False, State.DONE)}
