"""What the product promises, measured: one module a bench, each with `figures(quick)`."""
