"""From a file to a table, and every guess made on the way."""
