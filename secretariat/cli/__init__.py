"""The `secretariat` command: one module per command, errors in one French sentence.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 interrupted.
"""

from secretariat.cli.parser import main

__all__ = ["main"]
