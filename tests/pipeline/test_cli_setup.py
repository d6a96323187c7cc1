import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from transforms.store.open import open_store
from transforms.store.protocol import Collection, Document


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///data/pactwatch.db")
    store.create(Collection.RUNS, [Document(id="old", body={"started": "2020-01-01T00:00:00+00:00"})])
    store.close()


def _call(*arguments):
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("setup", "elasticsearch"), "needs no setup"),
        (("prune", "--older-than", "soon"), "expected days such as 365d"),
        (("prune", "--older-than", "365d", "--in", "actors"), "expected one of agreements, articles, failures, runs"),
        (("setup", "kibana", "--url", "localhost:5601"), "begins with http:// or https://"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(desk, arguments, message):
    done = _call(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_prune_says_what_it_would_remove_and_then_what_it_removed(desk):
    dry = _call("prune", "--older-than", "365d", "--in", "runs", "--dry-run")
    assert dry.stdout == "would remove 1 runs\n"
    assert _call("prune", "--older-than", "2019-12-31", "--in", "runs").stdout == "removed 0 runs\n"
    assert _call("prune", "--older-than", "99999999d", "--in", "runs").stdout == "removed 0 runs\n"
    assert _call("prune", "--older-than", "365d", "--in", "runs").stdout == "removed 1 runs\n"


def test_setup_kibana_says_what_it_would_import(desk):
    done = _call("setup", "kibana", "--dry-run", "--store", "elasticsearch://localhost/desk")
    assert done.exit_code == 0
    assert "would import dashboard Pactwatch: the desk" in done.stdout


def test_password_in_a_url_is_refused_and_not_shown(desk):
    done = _call("search", "talks", "--store", "https://elastic:hush@localhost:9200")
    assert done.exit_code == 1
    assert "PACTWATCH_ELASTICSEARCH_PASSWORD" in done.stderr
    assert "hush" not in done.stderr + done.stdout
