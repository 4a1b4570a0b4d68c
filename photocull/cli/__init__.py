"""The command line: arguments in, tables or JSON out, exit codes; calls the same functions as the window."""
