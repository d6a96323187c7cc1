"""A list of addresses gives items that wait for their pages."""

import datetime

from transforms.ingest.archive import Position
from transforms.ingest.url_list import read_urls
from transforms.records import Failure, Item, State

NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
START = Position()


def _read(path, text, start=START, **settings):
    path.write_text(text, "utf-8")
    return list(read_urls(str(path), start, now=NOW, **settings))


def test_read_urls_gives_an_item_for_each_address(tmp_path):
    found = _read(
        tmp_path / "a.urls", "# old\nhttps://news.example/1\n\n  http://news.example/2?utm_source=x  \nnews\n"
    )
    items = [each for each, _ in found if isinstance(each, Item)]
    assert [item.url for item in items] == ["https://news.example/1", "http://news.example/2"]
    assert {item.state for item in items} == {State.WAITING}
    (failure,) = [each for each, _ in found if isinstance(each, Failure)]
    assert failure.locator.endswith("#L5")
    assert "'news' is not an http or https address" in failure.error


def test_read_urls_gives_one_address_one_id(tmp_path):
    found = _read(tmp_path / "a.urls", "https://news.example/1\nhttps://news.example/1?utm_source=x\n")
    assert len({each.id for each, _ in found}) == 1


def test_read_urls_goes_on_from_a_position_and_leaves_half_a_line(tmp_path):
    text = "https://news.example/1\nhttps://news.example/2\nhttps://news.exam"
    whole = _read(tmp_path / "a.urls", text, growing=True)
    assert len(whole) == 2
    assert _read(tmp_path / "a.urls", text, whole[0][1], growing=True) == whole[1:]
