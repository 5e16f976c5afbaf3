"""(placeholder)"""

HELP = "importer des un agenda (iCalendar)"


def arguments(parser):
    pass


def run(options):
    return 1
