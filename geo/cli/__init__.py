"""The command line: one file a command, each thin: parse, call one function of the library, write."""
