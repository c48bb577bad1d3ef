"""The clouds: one package for each, which knows its SDK and nothing of the others."""
