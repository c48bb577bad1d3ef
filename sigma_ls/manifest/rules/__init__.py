"""What is checked beyond the shape of keys and values: one module for each family of rules."""
