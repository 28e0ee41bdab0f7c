"""The only way out: what a page or a file may hold, and the handling mark it carries."""
