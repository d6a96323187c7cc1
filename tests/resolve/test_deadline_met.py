import datetime

import pytest

from tests.make import NOW, Make
from transforms.index.index import index_article
from transforms.records import (
    Actor,
    ActorKind,
    Agreement,
    AgreementKind,
    AgreementStatus,
    Deadline,
    DeadlineKind,
    Evidence,
    Precision,
    ReadArticle,
    Reading,
    from_json,
)
from transforms.resolve.resolve import resolve
from transforms.resolve.write_agreements import Stamp
from transforms.store.open import open_store
from transforms.store.protocol import Collection

NAMES = {"country:AA": ("Arland", "Arlandic"), "country:BB": ("Borland", "Borlandic"), "group:rebels": ("Hill rebels",)}
TROOPS = "withdraw their heavy weapons from the valley by June 1"
PRISONERS = "release all prisoners by June 1"
PAYMENT = "pay the first instalment of $40 million by June 1"
RATIFY = "Arland must ratify the border treaty by June 1"
BOTH, ONE, REBELS = ("country:AA", "country:BB"), ("country:AA",), ("group:rebels",)


def _reading(name, text, deadline):
    agreement = Agreement(
        id=f"{name}#0",
        kind=AgreementKind.PEACE,
        title="Peace",
        parties=("country:AA", "country:BB", "group:rebels") if deadline and deadline[1] == REBELS else BOTH,
        status=AgreementStatus.SIGNED,
        reached="2024-04-29",
        evidence=(Evidence(article=name, start=0, end=4, text=text[:4]),),
    )
    actors = tuple(
        Actor(id=party, name=NAMES[party][0], kind=ActorKind.COUNTRY, aliases=NAMES[party][1:])
        for party in agreement.parties
    )
    deadlines = ()
    if deadline:
        action, obliged = deadline
        evidence = Evidence(article=name, start=0, end=len(text), text=f"They must {action}.")
        deadlines = (
            Deadline(
                id=f"{name}#d",
                agreement=agreement.id,
                kind=DeadlineKind.DUE,
                date=datetime.date(2024, 6, 1),
                precision=Precision.DAY,
                text="by June 1",
                action=action,
                evidence=evidence,
                parties=obliged,
            ),
        )
    return Reading(article=name, actors=actors, agreements=(agreement,), deadlines=deadlines)


def _after(action, obliged, sentence, published="2024-05-28"):
    """Returns the deadline as it stands after a first report that sets it and a later one with a sentence."""
    store = open_store("sqlite:///:memory:")
    reports = [
        ("first", "2024-04-30", "They signed.", (action, obliged)),
        ("later", published, f"News of the accord\n\nThe accord was signed in April. {sentence}", None),
    ]
    for name, day, text, deadline in reports:
        article = Make.article(name, published=day, text=text)
        for resolved in resolve(store, ReadArticle(article=article, reading=_reading(name, text, deadline))):
            list(index_article(store, resolved, Stamp(run="run", now=NOW)))
    [stored] = store.scan(Collection.DEADLINES)
    store.close()
    return from_json(Deadline, stored.body["record"])


MET = [
    (TROOPS, BOTH, "The withdrawal was completed on Friday, the United Nations said."),
    (TROOPS, BOTH, "The withdrawal of heavy weapons from the valley has been completed."),
    (TROOPS, BOTH, "Both sides completed the withdrawal of their heavy weapons on May 25."),
    (TROOPS, BOTH, "All heavy weapons have been withdrawn from the valley, monitors confirmed."),
    (TROOPS, ONE, "Arland completed its withdrawal of heavy weapons from the valley ahead of schedule."),
    (PRISONERS, REBELS, "The rebels released the last prisoners, as agreed."),
    (PRISONERS, REBELS, "The last prisoners were released on Monday."),
    (PAYMENT, ONE, "The first payment was made on Friday."),
    (PAYMENT, ONE, "Arland paid the first instalment of $40 million on Friday."),
    (RATIFY, ONE, "Arland's parliament ratified the border treaty on Tuesday."),
    (TROOPS, BOTH, "Arland and Borland completed the withdrawal of their heavy weapons yesterday."),
]
OPEN = [
    (TROOPS, BOTH, "The withdrawal was not completed on Friday, the United Nations said."),
    (TROOPS, BOTH, "The withdrawal was partly completed on Friday."),
    (TROOPS, BOTH, "The withdrawal is to be completed on Friday."),
    (TROOPS, BOTH, "The withdrawal was to be completed by June 1."),
    (TROOPS, BOTH, "The withdrawal will be completed in time, the president said."),
    (TROOPS, BOTH, "They failed to complete the withdrawal of heavy weapons."),
    (TROOPS, BOTH, "The first phase of the withdrawal was completed on Friday."),
    (TROOPS, BOTH, "The withdrawal of foreign troops was completed on Friday."),
    (TROOPS, BOTH, "Arland completed the withdrawal of its heavy weapons from the valley on Friday."),
    (TROOPS, BOTH, "Arland said that it had completed the withdrawal of its heavy weapons."),
    (TROOPS, BOTH, "Arland claims that all heavy weapons have been withdrawn from the valley."),
    (
        TROOPS,
        BOTH,
        "The withdrawal of heavy weapons was completed on Friday. But Borland said that tanks remained there.",
    ),
    (TROOPS, BOTH, "Once the withdrawal of heavy weapons was completed, talks would begin."),
    (TROOPS, BOTH, "The withdrawal of heavy weapons from Orvia was completed on Friday."),
    (TROOPS, BOTH, "Some 80 percent of the heavy weapons have been withdrawn."),
    (TROOPS, BOTH, "In 2019 the withdrawal of heavy weapons was completed."),
    (TROOPS, BOTH, "Heavy weapons were withdrawn from the valley on Friday."),
    (PRISONERS, REBELS, "The rebels released 30 prisoners on Monday."),
    (PRISONERS, REBELS, "Arland released the last prisoners on Monday."),
    (PRISONERS, REBELS, "They have yet to release the last prisoners."),
    (PRISONERS, REBELS, "The last prisoners were to be released on Monday."),
    (PRISONERS, REBELS, "Almost all prisoners were released on Monday."),
    (PRISONERS, REBELS, "All hostages from the ferry were freed on Monday."),
    (PAYMENT, ONE, "The second payment was made on Friday."),
    (PAYMENT, ONE, "The payment of $15 million was made on Friday."),
    (PAYMENT, ONE, "Arland promised that the first payment was made in good faith."),
    (PAYMENT, ONE, "The first payment was delayed on Friday."),
    (PAYMENT, ONE, "Officials denied that the first payment was made on Friday."),
    (PAYMENT, ONE, "Borland paid the first instalment of $40 million on Friday."),
    (RATIFY, ONE, "Borland's parliament ratified the border treaty on Tuesday."),
    (RATIFY, ONE, "Arland's parliament ratified the budget on Tuesday."),
    (RATIFY, ONE, "Arland's parliament would have ratified the border treaty on Tuesday."),
]


@pytest.mark.parametrize(("action", "obliged", "sentence"), MET)
def test_deadline_is_met_when_a_later_report_says_so_outright(action, obliged, sentence):
    deadline = _after(action, obliged, sentence)
    assert deadline.status == "met"
    assert (deadline.history[-1].article, deadline.history[-1].said) == ("later", sentence)


@pytest.mark.parametrize(("action", "obliged", "sentence"), OPEN)
def test_deadline_stays_open_on_anything_less(action, obliged, sentence):
    assert _after(action, obliged, sentence).status == "open"


@pytest.mark.parametrize(
    ("sentence", "published", "status"),
    [
        ("The withdrawal was completed on Saturday.", "2024-06-02", "met"),
        ("The withdrawal was completed on Sunday.", "2024-06-03", "open"),
        ("The withdrawal was completed.", "2024-06-02", "met"),
        ("The withdrawal was completed.", "2024-06-20", "open"),
        ("The withdrawal was completed ahead of schedule.", "2024-06-20", "met"),
        ("The withdrawal was completed on 30 May.", "2024-06-20", "met"),
        ("The withdrawal was completed on 3 April.", "2024-06-20", "open"),
    ],
)
def test_only_what_was_done_by_the_date_meets_it(sentence, published, status):
    assert _after(TROOPS, BOTH, sentence, published).status == status


def test_day_told_is_kept_in_the_history():
    deadline = _after(TROOPS, BOTH, "The withdrawal was completed on Friday.", "2024-05-28")
    assert [(change.what, change.old, change.new) for change in deadline.history] == [
        ("deadline_new", None, "2024-06-01"),
        ("deadline_met", "2024-06-01", "2024-05-24"),
    ]
