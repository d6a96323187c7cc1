"""What a user's mistakes get: one line, exit code 2 (1 when the store is at fault), and no traceback."""

import sqlite3

import pytest

from tests.command import pactwatch, run_anyhow


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["run"], "nothing to take in"),
        (["run", "no/such/folder"], "no/such/folder: no such file or folder"),
        (["run", ".", "--now", "yesterday"], "--now yesterday"),
        (["run", ".", "--", "--runner=NoSuchRunner"], "NoSuchRunner"),
        (["articles", "--store", "sqlite:///none.db"], "no store there yet"),
        (["run", ".", "--store", "ftp://x"], "ftp://x"),
        (["run", ".", "--store", "elasticsearch://x"], "not part of this version"),
        (["search", "x", "--in", "articels"], "expected one of articles"),
        (["deadlines", "--from", "soon"], "--from soon"),
        (["status", "--config", "none.yaml"], "none.yaml"),
        (["evaluate", "."], "gold.yaml"),
    ],
)
def test_mistakes_get_one_line_and_no_traceback(tmp_path, arguments, part):
    done = run_anyhow(*arguments, cwd=tmp_path)
    assert done.returncode in {1, 2}
    assert part in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_every_command_explains_itself():
    listed = pactwatch("--help").stdout
    commands = [line.split()[0] for line in listed.split("Commands:")[1].splitlines() if line.strip()]
    assert {"run", "search", "deadlines", "extract", "replay", "export"} <= set(commands)
    for command in commands:
        assert len(pactwatch(command, "--help").stdout.splitlines()) > 5


def test_init_keeps_what_is_there(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "pactwatch.yaml").write_text("# mine\n", encoding="utf-8")
    shown = pactwatch("init", cwd=tmp_path).stdout
    assert "kept" in shown
    assert (tmp_path / "config" / "pactwatch.yaml").read_text(encoding="utf-8") == "# mine\n"
    assert list((tmp_path / "seeds").glob("*.txt"))


def test_a_store_of_a_newer_version_is_refused(tmp_path):
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()
    done = pactwatch("articles", "--store", f"sqlite:///{path}", code=1)
    assert "newer" in done.stderr
    assert len(done.stderr.splitlines()) == 1
