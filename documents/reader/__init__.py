"""What reads papers from outside. Runs in the sandbox only: no Django here, no database, no network."""
