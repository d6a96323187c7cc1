"""Writes config/elasticsearch/ anew from the fields that are searched: `make templates`."""

from pathlib import Path

from transforms.store.elasticsearch.templates import template_files

CONFIG = Path(__file__).resolve().parents[1] / "config"


def write_templates(folder: Path) -> None:
    """Writes the templates of all collections into a folder, in place of those that were there."""
    folder.mkdir(parents=True, exist_ok=True)
    for former in folder.glob("*.json"):
        former.unlink()
    for name, text in template_files():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_templates(CONFIG / "elasticsearch")
