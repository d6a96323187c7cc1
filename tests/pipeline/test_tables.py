import json

import pytest

from pipeline.tables import Column, Format, clean, print_rows

ROWS = [
    {
        "id": "1",
        "title": "Truce [bold]holds[/bold]",
        "parties": [{"id": "x", "name": "Chad"}, {"id": "y", "name": "Mali"}],
    }
]
COLUMNS = (Column(heading="title", text=lambda row: row["title"]),)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("two\nlines", "two lines"), ("\x1b[31mred", "[31mred"), (None, ""), ("a\u202eb", "a b"), (3, "3")],
)
def test_clean_takes_out_what_could_disturb_a_terminal(text, shown):
    assert clean(text) == shown


def test_table_shows_markup_as_it_is_written(capsys):
    print_rows(ROWS, COLUMNS, Format.TABLE, "none")
    assert "Truce [bold]holds[/bold]" in capsys.readouterr().out


def test_json_lines_are_one_object_each(capsys):
    print_rows(ROWS * 2, COLUMNS, Format.JSONL, "none")
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == ROWS * 2


def test_csv_names_the_parties(capsys):
    print_rows(ROWS, COLUMNS, Format.CSV, "none")
    assert capsys.readouterr().out.splitlines() == ["id,title,parties", "1,Truce [bold]holds[/bold],Chad; Mali"]


def test_an_empty_listing_is_valid_json_and_tells_people_on_standard_error(capsys):
    print_rows([], COLUMNS, Format.JSON, "none")
    assert json.loads(capsys.readouterr().out) == []
    print_rows([], COLUMNS, Format.TABLE, "nothing found")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "nothing found" in captured.err
