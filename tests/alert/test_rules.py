import datetime
from pathlib import Path

import pytest

from transforms.alert.channels.channel import JsonlSettings, WebhookSettings
from transforms.alert.rule import AgreementEvent, Every
from transforms.alert.rules import AlertsFile, RulesError, load_alerts
from transforms.records import AgreementKind

CONSOLE = "channels:\n  console: {type: console}\n"


def load(folder: Path, text: str, **environment: str) -> AlertsFile:
    file = folder / "config" / "alerts.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return load_alerts(file, environment)


def rules(folder: Path, text: str) -> AlertsFile:
    return load(folder, CONSOLE + "rules:\n" + text)


def test_shipped_rules_are_good() -> None:
    shipped = load_alerts(Path(__file__).parents[2] / "config" / "alerts.yaml", {})
    assert len(shipped.enabled) == 5


def test_short_and_long_forms_mean_the_same(tmp_path: Path) -> None:
    short, long = rules(
        tmp_path,
        "  - {name: a, keywords: truce, agreements: [new], deadlines: [new, due], digest: hourly, quiet: 6h}\n"
        "  - name: b\n    keywords: {any: [truce], in: both}\n    agreements: {events: [new]}\n"
        "    deadlines: {new: true, due: true}\n    digest: {every: hourly}\n    quiet: {period: 6h}\n",
    ).rules
    for part in ("keywords", "agreements", "deadlines", "digest", "quiet"):
        assert getattr(short, part) == getattr(long, part)
    assert short.agreements is not None
    assert short.agreements.events == (AgreementEvent.NEW,)
    assert short.digest is not None
    assert short.digest.every is Every.HOURLY


def test_durations_and_none(tmp_path: Path) -> None:
    one, other, plain = rules(
        tmp_path,
        "  - {name: a, keywords: x, max_age: none, quiet: none, digest: none}\n"
        "  - {name: b, keywords: x, max_age: 2w}\n  - {name: c, keywords: x, agreements: {kinds: ceasefire}}\n",
    ).rules
    assert one.max_age is None
    assert (one.quiet, one.digest) == (None, None)
    assert other.max_age == datetime.timedelta(days=14)
    assert plain.max_age == datetime.timedelta(days=30)
    assert plain.agreements is not None
    assert plain.agreements.kinds == (AgreementKind.CEASEFIRE,)


def test_secrets_come_from_the_environment_and_paths_from_the_project(tmp_path: Path) -> None:
    text = (
        "channels:\n  h: {type: webhook, url: 'https://${HOST}/in', secret: '${KEY}'}\n  l: {type: jsonl, path: a/b}\n"
    )
    web, log = load(tmp_path, text, HOST="desk.example", KEY="s").channels
    assert isinstance(web, WebhookSettings)
    assert (web.url, web.secret) == ("https://desk.example/in", "s")
    assert isinstance(log, JsonlSettings)
    assert log.path == tmp_path / "a" / "b"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("  - {name: a, keywrds: x}\n", 4, "unknown key 'keywrds'; did you mean 'keywords'?"),
        ("  - name: a\n    keywords:\n      anny: x\n", 6, "unknown key 'keywords.anny'; did you mean 'any'?"),
        ("  - name: a\n    keywords: x\n    severity: warn\n", 6, "did you mean 'warning'?"),
        ("  - name: a\n    query: actor:Turkey\n", 5, "did you mean 'actors'?"),
        ("  - name: a\n    query: {text: 'kind:(', in: agreements}\n", 5, "ends too early"),
        ("  - name: a\n    keywords: x\n    channels: consle\n", 6, "did you mean 'console'?"),
        ("  - name: a\n    keywords: x\n    max_age: 30 days\n", 6, "such as 30d"),
        ("  - name: a\n    deadlines: [new, mvoed]\n", 5, "did you mean 'moved'?"),
        ("  - name: a\n    deadlines: {within: [0]}\n", 5, "greater than or equal to 1"),
        ("  - name: a\n    agreements: {kinds: [ceasfire]}\n", 5, "did you mean 'ceasefire'?"),
        ("  - name: a\n    keywords: x\n    digest: {every: daily, at: '25:00'}\n", 6, "such as '08:00'"),
        ("  - name: a\n    keywords: x\n    digest: {every: daily, time_zone: Europe/Berln}\n", 6, "time zone"),
        ("  - name: a\n    keywords: ['?!']\n", 5, "no letter or digit"),
        ("  - name: a\n    severity: info\n", 4, "asks for nothing"),
        ("  - {name: a, keywords: x}\n  - {name: a, keywords: y}\n", 5, "is there already, in line 4"),
        ("  - {keywords: x}\n", 4, "begins with its name"),
        ("  - [\n", 5, "is not valid YAML"),
    ],
)
def test_mistake_is_told_with_its_line_and_the_nearest_name(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(RulesError) as told:
        rules(tmp_path, text)
    assert f"alerts.yaml:{line}: " in str(told.value)
    assert said in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("channels:\n  a: {type: consol}\n", "unknown type 'consol'; did you mean 'console'?"),
        ("channels:\n  a: {type: webhook, url: ftp://x}\n", "url"),
        ("channels:\n  a: {type: webhook, url: 'https://x/', secrt: s}\n", "did you mean 'secret'?"),
        ("channels:\n  a: {type: apprise, url: 'slack://${TOKEN}'}\n", "TOKEN is not set"),
        ("channels:\n  'a b': {type: console}\n", "letters, digits"),
        ("chanels: {}\n", "did you mean 'channels'?"),
    ],
)
def test_channel_mistake_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RulesError, match=said.replace("?", r"\?")):
        load(tmp_path, text)


def test_address_with_its_secret_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(RulesError) as told:
        load(tmp_path, "channels:\n  a: {type: webhook, url: 'ftp://user:hunter2@x'}\n")
    assert "hunter2" not in str(told.value)
