"""The use cases: projects, deployments, their journal and history.  Knows neither LSP nor a terminal."""
