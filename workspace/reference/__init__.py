"""What the land is measured against and named by: protection layers, control points, rules of law, names of places."""
