"""The assets, one module for each layer of the graph. Thin: they call `tailoring` and `resources`."""
