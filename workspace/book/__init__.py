"""The officer's pen: pages on which the land book is written."""
