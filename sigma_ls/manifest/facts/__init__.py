"""Facts that age, as data: written by tools/gen_facts.py."""
