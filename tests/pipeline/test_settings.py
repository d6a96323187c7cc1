from pathlib import Path

import pytest

from pipeline.settings import SettingsError, load_settings


@pytest.fixture
def settings_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> Path:
        file = tmp_path / "config" / "pactwatch.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_without_a_file_the_defaults_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.store.url == "sqlite:///data/pactwatch.db"
    assert settings.sources.folders == ()


def test_relative_paths_count_from_the_folder_above_config(settings_file, tmp_path):
    file = settings_file("store: {url: 'sqlite:///data/x.db'}\nsources: {folders: [news]}\n")
    settings = load_settings(file)
    assert settings.store.url == f"sqlite:///{tmp_path}/data/x.db"
    assert settings.sources.folders == (f"{tmp_path}/news",)


def test_flags_come_before_environment_and_environment_before_the_file(settings_file, monkeypatch):
    settings_file("nlp: {batch_size: 3, model: of_the_file}\n")
    monkeypatch.setenv("PACTWATCH_NLP__BATCH_SIZE", "4")
    monkeypatch.setenv("PACTWATCH_STORE__URL", "sqlite:///of/the/environment.db")
    settings = load_settings(flags={"store": {"url": "sqlite:///flag.db"}})
    assert (settings.nlp.batch_size, settings.nlp.model, settings.store.url) == (4, "of_the_file", "sqlite:///flag.db")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("storre: {}", ["unknown key 'storre'", "did you mean 'store'?"]),
        ("nlp: {modell: x}", ["unknown key 'nlp.modell'", "did you mean 'model'?"]),
        ("nlp: {batch_size: many}", ["nlp.batch_size", "valid integer", "'many'"]),
        ("nlp: {batch_size: 0}", ["nlp.batch_size", "greater than or equal to 1"]),
        ("nlp: 3", ["nlp:", "found 3"]),
        ("- a list", ["expected sections"]),
        ("nlp: [1", ["not valid YAML"]),
    ],
)
def test_wrong_settings_are_refused_with_file_key_and_expectation(settings_file, text, parts):
    file = settings_file(text)
    with pytest.raises(SettingsError) as refused:
        load_settings(file)
    message = str(refused.value)
    assert str(file) in message
    assert "\n" not in message
    for part in parts:
        assert part in message


def test_wrong_environment_variable_is_named(settings_file, monkeypatch):
    settings_file("")
    monkeypatch.setenv("PACTWATCH_NLP__BATCH_SIZE", "many")
    with pytest.raises(SettingsError, match="PACTWATCH_NLP__BATCH_SIZE"):
        load_settings()


def test_environment_variable_of_no_section_is_refused(monkeypatch):
    monkeypatch.setenv("PACTWATCH_STOR__URL", "sqlite:///x.db")
    with pytest.raises(SettingsError, match=r"PACTWATCH_STOR__URL.*PACTWATCH_STORE__"):
        load_settings()


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(SettingsError, match=r"none\.yaml: cannot be read"):
        load_settings(tmp_path / "none.yaml")


def test_shipped_settings_are_valid_and_name_the_shipped_defaults():
    shipped = load_settings(Path(__file__).parents[2] / "config" / "pactwatch.yaml")
    assert shipped.ingest == load_settings(flags={}).ingest
