"""What came in (imports) and who may ask from outside (tokens, feeds, foreign names)."""

from secretariat.interop.models.imports import ImportedEvent, ImportFile, ImportLine
from secretariat.interop.models.opened import ApiToken, Feed, ForeignIdentifier

__all__ = ["ApiToken", "Feed", "ForeignIdentifier", "ImportFile", "ImportLine", "ImportedEvent"]
