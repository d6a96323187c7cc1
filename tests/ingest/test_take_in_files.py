"""Files become pending items; archives portion by portion, each from where the last ended."""

import dataclasses
import datetime
import json

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing import test_pipeline
from apache_beam.testing.util import assert_that, equal_to

from tests.ingest.archives import page, write_warc
from transforms.ingest import take_in_files
from transforms.ingest.known_files import known_files
from transforms.ingest.take_in_files import Intake, TakeInFiles, take_in_file
from transforms.records import DueFile
from transforms.store.documents import failure_from, item_from
from transforms.store.protocol import Collection

NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
INTAKE = Intake(run="run", now=NOW, portion=3, lines_by_portion=True)


def _take_in(store, path, **changes):
    return list(take_in_file(store, DueFile(path=str(path)), dataclasses.replace(INTAKE, **changes)))


def _lines(path, numbers):
    path.write_text("".join(json.dumps({"text": f"Article {number}."}) + "\n" for number in numbers), "utf-8")
    return path


def _count(store):
    return store.count(Collection.ITEMS)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.warc", "a.warc.gz"])
def test_take_in_file_takes_an_archive_portion_by_portion(tmp_path, store, name):
    path = tmp_path / name
    if "warc" in name:
        write_warc(path, [page(number) for number in range(7)])
    else:
        import gzip

        lines = _lines(tmp_path / "plain", range(7)).read_bytes()
        path.write_bytes(gzip.compress(lines) if name.endswith(".gz") else lines)
    assert [len(_take_in(store, path)) for _ in range(5)] == [3, 3, 1, 0, 0]
    assert _count(store) == 7
    assert known_files(store, [str(path)])[str(path)].whole


def test_take_in_file_reads_a_portion_again_that_was_not_noted(tmp_path, store, monkeypatch):
    path = _lines(tmp_path / "a.jsonl", range(7))

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(take_in_files, "remember_file", killed)
    with pytest.raises(KeyboardInterrupt):
        _take_in(store, path)
    monkeypatch.undo()
    assert _count(store) == 3
    assert [len(_take_in(store, path)) for _ in range(3)] == [3, 3, 1]
    assert _count(store) == 7


def test_take_in_file_reads_an_archive_on_that_grew(tmp_path, store):
    path = _lines(tmp_path / "a.jsonl", range(2))
    _take_in(store, path)
    with path.open("a") as stream:
        stream.write('{"text": "Article 2."}\n')
    assert len(_take_in(store, path)) == 1


def test_take_in_file_reads_an_archive_afresh_when_told(tmp_path, store):
    path = _lines(tmp_path / "a.jsonl", range(2))
    assert len(_take_in(store, path)) == 2
    assert _take_in(store, path) == []
    assert len(_take_in(store, path, afresh=True)) == 2


def test_take_in_file_keeps_what_is_wrong_in_an_archive(tmp_path, store):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Good."}\n{bad\n{"title": "no text"}\n{"text": "Good too."}\n', "utf-8")
    while _take_in(store, path):
        pass
    failures = [failure_from(stored) for stored in store.scan(Collection.FAILURES)]
    assert sorted(failure.locator[-3:] for failure in failures) == ["#L2", "#L3"]
    assert _count(store) == 2


def test_take_in_file_marks_what_is_backfilled(tmp_path, store):
    _take_in(store, _lines(tmp_path / "old.jsonl", [1]), backfilled=True)
    _take_in(store, _lines(tmp_path / "new.jsonl", [2]))
    items = [item_from(stored) for stored in store.scan(Collection.ITEMS)]
    assert {item.content: item.backfilled for item in items} == {"Article 1.": True, "Article 2.": False}


def test_take_in_file_says_that_a_file_changed_under_it(tmp_path, store, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("Half of an art", "utf-8")
    read = take_in_files.read_file

    def read_while_written(*arguments, **settings):
        yield from read(*arguments, **settings)
        path.write_text("Half of an article, and the rest of it.", "utf-8")

    monkeypatch.setattr(take_in_files, "read_file", read_while_written)
    assert _take_in(store, path) == []
    (failure,) = [failure_from(stored) for stored in store.scan(Collection.FAILURES)]
    assert "written to while it was read" in failure.error
    monkeypatch.undo()
    assert len(_take_in(store, path)) == 1
    assert store.count(Collection.FAILURES) == 0


def test_take_in_files_transform_gives_ids_of_stored_items(tmp_path, store, store_url):
    _lines(tmp_path / "a.jsonl", [1, 2])
    (tmp_path / "b.txt").write_text("Plain.", "utf-8")
    with test_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        due = [DueFile(path=str(tmp_path / name)) for name in ("a.jsonl", "b.txt", "none.warc")]
        taken_in = pipeline | beam.Create(due) | TakeInFiles(store_url=store_url, intake=INTAKE)
        counted = taken_in["main"] | beam.combiners.Count.Globally()
        assert_that(counted, equal_to([3]), label="Ids")
        assert_that(taken_in["failures"], equal_to([]), label="Failures")
    assert _count(store) == 3
    (failure,) = [failure_from(stored) for stored in store.scan(Collection.FAILURES)]
    assert "No such file" in failure.error


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"now": datetime.datetime(2024, 1, 1)}, "now"),
        ({"max_file_bytes": 0}, "max_file_bytes"),
        ({"portion": 0}, "portion"),
    ],
)
def test_take_in_files_transform_refuses_wrong_settings(changes, name):
    with pytest.raises(ValueError, match=name):
        TakeInFiles(store_url="sqlite:///none.db", intake=dataclasses.replace(INTAKE, **changes))
