"""Memory: what must outlive a run, behind one protocol, with one query language."""
