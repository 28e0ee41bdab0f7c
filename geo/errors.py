"""What can go wrong, by the stage that failed.

A message is one line that names the file (and row), what is wrong and what to do next. The command line prints
it as it stands; a traceback is shown only with ``-vv``.
"""


class ContraflowError(Exception):
    """Base of all errors that contraflow raises on purpose."""


class UsageError(ContraflowError, ValueError):
    """Options that contradict each other or name something that does not exist (exit code 2)."""


class ReadError(ContraflowError, OSError):
    """A file that cannot be opened, recognised or understood."""


class SchemaError(ContraflowError, ValueError):
    """A table that lacks a column, or holds values that its schema does not allow."""


class CRSError(ContraflowError, ValueError):
    """Coordinates whose reference system is unknown or does not fit them."""


class JoinError(ContraflowError, ValueError):
    """A join whose inputs cannot be joined."""


class StatisticError(ContraflowError, ValueError):
    """A statistic that the data do not support; the message gives the reason."""


class PrivacyError(ContraflowError, ValueError):
    """A value that was about to leave without being declared."""


class PageError(ContraflowError, ValueError):
    """A page that cannot be built."""


class ExportError(ContraflowError, OSError):
    """An output that cannot be written."""
