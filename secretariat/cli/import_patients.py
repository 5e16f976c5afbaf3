"""(placeholder)"""

HELP = "importer des patients (CSV, Excel)"


def arguments(parser):
    pass


def run(options):
    return 1
