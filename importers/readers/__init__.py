"""One format a file; each runs in the sandbox only."""
