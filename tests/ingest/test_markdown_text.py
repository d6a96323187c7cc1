"""Markdown reads as its reader sees it."""

from pathlib import Path

from transforms.ingest.markdown_text import read_markdown
from transforms.ingest.metadata import Metadata

NOTE = (Path(__file__).parents[1] / "data" / "ingest" / "note.md").read_text("utf-8")


def test_read_markdown_has_no_marks_left():
    assert read_markdown(NOTE).text == (
        "Ferry strike called off\n\n"
        "The union and the operator settled on Friday, hours before the deadline.\n\n"
        "Wages rise by 3%.\n\nCrews return at once.\n\n"
        '"We are content," a delegate said.'
    )


def test_read_markdown_reads_front_matter():
    found = read_markdown(NOTE)
    assert found.heading == "Ferry strike called off"
    assert found.metadata == Metadata(
        title="Ferry strike called off", url="https://example.com/ferry?utm_medium=mail", published="2019-03-01"
    )


def test_read_markdown_keeps_a_text_between_rules():
    assert "not: [front matter" in read_markdown("---\nnot: [front matter\n---\n\nText.").text


def test_read_markdown_keeps_entities_pictures_and_html_as_words():
    assert read_markdown("A &amp; B\n\n![The *signing*](x.png)\n\n<div>In a box</div>").text == (
        "A & B\n\nThe signing\n\nIn a box"
    )
