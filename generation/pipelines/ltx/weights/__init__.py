"""A model's files: which are needed, whether they are here, and how they come here; no torch."""
