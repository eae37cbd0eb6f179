"""What the sandbox runs to see whether it holds; imports nothing of the house."""
