"""Text to tree with exact source ranges; never fails, whatever is typed."""
