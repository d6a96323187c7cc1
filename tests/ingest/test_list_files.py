"""Paths stand for files; what cannot be taken in is a Failure with its reason, never an exception."""

import datetime
import os
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing import test_pipeline
from apache_beam.testing.util import assert_that, equal_to

from transforms.ingest.list_files import ListFiles, list_files
from transforms.records import Failure, digest

NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def folder(tmp_path):
    for name in ("b.txt", "a.md", "c.HTML", "d.json.gz", "sub/e.jsonl", "sub/deep/f.txt", ".hidden.txt", ".git/g.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text", "utf-8")
    for name in ("b.txt.yaml", "sub/deep/f.txt.yml", "Thumbs.db", "sub/desktop.ini", "picture.png", "sub/data.csv.gz"):
        (tmp_path / name).write_text("text", "utf-8")
    return tmp_path


def _listed(path):
    found = list(list_files(str(path), now=NOW))
    return [each for each in found if isinstance(each, str)], [each for each in found if isinstance(each, Failure)]


def _names(folder, paths):
    return [os.path.relpath(path, folder) for path in paths]


def test_list_files_walks_a_folder_in_order(folder):
    files, failures = _listed(folder)
    assert _names(folder, files) == ["a.md", "b.txt", "c.HTML", "d.json.gz", "sub/deep/f.txt", "sub/e.jsonl"]
    assert _names(folder, [failure.locator for failure in failures]) == ["picture.png", "sub/data.csv.gz"]
    assert "supported are .txt, .md, .html" in failures[0].error
    assert failures[0].stage == "list"
    assert failures[0].id == digest("failure", str(folder / "picture.png"))


def test_list_files_takes_the_file_that_is_named(folder):
    for name in ("b.txt", ".hidden.txt", "picture.png"):
        assert _listed(folder / name) == ([str(folder / name)], [])


def test_list_files_passes_over_a_named_sidecar_but_not_a_lone_one(folder):
    assert _listed(folder / "b.txt.yaml") == ([], [])
    (folder / "lone.yaml").write_text("title: T", "utf-8")
    assert "sidecar" in _listed(folder / "lone.yaml")[1][0].error


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", ["b.txt"]),
        ("**/*.txt", ["b.txt", "sub/deep/f.txt"]),
        ("**/f.txt", ["sub/deep/f.txt"]),
        ("s?b/*.jsonl", ["sub/e.jsonl"]),
        ("[ab].*", ["a.md", "b.txt"]),
        ("su*", ["sub/deep/f.txt", "sub/e.jsonl"]),
        ("sub/**", ["sub/deep/f.txt", "sub/e.jsonl"]),
        ("sub/d*/", ["sub/deep/f.txt"]),
    ],
)
def test_list_files_expands_a_pattern(folder, pattern, names):
    files, _ = _listed(folder / pattern if not pattern.endswith("/") else f"{folder}/{pattern}")
    assert sorted(_names(folder, files)) == names


def test_list_files_expands_a_pattern_relative_to_where_it_is_run(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert list(list_files("**/*.txt", now=NOW)) == ["b.txt", "sub/deep/f.txt"]


def test_list_files_takes_a_name_with_a_star_as_it_is(tmp_path):
    (tmp_path / "what?[1].txt").write_text("text", "utf-8")
    assert _listed(tmp_path / "what?[1].txt") == ([str(tmp_path / "what?[1].txt")], [])


def test_list_files_ends_where_links_lead_in_circles(folder):
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "sub" / "self.txt").symlink_to("self.txt")
    files, failures = _listed(folder)
    assert len(files) == 6
    assert "a link that leads nowhere" in [failure.error for failure in failures]
    assert len(_listed(f"{folder}/**/*.txt")[0]) == 2


@pytest.mark.parametrize(
    ("name", "error"), [("none.txt", "no such file"), ("*.pdf", "no file matches"), ("none/**", "no file matches")]
)
def test_list_files_says_what_is_not_there(folder, name, error):
    files, failures = _listed(folder / name)
    assert files == []
    assert error in failures[0].error


def test_list_files_does_not_open_pipes(folder):
    os.mkfifo(folder / "pipe.txt")
    assert "not a regular file" in [failure.error for failure in _listed(folder)[1]]


def test_list_files_refuses_names_that_are_not_unicode(tmp_path):
    with open(os.fsencode(tmp_path) + b"/\xff.txt", "wb"):  # noqa: PTH123 a name as bytes
        pass
    files, failures = _listed(tmp_path)
    assert files == []
    assert "not valid Unicode" in failures[0].error
    failures[0].locator.encode()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_list_files_goes_on_past_a_forbidden_folder(folder):
    (folder / "sub").chmod(0)
    try:
        files, failures = _listed(folder)
    finally:
        (folder / "sub").chmod(0o700)
    assert len(files) == 4
    assert "Permission denied" in failures[-1].error


def test_list_files_transform_parts_locators_and_failures(folder):
    with test_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        listed = pipeline | beam.Create([str(folder / "sub"), str(folder / "none")]) | ListFiles(now=NOW)
        names = listed["main"] | "Names" >> beam.Map(os.path.basename)
        errors = listed["failures"] | "Errors" >> beam.Map(lambda failure: Path(failure.locator).name)
        assert_that(names, equal_to(["e.jsonl", "f.txt"]), label="Locators")
        assert_that(errors, equal_to(["data.csv.gz", "none"]), label="Failures")


def test_list_files_transform_refuses_a_time_without_offset():
    with pytest.raises(ValueError, match="now"):
        ListFiles(now=datetime.datetime(2024, 1, 1))
