"""The settings: from flags, environment variables, the settings file and defaults, in this order, all checked."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from transforms.alert.rule import TimeZone
from transforms.errors import UsageError
from transforms.extract.names import DEFAULT_MODEL
from transforms.ingest.feeds.records import PollSettings
from transforms.ingest.limits import FetchLimits

DEFAULT_FILE = Path("config/pactwatch.yaml")
DEFAULT_FEEDS = "config/feeds.yaml"
ENVIRONMENT_PREFIX = "PACTWATCH_"
DEFAULT_ALERTS = "config/alerts.yaml"
_SQLITE = "sqlite:///"
_IN_MEMORY = ":memory:"


class SettingsError(UsageError):
    """A setting is wrong: the message names the file or variable, the key, and what was expected."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreSettings(_Section):
    """Where everything is kept."""

    url: str = "sqlite:///data/pactwatch.db"


class SourceSettings(_Section):
    """What a run without paths takes in."""

    folders: tuple[str, ...] = ()
    feeds: str = DEFAULT_FEEDS


class IngestSettings(_Section):
    """Limits on what is taken in."""

    max_file_bytes: int = Field(default=10_000_000, ge=1)


class PollingSettings(_Section):
    """How feeds are polled and the pages they lead to are fetched."""

    floor_seconds: float = Field(default=300, ge=1)
    ceiling_seconds: float = Field(default=3_600, ge=1)
    start_seconds: float = Field(default=900, ge=1)
    spacing_seconds: float = Field(default=1, ge=0)
    hosts_at_once: int = Field(default=16, ge=1, le=256)
    turn_seconds: float = Field(default=30, ge=1)
    page_attempts: int = Field(default=4, ge=1)

    def settings(self) -> PollSettings:
        """Returns them as the transforms take them."""
        return PollSettings(**self.model_dump())


class FetchSettings(_Section):
    """Limits on what is fetched from the web."""

    max_bytes: int = Field(default=10_000_000, ge=1)
    total_seconds: float = Field(default=30, gt=0)
    allow_private_hosts: bool = False

    def limits(self) -> FetchLimits:
        """Returns them as the transforms take them."""
        return FetchLimits(**self.model_dump())


class AlertSettings(_Section):
    """Which rules tell of what, and where days end."""

    file: str = DEFAULT_ALERTS
    time_zone: TimeZone = "UTC"


class WatchSettings(_Section):
    """How `pactwatch run --watch` goes about it."""

    poll_seconds: float = Field(default=30.0, ge=0.1, le=86_400)
    settle_seconds: float = Field(default=2.0, ge=0, le=3_600)


class NlpSettings(_Section):
    """How articles are read."""

    model: str = DEFAULT_MODEL
    gazetteer: str | None = None
    batch_size: int = Field(default=16, ge=1, le=1000)


class Settings(BaseSettings):
    """All settings; relative paths in a settings file count from the folder that holds its `config/`."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="__"
    )

    store: StoreSettings = StoreSettings()
    sources: SourceSettings = SourceSettings()
    ingest: IngestSettings = IngestSettings()
    polling: PollingSettings = PollingSettings()
    fetch: FetchSettings = FetchSettings()
    watch: WatchSettings = WatchSettings()
    nlp: NlpSettings = NlpSettings()
    alerts: AlertSettings = AlertSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leaves only the environment: `load_settings` gives it first place over the file."""
        return (env_settings, init_settings)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read ({error}); give another file with --config") from error
    except YAMLError as error:
        raise SettingsError(f"{path}: is not valid YAML: {' '.join(str(error).split())}") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise SettingsError(f"{path}: expected sections such as store: and nlp:, found {type(content).__name__}")
    return content


def _from(base: Path, path: str) -> str:
    return path if Path(path).is_absolute() else str(base / path)


def _resolve_store(base: Path, url: str) -> str:
    path = url.removeprefix(_SQLITE)
    if not url.startswith(_SQLITE) or path == _IN_MEMORY:
        return url
    return _SQLITE + _from(base, path)


def _resolve_paths(values: dict[str, Any], base: Path) -> dict[str, Any]:
    """Returns the file's values with its relative paths counted from `base`; wrong types are left for pydantic."""
    resolved = {name: dict(section) if isinstance(section, dict) else section for name, section in values.items()}
    store, sources, nlp, alerts = (resolved.get(name) for name in ("store", "sources", "nlp", "alerts"))
    if isinstance(store, dict) and isinstance(store.get("url"), str):
        store["url"] = _resolve_store(base, store["url"])
    if isinstance(sources, dict) and isinstance(sources.get("folders"), list):
        sources["folders"] = [_from(base, item) if isinstance(item, str) else item for item in sources["folders"]]
    if isinstance(sources, dict) and isinstance(sources.get("feeds"), str):
        sources["feeds"] = _from(base, sources["feeds"])
    if isinstance(nlp, dict) and isinstance(nlp.get("gazetteer"), str):
        nlp["gazetteer"] = _from(base, nlp["gazetteer"])
    if isinstance(alerts, dict) and isinstance(alerts.get("file"), str):
        alerts["file"] = _from(base, alerts["file"])
    return resolved


def _valid_keys(location: tuple[int | str, ...]) -> list[str]:
    model: Any = Settings
    for part in location[:-1]:
        field = model.model_fields.get(str(part))
        model = field.annotation if field else None
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            return []
    return list(model.model_fields)


def _explain(error: ValidationError, file: Path | None) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    variable = ENVIRONMENT_PREFIX + "__".join(str(part) for part in first["loc"]).upper()
    where = f"environment variable {variable}" if variable in os.environ else str(file or "settings")
    if first["type"] == "extra_forbidden":
        valid = _valid_keys(first["loc"])
        near = difflib.get_close_matches(str(first["loc"][-1]), valid, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"valid here: {', '.join(valid)}"
        return f"{where}: unknown key {key!r}; {hint}"
    return f"{where}: {key}: {first['msg'].lower()}, found {first['input']!r}"


def _check_environment() -> None:
    """Refuses a variable whose section is misspelt: pydantic passes over what it does not know."""
    for variable in sorted(os.environ):
        section, mark, _ = variable.removeprefix(ENVIRONMENT_PREFIX).lower().partition("__")
        if variable.startswith(ENVIRONMENT_PREFIX) and mark and section not in Settings.model_fields:
            valid = ", ".join(ENVIRONMENT_PREFIX + name.upper() + "__" for name in Settings.model_fields)
            raise SettingsError(f"environment variable {variable}: names no section; they begin with {valid}")


def load_settings(file: Path | None = None, flags: Mapping[str, Mapping[str, Any]] | None = None) -> Settings:
    """Returns the checked settings.

    Args:
        file: A settings file; None for `config/pactwatch.yaml` in the current directory where there is one.
        flags: Sections and keys given on the command line; None values are left out.

    Raises:
        SettingsError: A file cannot be read, a key is unknown, or a value is wrong.
    """
    if file is None and DEFAULT_FILE.is_file():
        file = DEFAULT_FILE
    _check_environment()
    values: dict[str, Any] = {}
    if file is not None:
        folder = file.absolute().parent
        values = _resolve_paths(_read_file(file), folder.parent if folder.name == "config" else folder)
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise SettingsError(_explain(error, file)) from error
    for section, given in (flags or {}).items():
        update = {key: value for key, value in given.items() if value is not None}
        changed = getattr(settings, section).model_copy(update=update)
        settings = settings.model_copy(update={section: changed})
    return settings
