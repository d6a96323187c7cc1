"""A web archive gives its pages; what is damaged in it hides no other page, and it can be read on from anywhere."""

import datetime
import gzip

import pytest

from tests.ingest.archives import page, response, warc_record, write_records, write_warc
from transforms.ingest.archive import Position
from transforms.ingest.read_files import read_file
from transforms.ingest.unreadable import UnreadableInput
from transforms.ingest.warc_records import read_warc
from transforms.records import Failure, Item

NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
NAMES = ("a.warc", "a.warc.gz")


START = Position()


def _read(path, start=START, **settings):
    return list(read_warc(str(path), start, now=NOW, limit=settings.pop("limit", 1_000_000), **settings))


def _items(found):
    return [each for each, _ in found if isinstance(each, Item)]


def _failures(found):
    return [each for each, _ in found if isinstance(each, Failure)]


@pytest.mark.parametrize("name", NAMES)
def test_read_warc_gives_pages_with_their_addresses(tmp_path, name):
    path = write_warc(tmp_path / name, [page(1), page(2)])
    found = _read(path)
    assert [item.url for item in _items(found)] == ["https://archive.example/a/0", "https://archive.example/a/1"]
    assert [item.locator for item in _items(found)] == [f"{path}#R3", f"{path}#R5"]
    assert _items(found)[0].content == page(1)
    assert _items(found)[0].media_type == "text/html"
    assert _failures(found) == []


@pytest.mark.parametrize("name", NAMES)
def test_read_warc_goes_on_from_every_position(tmp_path, name):
    path = write_warc(tmp_path / name, [page(number) for number in range(4)])
    whole = _read(path)
    for place, (_, position) in enumerate(whole):
        assert _read(path, position) == whole[place + 1 :]


def test_read_warc_leaves_out_what_is_no_article(tmp_path):
    records = [
        response("https://archive.example/gone", page(1).encode(), status="404 Not Found"),
        response("https://archive.example/picture", b"\x89PNG\r\n\x1a\n", kind="image/png"),
        response("dns:archive.example", page(1).encode()),
    ]
    found = _read(write_records(tmp_path / "a.warc", records))
    assert [each for each, _ in found] == [None, None, None]


def test_read_warc_takes_texts_that_were_taken_from_pages(tmp_path):
    text = warc_record("conversion", "https://archive.example/t", "text/plain", b"Rivals sign.\n\nThey met in Accra.")
    (item,) = _items(_read(write_records(tmp_path / "a.warc.wet.gz", [text])))
    assert (item.media_type, item.content) == ("text/plain", "Rivals sign.\n\nThey met in Accra.")


def test_read_warc_unpacks_content(tmp_path):
    packed = response("https://archive.example/g", gzip.compress(page(7).encode()), more="Content-Encoding: gzip\r\n")
    assert [item.content for item in _items(_read(write_records(tmp_path / "a.warc", [packed])))] == [page(7)]


@pytest.mark.parametrize("name", NAMES)
def test_read_warc_goes_on_behind_a_damaged_record(tmp_path, name):
    path = write_warc(tmp_path / name, [page(number) for number in range(4)])
    behind = [position.offset for _, position in _read(path)]
    data = bytearray(path.read_bytes())
    begin = behind[3]  # of the second page
    data[begin : begin + 30] = b"\xff" * 30
    path.write_bytes(data)
    found = _read(path)
    assert [item.url[-1] for item in _items(found)] == ["0", "2", "3"]
    assert len(_failures(found)) == 1
    assert "damaged record" in _failures(found)[0].error


@pytest.mark.parametrize("name", NAMES)
def test_read_warc_says_where_an_archive_is_cut_off(tmp_path, name):
    path = write_warc(tmp_path / name, [page(number) for number in range(3)])
    path.write_bytes(path.read_bytes()[:-40])
    found = _read(path)
    assert len(_items(found)) == 2
    assert "ends within it" in _failures(found)[0].error


def test_read_warc_says_what_a_page_has_wrong(tmp_path):
    found = _read(write_warc(tmp_path / "a.warc", [page(1), "x" * 2_000, b"\0\1\2\3" * 40]), limit=1_000)
    assert len(_items(found)) == 1
    assert "oversized: the page" in _failures(found)[0].error
    assert "binary" in _failures(found)[1].error


def test_read_warc_refuses_records_gzipped_together(tmp_path):
    plain = write_warc(tmp_path / "a.warc", [page(1)])
    (tmp_path / "b.warc.gz").write_bytes(gzip.compress(plain.read_bytes()))
    assert "warcio recompress" in _failures(_read(tmp_path / "b.warc.gz"))[0].error


@pytest.mark.parametrize(("data", "reason"), [(b"", "empty"), (b"plain text", "not a web archive")])
def test_read_warc_refuses_what_is_no_archive(tmp_path, data, reason):
    (tmp_path / "a.warc").write_bytes(data)
    with pytest.raises(UnreadableInput, match=reason):
        _read(tmp_path / "a.warc")
    (failure,) = read_file(str(tmp_path / "a.warc"), now=NOW)
    assert reason in failure.error
