"""The project's folder as git sees it: what is not committed there, and a commit of it.  Nothing is pushed or fetched."""
