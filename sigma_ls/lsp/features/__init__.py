"""One module for each group of methods; every one registers its handlers on a session."""
