import dataclasses

import pytest

from tests.alert.make_alerts import on_both_stores
from tests.alert.news import News, run
from tests.make import Make
from transforms.alert.deliver import make_message
from transforms.alert.known_actors import with_known_actors
from transforms.alert.rule import Keywords, Place, Rule, RuleQuery, Sameness, WantedActors
from transforms.records import Actor, ActorKind, Reading, Span
from transforms.store.protocol import Store

TEXT = "Mediators met on Monday. Both sides agreed truces for the north. Rain fell on Tuesday."
TRUCE = Rule(name="Truce", keywords=Keywords(any=("truce",)))


def news(name: str, *, text: str = TEXT, actors: tuple[Actor, ...] = (), **fields: object) -> News:
    article = dataclasses.replace(Make.article(name, text=text), **{"story": name, **fields})  # type: ignore[arg-type]
    return article, Reading(article=name, actors=actors)


def test_alert_shows_the_sentence_that_matched(store: Store) -> None:
    [alert] = run(store, [news("a")], [TRUCE])
    assert alert.sentence == "Both sides agreed truces for the north."
    assert (alert.headline, alert.link) == ("Title of a", "https://news.example/a")


@on_both_stores
def test_story_alerts_once_and_tells_how_many_more_there_are(store: Store) -> None:
    [alert] = run(store, [news("a"), news("b", duplicate_of="a", story="a"), news("c", story="a")], [TRUCE])
    assert make_message(store, alert).more == 2


def test_backfilled_article_is_no_news(store: Store) -> None:
    assert run(store, [news("a", backfilled=True)], [TRUCE]) == []


HTS = Actor(
    id="group:hts",
    name="Hay'et Tahrir al-Sham",
    kind=ActorKind.ARMED_GROUP,
    mentions=(Span(start=0, end=9, text="Mediators"),),
)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (Rule(name="k", keywords=Keywords(any=("truce",), match=Sameness.EXACT)), False),
        (Rule(name="k", keywords=Keywords(any=("truces",), match=Sameness.EXACT)), True),
        (Rule(name="k", keywords=Keywords(all=("truce", "rain"))), True),
        (Rule(name="k", keywords=Keywords(any=("truce",), none=("rain",))), False),
        (Rule(name="k", keywords=Keywords(any=("truce",), place=Place.TITLE)), False),
        (Rule(name="k", keywords=Keywords(any=("both sides agreed",))), True),
        (Rule(name="q", query=RuleQuery(text="truce AND source:Example AND published:2024-04")), True),
        (Rule(name="q", query=RuleQuery(text="truce AND source:Another")), False),
        (Rule(name="a", actors=WantedActors(any=("hay'et tahrir al-sham",))), True),
        (Rule(name="a", actors=WantedActors(any=("group:hts",))), True),
        (Rule(name="a", actors=WantedActors(any=("al-Sham",))), False),
        (Rule(name="a", actors=WantedActors(kinds=(ActorKind.ARMED_GROUP,))), True),
        (Rule(name="a", actors=WantedActors(kinds=(ActorKind.COUNTRY,))), False),
        (Rule(name="a", actors=WantedActors(all=("group:hts", "country:TR"))), False),
        (Rule(name="l", keywords=Keywords(any=("truce",)), languages=("en",)), True),
        (Rule(name="l", keywords=Keywords(any=("truce",)), languages=("fr",)), False),
    ],
)
def test_rule_matches_by_words_places_queries_and_actors(store: Store, rule: Rule, told: bool) -> None:
    assert len(run(store, [news("a", actors=(HTS,))], [rule])) == told


def test_actor_is_known_by_any_name_of_the_gazetteer() -> None:
    [rule] = with_known_actors((Rule(name="a", actors=WantedActors(any=("HTS",), all=("Ankara", "Turkey"))),), None)
    assert rule.actors is not None
    assert rule.actors.any[0] == "HTS"
    assert len(rule.actors.any) == 2
    assert "country:TR" in rule.actors.all
