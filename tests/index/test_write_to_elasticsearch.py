import itertools
import math

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline as Pipeline
from apache_beam.testing.util import assert_that, equal_to

from tests.elasticsearch import fresh_prefix
from tests.proxy import Fault, proxy_to
from transforms.attempt import FAILURES, MAIN
from transforms.index.write_to_elasticsearch import Operation, WriteToElasticsearch
from transforms.store.elasticsearch.address import parse_address
from transforms.store.elasticsearch.link import Link
from transforms.store.protocol import Document, StoreError

MAPPINGS = {"dynamic": "strict", "properties": {"n": {"type": "integer"}, "text": {"type": "text"}}}


@pytest.fixture(scope="module")
def link():
    with fresh_prefix("write") as url:
        opened = Link(parse_address(url), patience_seconds=30)
        yield opened
        opened.close()


@pytest.fixture
def index(link, request):
    name = f"{link.address.prefix}-{abs(hash(request.node.name))}"
    link.client.indices.create(index=name, mappings=MAPPINGS)
    yield name
    link.client.indices.delete(index=name, ignore_unavailable=True)


def _documents(numbers, **body):
    return [Document(id=f"{n}", body={"n": n, **body}) for n in numbers]


def _found(link, index):
    link.client.indices.refresh(index=index)
    hits = link.client.search(index=index, size=1000)["hits"]["hits"]
    return {hit["_id"]: hit["_source"] for hit in hits}


@pytest.mark.integration
def test_documents_are_written_and_named(link, index):
    with Pipeline() as pipeline:
        written = (
            pipeline
            | beam.Create(_documents(range(250), text="talks"))
            | WriteToElasticsearch(url=link.address.server, index=index, max_request_documents=20)
        )
        assert_that(written[MAIN], equal_to([f"{n}" for n in range(250)]), label="Written")
        assert_that(written[FAILURES], equal_to([]), label="NoneRefused")
    assert _found(link, index) == {f"{n}": {"n": n, "text": "talks"} for n in range(250)}


@pytest.mark.integration
def test_refused_documents_are_failures_with_the_servers_reason(link, index):
    bad = [
        Document(id="word", body={"n": "seven"}),
        Document(id="field", body={"other": 1}),
        Document(id="nan", body={"n": math.nan}),
    ]
    with Pipeline() as pipeline:
        written = (
            pipeline
            | beam.Create([*bad, *_documents(range(5))])
            | WriteToElasticsearch(url=link.address.server, index=index)
        )
        assert_that(written[MAIN], equal_to([f"{n}" for n in range(5)]), label="Written")
        reasons = written[FAILURES] | beam.Map(
            lambda failure: (
                failure.record,
                next(word for word in ("integer", "strict", "JSON compliant") if word in failure.error),
            )
        )
        expected = [("word", "integer"), ("field", "strict"), ("nan", "JSON compliant")]
        assert_that(reasons, equal_to(expected), label="Refused")
    assert set(_found(link, index)) == {f"{n}" for n in range(5)}


@pytest.mark.integration
@pytest.mark.parametrize(("operation", "stays"), [(Operation.CREATE, "first"), (Operation.INDEX, "second")])
def test_second_write_of_an_id_succeeds_and_changes_as_told(link, index, operation, stays):
    for text in ("first", "second"):
        with Pipeline() as pipeline:
            written = (
                pipeline
                | beam.Create(_documents(range(3), text=text))
                | WriteToElasticsearch(url=link.address.server, index=index, operation=operation)
            )
            assert_that(written[MAIN], equal_to(["0", "1", "2"]), label="Written")
            assert_that(written[FAILURES], equal_to([]), label="NoneRefused")
    assert {body["text"] for body in _found(link, index).values()} == {stays}


@pytest.mark.integration
def test_results_keep_their_documents_windows(link, index):
    with Pipeline() as pipeline:
        written = (
            pipeline
            | beam.Create(_documents(range(6)))
            | beam.Map(lambda document: beam.window.TimestampedValue(document, document.body["n"] * 10))
            | beam.WindowInto(beam.window.FixedWindows(20))
            | WriteToElasticsearch(url=link.address.server, index=index)
        )
        counts = written[MAIN] | beam.combiners.Count.Globally().without_defaults()
        assert_that(counts, equal_to([2, 2, 2]), label="TwoEachWindow")


@pytest.mark.integration
@pytest.mark.parametrize("fault", [Fault.LOST, Fault.AWAY, Fault.BUSY, Fault.REJECTED, Fault.BROKEN])
def test_every_document_is_written_once_whatever_became_of_the_answers(link, index, fault):
    turns = itertools.count()
    with proxy_to(link.address.server) as proxy:
        proxy.choose = lambda method, path: fault if next(turns) % 2 == 0 else Fault.NONE
        with Pipeline() as pipeline:
            written = (
                pipeline
                | beam.Create(_documents(range(60)))
                | WriteToElasticsearch(url=proxy.url, index=index, max_request_documents=10)
            )
            assert_that(written[MAIN], equal_to([f"{n}" for n in range(60)]), label="Written")
            assert_that(written[FAILURES], equal_to([]), label="NoneRefused")
    assert len(_found(link, index)) == 60


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"index": ""}, "index is empty"),
        ({"max_request_bytes": 0}, "1 or more"),
        ({"max_request_documents": 0}, "1 or more"),
        ({"requests_in_flight": 0}, "1 or more"),
        ({"operation": "delete"}, "delete"),
    ],
)
def test_wrong_arguments_are_refused(wrong, message):
    given = {"url": "elasticsearch://localhost", "index": "news", **wrong}
    with pytest.raises(ValueError, match=message):
        WriteToElasticsearch(**given)


def test_url_that_names_no_server_is_refused():
    with pytest.raises(StoreError, match="HOST"):
        WriteToElasticsearch(url="elasticsearch://", index="news")
