"""Pages of coming in: signing in, one's own second factor and sessions, the way back, and what administrators do."""
