"""sigma-ls: deploy serverless projects from your editor."""

__version__ = "0.1.0"
