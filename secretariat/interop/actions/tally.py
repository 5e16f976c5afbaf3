"""What became of the lines of a file, counted as they go by."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from secretariat.core.refusal import Refusal
from secretariat.interop.models import ImportFile, ImportLine

MOST_FAULTS = 10_000
"""Lines kept for a person to read. Beyond, the file was not understood: nobody reads so many."""
_TOO_MANY: dict[str, str] = {
    ImportLine.Kind.ERROR: (
        "lignes ne peuvent pas être lues : rien n’a été importé. Vérifiez à quoi correspond "
        "chaque colonne, ou découpez le fichier."
    ),
    ImportLine.Kind.DUPLICATE: (
        "personnes ressemblent à des dossiers existants : rien n’a été importé. Si ce fichier "
        "vient d’un autre logiciel que le précédent, donnez un nom au logiciel d’origine."
    ),
}
_REMARKS = 30
_DIFFERENT = 500


class TooManyFaults(Refusal):
    """Nearly nothing in the file can be read as it is described."""


@dataclass
class Tally:
    """Counts, remarks about the whole file, and the lines waiting to be written."""

    file: ImportFile
    total: int = 0
    done: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    held: int = 0
    incomplete: int = 0
    failed: int = 0
    remarks: Counter[str] = field(default_factory=Counter)
    _lines: list[ImportLine] = field(default_factory=list)
    _kept: Counter[str] = field(default_factory=Counter)

    def keep(self, line: ImportLine) -> None:
        """Keep a line for a person.

        Raises:
            TooManyFaults: more than anybody can read.
        """
        self._kept[line.kind] += 1
        if self._kept[line.kind] > MOST_FAULTS and line.kind != ImportLine.Kind.UNMATCHED:
            if line.kind in _TOO_MANY:
                raise TooManyFaults(f"Plus de {MOST_FAULTS} {_TOO_MANY[line.kind]}")
            return
        line.practice_id, line.file = self.file.practice_id, self.file
        line.sentence = line.sentence[:500]
        self._lines.append(line)

    def remark(self, sentence: str) -> None:
        """Count something said of many lines."""
        if sentence not in self.remarks and len(self.remarks) >= _DIFFERENT:
            sentence = "Autres remarques."
        self.remarks[sentence] += 1

    def write_lines(self) -> None:
        """Write what `keep` gathered."""
        ImportLine.objects.bulk_create(self._lines, batch_size=500)
        self._lines.clear()

    def put_on_file(self) -> list[str]:
        """Set the counts on the file; answers the names of the columns to save."""
        columns = ["created", "changed", "unchanged", "held", "incomplete", "failed"]
        for name in columns:
            setattr(self.file, name, getattr(self, name))
        self.file.rows_total = self.done
        self.file.rows_done = self.done
        self.file.remarks = [list(pair) for pair in self.remarks.most_common(_REMARKS)]
        return [*columns, "rows_total", "rows_done", "remarks"]
