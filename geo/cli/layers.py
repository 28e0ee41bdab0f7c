"""``contraflow layers``: what is embedded, from where, how old and how precise."""

from __future__ import annotations

import json

import click

from geo.cli.options import talk_options


@click.command("layers", short_help="List the embedded layers: period, source, licence, precision, rows.")
@talk_options
def command(as_json: bool) -> None:
    """List the embedded layers and tables: period, source, licence, precision, rows.

    The same, with columns and known faults, stands in the README of seeds/.
    """
    from geo.api import layers

    found = layers(details=True)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, style in (
        ("layer", "bold"),
        ("what", ""),
        ("period", ""),
        ("rows", ""),
        ("precision", ""),
        ("licence", ""),
        ("source", ""),
    ):
        table.add_column(heading, style=style, justify="right" if heading == "rows" else "left", overflow="fold")
    for row in found:
        table.add_row(
            row["name"],
            row["title"],
            row["period"],
            f"{row['rows']:,}",
            row["precision"],
            row["licence"],
            row["source"],
        )
    console = Console()
    console.print(table, soft_wrap=False) if console.is_terminal else Console(width=200).print(table)
