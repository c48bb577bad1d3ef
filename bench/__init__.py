"""Benchmarks: whole processes, beside a peer in the same run, medians and ratios (`make bench`)."""
