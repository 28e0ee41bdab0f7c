"""Embedded tables and geometry. What each file is and where it comes from stands in ``README.md`` beside this file."""
