"""What a hostile file would make its reader do; run in the sandbox only."""
