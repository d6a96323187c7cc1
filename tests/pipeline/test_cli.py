"""What a user's mistakes get: one line, exit code 2 (1 when the store is at fault), and no traceback."""

import sqlite3
import sys

import pytest

from pipeline.cli import main


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Runs the command line in this process, in an empty folder: returns exit code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["pactwatch", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["run"], "nothing to take in"),
        (["run", "no/such/folder"], "no/such/folder: no such file or folder"),
        (["run", ".", "--now", "yesterday"], "--now yesterday"),
        (["run", ".", "--", "--runner=NoSuchRunner"], "NoSuchRunner"),
        (["run", ".", "--", "--runner=PortableRunner"], "a SQLite file is seen by one machine only"),
        (["replay", "--", "--runner=PortableRunner"], "a SQLite file is seen by one machine only"),
        (["run", ".", "--stream"], "--stream needs a cluster: add `-- --runner=PortableRunner"),
        (["run", ".", "--stream", "--watch"], "--watch runs on this machine, --stream on a cluster"),
        (["run", ".", "--stream", "--backfill"], "--backfill ends when all is taken in, --stream does not end"),
        (
            ["run", ".", "--store", "http://h/", "--", "--runner=PortableRunner", "--environment_type=LOOPBACK"],
            "its workers end with this command",
        ),
        (["articles", "--store", "sqlite:///none.db"], "no store there yet"),
        (["run", ".", "--store", "ftp://x"], "ftp://x"),
        (["run", ".", "--store", "elasticsearch://"], "elasticsearch://HOST:9200"),
        (["search", "x", "--in", "articels"], "expected one of articles"),
        (["deadlines", "--from", "soon"], "--from soon"),
        (["status", "--config", "none.yaml"], "none.yaml"),
        (["evaluate", "."], "gold.yaml"),
        (["extract", "a.txt", "--html", "b.txt"], "--html b.txt: expected the name of the page"),
        (["extract", "a.html", "--html", "./a.html"], "is one of the articles"),
        (["extract", "a.txt", "--html", "none/b.html"], "a folder that is there"),
        (["extract", "a.txt", "--html", "b.html", "--format", "json"], "--html and --format json exclude each other"),
    ],
)
def test_mistakes_get_one_line_and_no_traceback(command, arguments, part):
    code, _, errors = command(*arguments)
    assert code in {1, 2}
    assert part in errors
    assert len(errors.strip().splitlines()) == 1


def test_every_command_explains_itself(command):
    _, listed, _ = command("--help")
    commands = [line.split()[0] for line in listed.split("Commands:")[1].splitlines() if line.strip()]
    assert {"run", "search", "deadlines", "extract", "replay", "export"} <= set(commands)
    for name in commands:
        code, explained, _ = command(name, "--help")
        assert code == 0
        assert len(explained.splitlines()) > 5


def test_init_keeps_what_is_there(command, tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "pactwatch.yaml").write_text("# mine\n", encoding="utf-8")
    _, shown, _ = command("init")
    assert "kept" in shown
    assert (tmp_path / "config" / "pactwatch.yaml").read_text(encoding="utf-8") == "# mine\n"
    assert list((tmp_path / "seeds").glob("*.txt"))


def test_a_store_of_a_newer_version_is_refused(command, tmp_path):
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()
    code, _, errors = command("articles", "--store", f"sqlite:///{path}")
    assert code == 1
    assert "newer" in errors
    assert len(errors.splitlines()) == 1
