"""Reads the command line and runs one command."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from types import ModuleType
from typing import Any

from secretariat import __version__
from secretariat.config.trouble import Trouble

# In the order of a site's life: try, install, fill, run, keep safe.
COMMANDS = (
    "demo", "phones", "migrate", "new-practice", "import-patients", "import-agenda", "token",
    "give-back-access", "serve", "worker", "check", "backup", "restore", "verify-daybook", "django",
)  # fmt: skip

_FRENCH = {
    "usage: ": "usage : ",
    "positional arguments": "arguments\N{NO-BREAK SPACE}",
    "options": "options\N{NO-BREAK SPACE}",
    "show this help message and exit": "affiche cette aide",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "arguments inconnus : %s",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "« %(value)s » n’existe pas (au choix : %(choices)s)"
    ),
    "invalid %(type)s value: %(value)r": "valeur illisible : %(value)r",
    "expected one argument": "il faut une valeur",
}


def _speak_french() -> None:
    """argparse asks gettext, whose catalogue is not shipped with Python: give it our words."""
    speak: Any = lambda text: _FRENCH.get(text, text)  # noqa: E731
    argparse._ = speak  # type: ignore[attr-defined]


class _Wide(argparse.HelpFormatter):
    """Help texts beside the longest names."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=34)
        self._action_max_length = 19  # argparse forgets the indent of sub-commands


def _modules() -> dict[str, ModuleType]:
    names = {name: name.replace("-", "_") for name in COMMANDS}
    return {
        name: importlib.import_module(f"secretariat.cli.{module}") for name, module in names.items()
    }


def build(modules: dict[str, ModuleType]) -> argparse.ArgumentParser:
    """The parser, with one sub-parser per command."""
    _speak_french()
    parser = argparse.ArgumentParser(
        prog="secretariat",
        formatter_class=_Wide,
        description="Le secrétariat médical : installer, lancer, sauvegarder, vérifier.",
        epilog="« secretariat COMMANDE --help » dit tout d’une commande. Les données sont dans "
        "./var (ou SECRETARIAT_DATA) ; DATABASE_URL choisit un autre serveur PostgreSQL.",
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"Secrétariat {__version__}",
        help="affiche la version",
    )
    commands = parser.add_subparsers(
        title="commandes\N{NO-BREAK SPACE}", metavar="COMMANDE", dest="command"
    )
    commands.required = True
    for name, module in modules.items():
        texts: dict[str, Any] = {"description": module.__doc__, "formatter_class": _Wide}
        if name != "django":  # for development, not for a site
            texts["help"] = module.HELP
        command = commands.add_parser(name, **texts)
        module.arguments(command)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command named in `arguments` (default: the process's own).

    Returns:
        The exit code.
    """
    modules = _modules()
    options = build(modules).parse_args(arguments)
    try:
        return int(modules[options.command].run(options))
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Trouble as trouble:
        return _say(trouble.sentence)
    except Exception as error:
        sentence = _known(error)
        if sentence is None or os.environ.get("SECRETARIAT_DEBUG"):
            raise
        return _say(sentence)


def _known(error: Exception) -> str | None:
    """The sentence for a refusal of the house, or for a database or disk that gave way."""
    from secretariat.core.refusal import Refusal

    if isinstance(error, Refusal):
        return error.sentence
    if isinstance(error, OSError):
        return f"Le système refuse : {error.strerror or error} ({error.filename or 'disque'})."
    if "psycopg" in sys.modules:
        import psycopg
        from django.db import DatabaseError, InterfaceError

        if isinstance(error, DatabaseError | InterfaceError | psycopg.Error):
            return f"La base de données refuse : {str(error).strip().splitlines()[0]}"
    return None


def _say(sentence: str) -> int:
    print(f"secretariat : {sentence}", file=sys.stderr)
    return 1
