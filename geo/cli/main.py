"""The command group: finds a command when it is asked for, and turns errors into one line and an exit code.

Nothing heavy is imported here, so that ``contraflow --help`` answers at once: the help lines below stand beside
the module that holds the command, and that module is imported only when the command is called.
"""

from __future__ import annotations

import logging
import signal
import sys
import traceback
from importlib import import_module
from typing import Any

import click

from geo.errors import ContraflowError, UsageError

COMMANDS: dict[str, tuple[str, str]] = {
    "map": ("geo.cli.map", "Read points, join them, draw one offline HTML map."),
    "join": ("geo.cli.join", "Write the joined table without the map."),
    "inspect": ("geo.cli.inspect", "Say what would be read of a file: columns, dates, units, rows, and why."),
    "convert": ("geo.cli.convert", "Write any recognised file as its standard table."),
    "zonal": ("geo.cli.zonal", "Statistics of a raster in polygons, partial cells respected."),
    "layers": ("geo.cli.layers", "List the embedded layers: period, source, licence, precision, rows."),
}

EPILOG = """
\b
Examples:
  contraflow map                              the embedded seizures, in contraflow.html
  contraflow map seizures.xlsx -o border.html your points on the same layers
  contraflow join seizures.csv -o joined.csv  nearest port, corridor, municipality
  contraflow inspect seizures.csv             what would be read, and why
"""


class Failure(click.ClickException):
    """An error of ours, as the command line shows it."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click declares one for the whole class

    def show(self, file: Any = None) -> None:
        """Print the message on one line of standard error."""
        click.echo(f"contraflow: {self.format_message()}", file=file or sys.stderr)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


class LazyGroup(click.Group):
    """A click group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the data's way."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        from geo.cli.quick import start_arrow

        start_arrow()
        module = import_module(COMMANDS[cmd_name][0])
        found: click.Command = module.command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the words after ``contraflow``; what is wrong with them leaves as one line too."""
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as error:
            raise _usage(error) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error leaves as one line and an exit code, a traceback only with -vv."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise _usage(error) from error
        except ContraflowError as error:
            _trace(ctx)
            raise Failure(_one_line(error), 2 if isinstance(error, UsageError) else 1) from error
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError, KeyboardInterrupt):
            raise
        except MemoryError as error:
            raise Failure("not enough memory for this; give fewer rows or fewer layers", 1) from error
        except Exception as error:
            _trace(ctx)
            raise Failure(
                f"unexpected {type(error).__name__}: {_one_line(error)}; this is a fault of contraflow, "
                "-vv shows where: please report it",
                1,
            ) from error


def _usage(error: click.UsageError) -> click.ClickException:
    """Return click's complaint of wrong usage as one line; what is no complaint, but the help, as it is."""
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):  # new in click 8.2
        return error
    command = error.ctx.command_path if error.ctx else "contraflow"
    return Failure(f"{' '.join(error.format_message().split()).rstrip('.')}; see {command} --help", error.exit_code)


def _trace(ctx: click.Context) -> None:
    if ctx.meta.get("contraflow.verbosity", 0) >= 2:
        traceback.print_exc()


def set_verbosity(ctx: click.Context, level: int) -> None:
    """Set what the library's log lets through to standard error: -1 errors, 0 warnings, 1 steps, 2 everything."""
    ctx.meta["contraflow.verbosity"] = level
    logger = logging.getLogger("geo")
    logger.setLevel({-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}.get(level, logging.DEBUG))
    logger.handlers = [_EchoHandler()]
    logger.propagate = False


class _EchoHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        click.echo(f"contraflow: {record.getMessage()}", err=True)


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from geo.version import version

        click.echo(f"contraflow {version()}")
        ctx.exit()


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Print the version and exit."
)
def cli() -> None:
    """Both directions of the US-Mexico traffic on one map: drugs north; guns, ammunition and cash south.

    Reads seizure points as agencies and reporters have them, joins them exactly with ports of entry, smuggling
    corridors and Mexican violence hot spots, and writes one HTML file that opens by double-click, with no network.
    """


def main() -> None:
    """Run the command line; the console script and ``python -m contraflow`` both come here."""
    # A run that is told to end clears away its temporary file, as one that is interrupted by hand does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    cli.main(prog_name="contraflow")
