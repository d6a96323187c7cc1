import datetime

from pipeline.timeline import timeline
from tests.make import NOW, Make
from transforms.index.index import index_article
from transforms.records import AgreementStatus, ReadArticle
from transforms.resolve.resolve import resolve
from transforms.resolve.write_agreements import Stamp
from transforms.store.protocol import Collection


def _enter(store, article, reading):
    for resolved in resolve(store, ReadArticle(article=article, reading=reading)):
        list(index_article(store, resolved, Stamp(run="run", now=NOW)))


def test_timeline_tells_reports_deadlines_and_what_is_due_by_date(store):
    _enter(store, Make.article("a", published="2024-04-30"), Make.reading("a", dates=("2024-06-01",)))
    extended = Make.reading("b", dates=("2024-07-01",), status=AgreementStatus.EXTENDED)
    _enter(store, Make.article("b", published="2024-05-20"), extended)
    [stored] = store.scan(Collection.AGREEMENTS)
    rows = timeline(stored, datetime.date(2024, 6, 15))
    assert [(row["date"], row["what"], row["new"]) for row in rows] == [
        ("2024-04-29", "reached", None),
        ("2024-04-30", "reported", "signed"),
        ("2024-04-30", "deadline set", "2024-06-01"),
        ("2024-05-20", "status", "extended"),
        ("2024-05-20", "deadline moved", "2024-07-01"),
        ("2024-07-01", "due (extended)", "2024-07-01"),
    ]
