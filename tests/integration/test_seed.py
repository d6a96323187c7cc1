"""What a newcomer sees: the seed article taken in, its deadlines, agreements and actors found and searched."""

import json
import shutil
from pathlib import Path

import pytest

from tests.command import pactwatch

SEEDS = Path(__file__).parents[2] / "seeds"
DATES = ["2018-10-10", "2018-10-15", "2018-12-31"]

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder made by `init`, with the seed taken in."""
    folder = tmp_path_factory.mktemp("desk")
    pactwatch("init", cwd=folder)
    first = pactwatch("run", cwd=folder).stdout
    (folder / "first-run.txt").write_text(first, encoding="utf-8")
    return folder


def _json(desk: Path, *arguments: str) -> list[dict]:
    return json.loads(pactwatch(*arguments, "--format", "json", cwd=desk).stdout)


def test_first_run_ends_with_deadlines_agreements_and_actors(desk):
    shown = (desk / "first-run.txt").read_text(encoding="utf-8")
    assert "New agreements: 2" in shown
    assert "New deadlines: 3" in shown
    for expected in (*DATES, "Recep Tayyip Erdogan", "Vladimir Putin", "Turkey", "Russia"):
        assert expected in shown


def test_deadlines_belong_to_the_agreement_of_russia_and_turkey(desk):
    deadlines = _json(desk, "deadlines")
    assert [row["date"] for row in deadlines] == DATES
    assert {row["kind"] for row in deadlines} == {"due"}
    assert len({row["agreement"] for row in deadlines}) == 1
    assert {party["name"] for party in deadlines[0]["agreement_parties"]} == {"Russia", "Turkey"}


def test_agreements_have_their_parties_and_report(desk):
    agreements = {len(row["parties"]): row for row in _json(desk, "agreements")}
    assert {party["name"] for party in agreements[2]["parties"]} == {"Russia", "Turkey"}
    assert {party["name"] for party in agreements[3]["parties"]} == {"Russia", "Turkey", "Iran"}
    assert agreements[2]["reached"] == "2018-09-17"
    assert agreements[3]["reached"] == "2017-07"
    [article] = _json(desk, "articles")
    assert [report["id"] for report in agreements[2]["articles"]] == [article["id"]]


@pytest.mark.parametrize(
    ("name", "alias"),
    [
        ("Recep Tayyip Erdogan", "Erdogan"),
        ("Vladimir Putin", "Putin"),
        ("Bashar al-Assad", "Assad"),
        ("Hay’et Tahrir al-Sham", "HTS"),
        ("People’s Protection Units", "YPG"),
    ],
)
def test_actors_are_one_record_each(desk, name, alias):
    def folded(text: str) -> str:
        return text.replace("’", "'").casefold()

    named = [
        row for row in _json(desk, "actors", "--limit", "0")
        if {folded(name), folded(alias)} & {folded(each) for each in (row["name"], *row["aliases"])}
    ]  # fmt: skip
    assert len(named) == 1
    assert folded(alias) in {folded(each) for each in (named[0]["name"], *named[0]["aliases"])}


def test_search_finds_the_seed_by_phrase_and_actor(desk):
    [article] = _json(desk, "search", 'text:"heavy weapons" AND actors:Turkey')
    assert article["title"].startswith("Idlib assault on hold")
    query = 'actors:Turkey AND text:"heavy weapons" AND date:[2018-10-01 TO 2018-10-31]'
    assert [row["date"] for row in _json(desk, "search", query, "--in", "deadlines")] == ["2018-10-10"]


def test_search_refuses_a_broken_query_in_one_line(desk):
    done = pactwatch("search", "text:(", cwd=desk, code=2)
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "text:(" in done.stderr


def test_show_gives_the_sentence_behind_a_deadline(desk):
    first = _json(desk, "deadlines")[0]
    shown = pactwatch("show", first["id"], cwd=desk).stdout
    assert "heavy weapons would be withdrawn" in shown
    assert "2018-10-10" in shown


def test_second_run_finds_nothing_new_and_changes_no_count(desk):
    before = json.loads(pactwatch("status", "--format", "json", cwd=desk).stdout)["counts"]
    assert "Nothing new." in pactwatch("run", cwd=desk).stdout
    assert json.loads(pactwatch("status", "--format", "json", cwd=desk).stdout)["counts"] == before


def test_extract_keeps_its_contract(tmp_path):
    copy = tmp_path / "seed.txt"
    shutil.copy(next(SEEDS.glob("*.txt")), copy)
    lines = pactwatch("extract", str(copy), str(copy), "--published", "2018-09-17", "--format", "json").stdout
    first, second = (json.loads(line) for line in lines.splitlines())
    assert first == second
    text = copy.read_text(encoding="utf-8")
    assert set(first) == {"article", "actors", "agreements", "deadlines"}
    assert first["article"]["published"] == "2018-09-17"
    assert first["article"]["published_how"] == "given"
    assert [row["date"] for row in sorted(first["deadlines"], key=lambda row: row["date"])] == DATES
    spans = [mention for actor in first["actors"] for mention in actor["mentions"]]
    spans += [span for row in first["agreements"] for span in row["evidence"]]
    spans += [row["evidence"] for row in first["deadlines"]]
    assert all(text[span["start"] : span["end"]] == span["text"] for span in spans)
    assert all("rule" not in span for span in spans)


def test_extract_explains_with_rules_and_reports_bad_files(tmp_path):
    good = tmp_path / "good.txt"
    good.write_text("Chad and Mali sign trade deal\n\nChad and Mali signed a trade deal on Monday.\n", encoding="utf-8")
    done = pactwatch(
        "extract", str(tmp_path / "none.txt"), str(good), "--published", "2024-03-01", "--format", "json", "--explain",
        code=1,
    )  # fmt: skip
    [line] = done.stdout.splitlines()
    assert json.loads(line)["agreements"][0]["evidence"][0]["rule"]
    assert "none.txt" in done.stderr


def test_extract_draws_what_it_could_read_on_a_page(tmp_path):
    (tmp_path / "a.txt").write_text("Chad and Mali signed a pact in March.\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text("", encoding="utf-8")
    done = pactwatch("extract", "a.txt", "b.txt", "--html", "out.html", cwd=tmp_path, code=1)
    assert done.stdout == "wrote out.html: 1 article\n"
    assert "b.txt" in done.stderr
    assert "<title>Chad and Mali signed a pact in March.</title>" in (tmp_path / "out.html").read_text("utf-8")
    done = pactwatch("extract", "b.txt", "--html", "none.html", cwd=tmp_path, code=1)
    assert "not written" in done.stderr
    assert not (tmp_path / "none.html").exists()


def test_first_run_ends_with_the_seeds_alerts_each_with_its_sentence(desk):
    shown = (desk / "first-run.txt").read_text(encoding="utf-8")
    told = shown.partition("The store holds")[2].split("\n\n")[1:]
    assert [alert.count("Alert: ") for alert in told] == [1, 1, 1, 1, 1]
    assert sum(alert.startswith("New deadline 2018-") for alert in told) == 3
    assert sum("Rule: HTS is mentioned." in alert for alert in told) == 1
    assert sum("Rule: Heavy weapons." in alert for alert in told) == 1
    for alert in told:
        sentence = next(line for line in alert.splitlines() if line.startswith('"'))
        assert any(word in sentence for word in ("heavy weapons", "15-20km-wide zone", "end of 2018", "HTS"))


def test_second_run_shows_no_alert(desk):
    assert "Alert: " not in pactwatch("run", cwd=desk).stdout
    assert len(_json(desk, "alerts")) == 5
