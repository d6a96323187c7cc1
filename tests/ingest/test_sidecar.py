"""A sidecar says what its file does not; a wrong one is refused with file, key and what was expected."""

import contextlib
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.ingest.metadata import Metadata
from transforms.ingest.sidecar import load_mapping, read_sidecar
from transforms.ingest.unreadable import UnreadableInput

NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


def _sidecar(folder, text, name="a.txt"):
    (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder / name


def test_read_sidecar_returns_what_it_says(tmp_path):
    path = _sidecar(
        tmp_path,
        "title: Rivals sign\nurl: https://example.com/a\nsource: Example News\npublished: 2018-09-17\nlanguage: en-GB",
    )
    assert read_sidecar(path, now=NOW) == Metadata(
        title="Rivals sign", url="https://example.com/a", source="Example News", published="2018-09-17", language="en"
    )


def test_read_sidecar_keeps_the_offset_of_a_time(tmp_path):
    path = _sidecar(tmp_path, "published: 2018-09-17T23:30:00-05:00\n")
    assert read_sidecar(path, now=NOW).published == "2018-09-17T23:30:00-05:00"


def test_read_sidecar_of_a_gzipped_file_has_its_full_name(tmp_path):
    assert read_sidecar(_sidecar(tmp_path, "title: T", "a.txt.gz"), now=NOW).title == "T"


def test_read_sidecar_is_none_without_one_and_says_nothing_when_empty(tmp_path):
    assert read_sidecar(tmp_path / "a.txt", now=NOW) is None
    assert read_sidecar(_sidecar(tmp_path, ""), now=NOW) == Metadata()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("titel: T", "unknown key 'titel'; expected title, url"),
        ("title: 2018", "title: expected text, got a number"),
        ("source: [a]", "source: expected text, got a list"),
        ("url: example.com", "url: 'example.com' is not an http"),
        ("published: soon", "published: 'soon' is not a publication date"),
        ("published: 2018-13-45", "published: '2018-13-45' is not"),
        ("published: 2081-01-01", "to 2024-01-01"),
        ("language: Klingonish", "language: 'Klingonish' is not a language"),
        ("title: [", "bad YAML"),
        ("title: !!int x", "bad YAML"),
        ("- title", "expected a mapping"),
        ("[" * 5_000, "bad YAML"),
        ("title: " + "x" * 70_000, "larger than"),
    ],
)
def test_read_sidecar_refuses_what_is_wrong(tmp_path, text, expected):
    path = _sidecar(tmp_path, text)
    with pytest.raises(UnreadableInput) as raised:
        read_sidecar(path, now=NOW)
    assert str(raised.value).startswith(f"{path}.yaml: ")
    assert expected in str(raised.value)


def test_read_sidecar_for_several_records_has_no_title(tmp_path):
    path = _sidecar(tmp_path, "title: T", "a.jsonl")
    with pytest.raises(UnreadableInput, match="unknown key 'title' for a file of several records"):
        read_sidecar(path, now=NOW, shared=True)


@given(st.text(alphabet=st.sampled_from("ab:[]{}!&*-?|>%@<'\"\n #1,~\\\t"), max_size=30))
def test_load_mapping_gives_a_mapping_or_refuses(text):
    with contextlib.suppress(UnreadableInput):
        assert hasattr(load_mapping(text), "keys")
