"""Files become items; whatever is wrong with one is a Failure that says so, and the rest goes on."""

import datetime
import gzip
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.ingest.read_files import path_of, read_file
from transforms.records import Failure, Item, PublishedHow, digest, to_json

NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def _read(path, data=None, **settings):
    if data is not None:
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read_file(str(path), now=NOW, **settings))


def _only(found, kind):
    assert len(found) == 1
    assert isinstance(found[0], kind)
    return found[0]


def _lines(*records):
    return "\n".join(record if isinstance(record, str) else json.dumps(record) for record in records)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.txt", "text/plain"),
        ("a.md", "text/markdown"),
        ("a.html", "text/html"),
        ("a.HTM", "text/html"),
        ("a.txt.gz", "text/plain"),
        ("a.HTML.GZ", "text/html"),
        ("a", "text/plain"),
    ],
)
def test_read_file_takes_in_a_document(tmp_path, name, media_type):
    data = b"\xef\xbb\xbfRivals sign\r\n\r\nThey met.\rThey left."
    item = _only(_read(tmp_path / name, gzip.compress(data) if name.lower().endswith(".gz") else data), Item)
    assert (item.media_type, item.content) == (media_type, "Rivals sign\n\nThey met.\nThey left.")
    assert (item.locator, item.taken_in) == (str(tmp_path / name), NOW)


def test_read_file_takes_what_the_sidecar_says(tmp_path):
    (tmp_path / "a.txt.yaml").write_text("title: T\nurl: https://example.com/a\npublished: 2018-09-17\n", "utf-8")
    item = _only(_read(tmp_path / "a.txt", "They met."), Item)
    assert (item.title, item.url, item.published) == ("T", "https://example.com/a", "2018-09-17")
    assert item.published_how is PublishedHow.SIDECAR


def test_read_file_takes_nothing_in_whose_sidecar_is_wrong(tmp_path):
    (tmp_path / "a.txt.yaml").write_text("titel: T\n", "utf-8")
    failure = _only(_read(tmp_path / "a.txt", "They met."), Failure)
    assert f"{tmp_path}/a.txt.yaml: unknown key 'titel'" in failure.error
    assert failure.record == str(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \r\n\t", "empty"),
        ("a.txt", "\ufeff \n".encode(), "empty"),
        ("a.txt", PNG, "a PNG picture"),
        ("a.txt", b"ab\x00cd", "NUL"),
        ("a.txt.gz", b"no gzip at all", "broken gzip"),
        ("a.txt.gz", gzip.compress(b"They met. " * 1000)[:-20], "broken gzip"),
        ("a.jsonl.gz", b"no gzip at all", "broken gzip"),
        ("a.jsonl", b"", "empty"),
        ("a.jsonl", b"\n \n", "empty"),
        ("a.jsonl", PNG, "a PNG picture"),
        ("a.json", b"[]", "no records"),
        ("a.json", b"{", "bad JSON"),
        ("a.json", b"[" * 100_000, "bad JSON"),
        ("a.json", b'"text"', "expected an object"),
        ("a.json", b"{}", "expected `text` or `html`"),
    ],
)
def test_read_file_says_what_is_wrong(tmp_path, name, data, error):
    failure = _only(_read(tmp_path / name, data), Failure)
    assert error in failure.error
    assert "\n" not in failure.error
    assert (failure.stage, failure.locator) == ("read_file", str(tmp_path / name))
    assert failure.id == digest("failure", failure.record)
    assert len(failure.payload) <= 2_000


def test_read_file_says_what_it_cannot_open(tmp_path):
    assert "No such file" in _only(_read(tmp_path / "none.txt"), Failure).error
    assert "not a regular file" in _only(_read(tmp_path), Failure).error


def test_read_file_refuses_what_is_oversized(tmp_path):
    assert _only(_read(tmp_path / "a.txt", "x" * 100, max_file_bytes=100), Item)
    failure = _only(_read(tmp_path / "a.txt", "x" * 101, max_file_bytes=100), Failure)
    assert failure.error == "oversized: the file has 101 bytes, at most 100 are read (ingest.max_file_bytes)"


def test_read_file_stops_a_gzip_bomb_at_the_limit(tmp_path):
    bomb = gzip.compress(b"x" * 30_000_000)
    assert len(bomb) < 50_000
    for name in ("a.txt.gz", "a.json.gz", "a.jsonl.gz"):
        assert "oversized" in _only(_read(tmp_path / name, bomb), Failure).error


def test_read_file_reads_the_fields_of_a_record(tmp_path):
    record = {
        "title": "Rivals sign",
        "text": "They met.",
        "url": "https://example.com/a",
        "source": "Example News",
        "published": "2018-09-17T18:05:00+03:00",
        "language": "en-GB",
        "tags": ["passed over"],
    }
    item = _only(_read(tmp_path / "a.json", json.dumps(record)), Item)
    assert item.content == "Rivals sign\n\nThey met."
    assert (item.title, item.url, item.source) == ("Rivals sign", "https://example.com/a", "Example News")
    assert (item.published, item.language) == ("2018-09-17T18:05:00+03:00", "en")
    assert item.published_how is PublishedHow.FEED


def test_read_file_reads_synonyms_after_the_documented_names(tmp_path):
    record = {"headline": "H", "body": "B", "link": "https://example.com/a", "date_published": "2018-09-17"}
    item = _only(_read(tmp_path / "a.json", json.dumps(record)), Item)
    assert (item.title, item.content, item.url, item.published) == (
        "H",
        "H\n\nB",
        "https://example.com/a",
        "2018-09-17",
    )
    both = {"text": "T", "content": "C", "title": None, "headline": "H"}
    assert _only(_read(tmp_path / "a.json", json.dumps(both)), Item).content == "H\n\nT"


def test_read_file_reads_html_of_a_record(tmp_path):
    item = _only(_read(tmp_path / "a.json", json.dumps({"text": " ", "html": "<p>They met.</p>"})), Item)
    assert (item.media_type, item.content) == ("text/html", "<p>They met.</p>")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"text": ["They met."]}, "text: expected text, got a list"),
        ({"text": "T", "title": 7}, "title: expected text, got a number"),
        ({"text": "T", "published": 1537142400}, "published: expected text, got a number"),
        ({"text": "T", "date": "soon"}, "published: 'soon' is not a publication date"),
        ({"text": "T", "url": "/a"}, "url: '/a' is not an http or https address"),
        ({"text": "T", "source": {"name": "N"}}, "source: expected text, got a mapping"),
        ({"text": "T", "language": "xx"}, "language: 'xx' is not a language"),
        ({"html": True}, "html: expected text, got true or false"),
    ],
)
def test_read_file_says_which_field_is_wrong(tmp_path, fields, error):
    assert error in _only(_read(tmp_path / "a.json", json.dumps(fields)), Failure).error


def test_read_file_goes_on_after_a_bad_record(tmp_path):
    found = _read(tmp_path / "a.json", json.dumps([{"text": "One."}, 2, {"text": "Three."}]))
    assert [type(each) for each in found] == [Item, Failure, Item]
    assert [each.locator.rpartition("#")[2] for each in found] == ["R1", "R2", "R3"]


def test_read_file_goes_on_after_a_bad_line(tmp_path):
    found = _read(tmp_path / "a.jsonl", _lines({"text": "One."}, "", "{bad", "[]", {"text": "Five."}))
    assert [type(each) for each in found] == [Item, Failure, Failure, Item]
    assert [each.locator.rpartition("#")[2] for each in found] == ["L1", "L3", "L4", "L5"]
    assert (found[1].payload, found[1].record) == ("{bad", f"{tmp_path}/a.jsonl#L3")


def test_read_file_bounds_lines_not_files_of_lines(tmp_path):
    lines = _lines({"text": "One."}, {"text": "x" * 200}, *({"text": f"Line {number}."} for number in range(30)))
    found = _read(tmp_path / "a.ndjson.gz", gzip.compress(lines.encode()), max_file_bytes=100)
    assert [type(each) for each in found] == [Item, Failure] + [Item] * 30
    assert "oversized: the line has more than 100 bytes" in found[1].error
    assert found[2].locator.endswith("#L3")


def test_read_file_keeps_the_lines_before_a_gzip_breaks(tmp_path):
    lines = _lines(*({"text": f"Line {number} {digest(str(number))}."} for number in range(20_000)))
    found = _read(tmp_path / "a.jsonl.gz", gzip.compress(lines.encode())[:-50_000])
    assert len(found) > 1_000
    assert all(isinstance(each, Item) for each in found[:1_000])
    assert "broken gzip" in found[-1].error
    assert found[-1].locator == f"{tmp_path}/a.jsonl.gz"


def test_read_file_reads_utf16_lines(tmp_path):
    found = _read(tmp_path / "a.jsonl", _lines({"text": "Zürich."}, {"text": "Łódź."}).encode("utf-16"))
    assert [each.content for each in found] == ["Zürich.", "Łódź."]


def test_read_file_lays_a_sidecar_over_all_records(tmp_path):
    (tmp_path / "a.jsonl.yaml").write_text("source: Example News\n", "utf-8")
    found = _read(tmp_path / "a.jsonl", _lines({"text": "One."}, {"text": "Two.", "source": "Other"}))
    assert [each.source for each in found] == ["Example News", "Example News"]
    (tmp_path / "a.jsonl.yaml").write_text("title: T\n", "utf-8")
    assert "unknown key 'title' for a file of several records" in _only(_read(tmp_path / "a.jsonl"), Failure).error


def test_read_file_gives_text_that_can_be_stored(tmp_path):
    item = _only(_read(tmp_path / "a.json", r'{"text": "a\ud800b\u0000c \ud83d\ude00", "title": "\udc00T"}'), Item)
    assert item.content == "\ufffdT\n\na\ufffdb\ufffdc 😀"
    json.dumps(to_json(item), ensure_ascii=False).encode()


def test_item_ids_come_from_what_is_held(tmp_path):
    (tmp_path / "sub").mkdir()
    first, copy = (
        _read(tmp_path / "a.txt", "They met."),
        _read(tmp_path / "sub" / "b.txt.gz", gzip.compress(b"They met.")),
    )
    assert first[0].id == copy[0].id
    assert _read(tmp_path / "a.txt", "They parted.")[0].id != first[0].id
    (tmp_path / "a.txt.yaml").write_text("published: 2018-09-17\n", "utf-8")
    assert _read(tmp_path / "a.txt", "They met.")[0].id != first[0].id


def test_path_of_finds_the_file_of_a_locator():
    assert [path_of(locator) for locator in ("a.jsonl#L12", "a.json#R3", "a.txt", "a#b.txt", "#L1")] == [
        "a.jsonl",
        "a.json",
        "a.txt",
        "a#b.txt",
        "",
    ]


@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=100).map(str.encode), st.text(max_size=60).map(_lines)).map(
        lambda data: data if isinstance(data, bytes) else data.encode("utf-8", "replace")
    ),
    st.sampled_from(["a.txt", "a.md", "a.html", "a.json", "a.jsonl", "a.txt.gz", "a.jsonl.gz"]),
)
def test_read_file_always_gives_something_and_the_same_again(data, name):
    with tempfile.TemporaryDirectory() as folder:
        found = _read(Path(folder) / name, data)
        assert found
        assert found == _read(Path(folder) / name)
        for each in found:
            json.dumps(to_json(each), ensure_ascii=False).encode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["text", "html", "title", "url", "date", "language", "x"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_read_file_takes_any_json(value):
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.json", "a.jsonl"):
            assert _read(Path(folder) / name, json.dumps(value))
