"""One request taken apart: what it says to the database, and where its time goes."""

from __future__ import annotations

from dataclasses import dataclass, field

_CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT", "SELECT set_config")


@dataclass
class Anatomy:
    """Mean times in ms over some requests made inside this process."""

    name: str
    statements: list[str] = field(default_factory=list)
    whole: float = 0.0
    sql: float = 0.0
    templates: float = 0.0
    functions: list[tuple[str, float]] = field(default_factory=list)
    """What costs most by itself, and its share of a profiled run."""

    @property
    def words(self) -> int:
        """Of the statements, those that only open and close transactions or the scope."""
        return sum(sql.startswith(_CONTROL) for sql in self.statements)
