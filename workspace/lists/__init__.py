"""Lists of the workspace: the register, results of a search, my work."""
