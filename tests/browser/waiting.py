"""Waiting for the page, for all browser tests."""

from __future__ import annotations

from typing import Any


def until(page: Any, expression: str) -> None:
    """Wait until an expression holds. The page's policy forbids Playwright's own way, which evaluates text in it."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")
