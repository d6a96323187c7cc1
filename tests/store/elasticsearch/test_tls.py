"""A server behind https whose certificate comes from an authority of its own."""

import ssl

import pytest
import trustme

from tests.elasticsearch import server_url
from tests.proxy import proxy_to
from transforms.store.elasticsearch.address import parse_address
from transforms.store.open import open_store
from transforms.store.protocol import Collection, Document, StoreError

pytestmark = pytest.mark.integration

AUTHORITY = trustme.CA()
NAMED = "PACTWATCH_ELASTICSEARCH_CA_CERTS"


@pytest.fixture
def authority(tmp_path):
    """The file that holds our authority's certificate."""
    file = tmp_path / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(str(file))
    return str(file)


def behind_tls(name):
    """Runs a proxy that shows a certificate of our authority for a name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(name).configure_cert(context)
    return proxy_to(parse_address(server_url()).server, context)


def test_store_behind_https_is_used_when_its_authority_is_named(emptied_url, authority, monkeypatch):
    monkeypatch.setenv(NAMED, authority)
    with behind_tls("127.0.0.1") as proxy:
        store = open_store(f"{proxy.url}/{parse_address(emptied_url).prefix}")
        assert store.create(Collection.ITEMS, [Document(id="a", body={"n": 1})]) == [True]
        assert store.get(Collection.ITEMS, ["a"])["a"].body == {"n": 1}
        store.close()


@pytest.mark.parametrize(("name", "trusted"), [("127.0.0.1", False), ("other.example", True)])
def test_certificate_that_is_not_trusted_is_told_in_one_line(name, trusted, authority, monkeypatch):
    monkeypatch.delenv(NAMED, raising=False)
    if trusted:
        monkeypatch.setenv(NAMED, authority)
    with behind_tls(name) as proxy, pytest.raises(StoreError, match="certificate that is trusted here") as caught:
        open_store(proxy.url)
    assert NAMED in str(caught.value)
    assert "\n" not in str(caught.value)


def test_authority_file_that_is_missing_is_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv(NAMED, str(tmp_path / "missing.pem"))
    with pytest.raises(StoreError, match=r"missing\.pem") as caught:
        open_store("https://127.0.0.1:9")
    assert "\n" not in str(caught.value)
