"""A server with security on, which is killed in the middle of a run, and keys that may do little or have expired."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.command import canonical, pactwatch, run_anyhow, start
from tests.elasticsearch import wait_for_done
from tests.own_elasticsearch import PASSWORD, own_server
from tests.synthetic import write_articles
from transforms.store.elasticsearch.address import parse_address
from transforms.store.elasticsearch.link import Link
from transforms.store.open import open_store
from transforms.store.protocol import Collection

pytestmark = [pytest.mark.integration, pytest.mark.soak]  # a second server with security: minutes

NOW = ("--now", "2024-03-01")
ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
ROLES = ROOT / "config" / "elasticsearch" / "roles"


@pytest.fixture(scope="module")
def server():
    with own_server() as running:
        yield running


@pytest.fixture
def password(monkeypatch):
    monkeypatch.setenv("PACTWATCH_ELASTICSEARCH_PASSWORD", PASSWORD)


@pytest.fixture
def wire(tmp_path):
    return write_articles(tmp_path / "wire", 24)


@pytest.fixture
def expected(wire, tmp_path):
    made = f"sqlite:///{tmp_path / 'store.db'}"
    pactwatch("run", str(wire), "--store", made, *NOW)
    return canonical(made)


def _documented_rights(heading: str) -> dict[str, object]:
    """Returns the rights that the README lists under a heading."""
    _, _, text = README.read_text(encoding="utf-8").partition(heading)
    found = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert found, f"the README lists no rights after {heading!r}"
    return json.loads(found[1])


def _key(server, rights: dict[str, object] | None, **how: str) -> str:
    link = Link(parse_address(server.url), patience_seconds=30)
    made = link.client.security.create_api_key(
        name="test", role_descriptors={"pactwatch": rights} if rights else None, **how
    )
    link.close()
    return str(made["encoded"])


@pytest.mark.parametrize("secret", [None, "wrong"])
def test_nobody_enters_without_a_password(server, monkeypatch, secret):
    monkeypatch.delenv("PACTWATCH_ELASTICSEARCH_PASSWORD", raising=False)
    if secret:
        monkeypatch.setenv("PACTWATCH_ELASTICSEARCH_PASSWORD", secret)
    done = pactwatch("search", "talks", "--store", server.url, code=1)
    [line] = done.stderr.splitlines()
    assert "401" in line
    assert "PACTWATCH_ELASTICSEARCH_API_KEY" in line
    assert "wrong" not in line


def test_documented_rights_are_enough_and_needed(server, wire, expected, password, monkeypatch):
    setup, run = (_key(server, _documented_rights(f"**Rights for {what}**")) for what in ("`setup`", "all else"))
    monkeypatch.delenv("PACTWATCH_ELASTICSEARCH_PASSWORD")
    monkeypatch.setenv("PACTWATCH_ELASTICSEARCH_API_KEY", run)
    done = pactwatch("setup", "elasticsearch", "--store", server.url, code=1)
    assert "403" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    monkeypatch.setenv("PACTWATCH_ELASTICSEARCH_API_KEY", setup)
    pactwatch("setup", "elasticsearch", "--store", server.url)
    monkeypatch.setenv("PACTWATCH_ELASTICSEARCH_API_KEY", run)
    pactwatch("run", str(wire), "--store", server.url, *NOW)
    pactwatch("deadlines", "--store", server.url)
    pactwatch("prune", "--older-than", "9999d", "--store", server.url)
    assert canonical(server.url) == expected
    for output in (pactwatch("status", "--store", server.url).stdout, done.stderr):
        assert run not in output


def _accounts_script(folder: Path, url: str) -> str:
    """Returns what the compose file's job `accounts` runs, on our server and our folder."""
    command = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    [script] = command["services"]["accounts"]["command"]
    changed = {"$$": "$", "http://elasticsearch:9200": url, "/secrets/": f"{folder}/", "/roles/": f"{ROLES}/"}
    changed["elastic:%s"] = "admin:%s"  # the server of these tests knows no password of `elastic`
    for old, new in changed.items():
        assert old in script, old
        script = script.replace(old, new)
    return script


def test_accounts_of_the_compose_file_can_set_up_and_run(server, tmp_path, monkeypatch):
    for name, secret in (("elastic", PASSWORD), ("kibana", "kibana-secret"), ("pactwatch-account", "desk-secret")):
        (tmp_path / name).write_text(secret, encoding="utf-8")
    address = parse_address(server.url).server
    script = _accounts_script(tmp_path, address)
    for _ in range(2):  # it runs at every start
        done = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.setenv("PACTWATCH_ELASTICSEARCH_PASSWORD_FILE", str(tmp_path / "pactwatch-account"))
    url = address.replace("http://", "http://pactwatch@")
    pactwatch("setup", "elasticsearch", "--store", url)
    pactwatch("status", "--store", url)


def test_expired_key_is_told(server, password, monkeypatch):
    key = _key(server, None, expiration="1ms")
    monkeypatch.setenv("PACTWATCH_ELASTICSEARCH_API_KEY", key)
    done = pactwatch("search", "talks", "--store", server.url, code=1)
    [line] = done.stderr.splitlines()
    assert "the API key has expired (401)" in line
    assert key not in line


def test_server_killed_in_the_middle_of_a_run_loses_and_doubles_nothing(server, wire, expected, password):
    url = f"{server.url}/killed"
    process = start("run", str(wire), "--store", url, *NOW)
    store = open_store(url, patience_seconds=120)
    wait_for_done(store, 2, process)
    acknowledged = {stored.id: stored.body for stored in store.scan(Collection.ARTICLES)}
    server.kill()
    server.start()
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output
    again = run_anyhow("run", str(wire), "--store", url, *NOW)
    assert "Nothing new." in again.stdout, again.stdout + again.stderr
    assert canonical(url) == expected
    assert set(acknowledged) <= set(store.get(Collection.ARTICLES, list(acknowledged)))
    store.close()
