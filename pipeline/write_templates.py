"""Writes config/elasticsearch/ and config/kibana/ anew from the fields that are searched: `make templates`."""

from pathlib import Path

from pipeline.kibana_objects import ndjson
from transforms.store.elasticsearch.address import DEFAULT_PREFIX
from transforms.store.elasticsearch.templates import template_files

CONFIG = Path(__file__).resolve().parents[1] / "config"


def write_templates(folder: Path) -> None:
    """Writes the templates of all collections into a folder, in place of those that were there."""
    folder.mkdir(parents=True, exist_ok=True)
    for former in folder.glob("*.json"):
        former.unlink()
    for name, text in template_files():
        (folder / name).write_text(text, encoding="utf-8")


def write_objects(folder: Path) -> None:
    """Writes Kibana's saved objects into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pactwatch.ndjson").write_text(ndjson(DEFAULT_PREFIX), encoding="utf-8")


if __name__ == "__main__":
    write_objects(CONFIG / "kibana")
    write_templates(CONFIG / "elasticsearch")
