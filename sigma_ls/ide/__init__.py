"""What editors show of a manifest, in editor terms but without any protocol's types."""
