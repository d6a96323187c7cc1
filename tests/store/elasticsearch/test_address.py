import pytest

from transforms.store.elasticsearch.address import Address, parse_address, read_secrets
from transforms.store.protocol import StoreError


@pytest.mark.parametrize(
    ("url", "server", "prefix", "user"),
    [
        ("elasticsearch://localhost", "http://localhost:9200", "pactwatch", None),
        ("elasticsearch://127.0.0.1:9217/desk", "http://127.0.0.1:9217", "desk", None),
        ("elasticsearch://[::1]:9200", "http://[::1]:9200", "pactwatch", None),
        ("elasticsearch://search.example", "https://search.example:9200", "pactwatch", None),
        ("elasticsearch://anna@search.example/desk-2/", "https://search.example:9200", "desk-2", "anna"),
        ("https://search.example:443", "https://search.example:443", "pactwatch", None),
        ("http://elasticsearch:9200", "http://elasticsearch:9200", "pactwatch", None),
        ("elasticsearch://cloud/desk", "cloud", "desk", None),
    ],
)
def test_url_names_server_prefix_and_user(url, server, prefix, user):
    assert parse_address(url) == Address(server=server, prefix=prefix, user=user)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("elasticsearch://", "elasticsearch://HOST:9200"),
        ("https://host:port", "elasticsearch://HOST:9200"),
        ("https://host:9200?verify=false", "elasticsearch://HOST:9200"),
        ("https://host:9200/Desk", "a-z, 0-9"),
        ("https://host:9200/a/b", "a-z, 0-9"),
        ("https://host:9200/*", "a-z, 0-9"),
        ("https://elastic:hush@host:9200", "PACTWATCH_ELASTICSEARCH_PASSWORD"),
    ],
)
def test_url_that_cannot_be_used_is_refused_without_its_secret(url, message):
    with pytest.raises(StoreError, match=message.replace("*", r"\*")) as caught:
        parse_address(url)
    assert "hush" not in str(caught.value)


def test_secrets_come_from_the_environment_or_a_file_and_are_not_shown(monkeypatch, tmp_path):
    file = tmp_path / "key"
    file.write_text("hush-file\n", encoding="utf-8")
    monkeypatch.setenv("PACTWATCH_ELASTICSEARCH_PASSWORD", "hush-password")
    monkeypatch.setenv("PACTWATCH_ELASTICSEARCH_API_KEY", "passed over for the file's")
    monkeypatch.setenv("PACTWATCH_ELASTICSEARCH_API_KEY_FILE", str(file))
    secrets = read_secrets()
    assert (secrets.api_key, secrets.password) == ("hush-file", "hush-password")
    assert "hush" not in repr(secrets)


def test_secrets_file_that_cannot_be_read_is_named(monkeypatch):
    monkeypatch.setenv("PACTWATCH_ELASTICSEARCH_PASSWORD_FILE", "nowhere/password")
    with pytest.raises(StoreError, match=r"PASSWORD_FILE: nowhere/password cannot be read"):
        read_secrets()
