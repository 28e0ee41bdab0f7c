"""The engine: read, clean, join, estimate, release, encode, draw. ``pipeline.py`` is the map of it all."""
