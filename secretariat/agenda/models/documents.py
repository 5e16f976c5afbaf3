from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from secretariat.agenda.models.reasons import VisitReason
from secretariat.practice.models import Owned, Staff


class InstructionDocument(Owned):
    """A sheet given to those who come for a reason: what to do before, what to bring.

    Confidential until someone says under their name that it tells nothing of health. Once removed
    it keeps its title, for what was sent, and loses its bytes.
    """

    reason = models.ForeignKey(VisitReason, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=120)
    # Of the file that was brought, cleaned; only the practice sees it.
    file_name = models.CharField(max_length=100)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    # May be joined to a message, and read behind a link: said by whom, when.
    joinable_at = models.DateTimeField(null=True, blank=True)
    joinable_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    if TYPE_CHECKING:
        reason_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reason", "title"],
                condition=Q(removed_at__isnull=True),
                name="document_title_once",
            ),
            models.CheckConstraint(
                condition=Q(joinable_at__isnull=True, joinable_by__isnull=True)
                | Q(joinable_at__isnull=False, joinable_by__isnull=False),
                name="document_joinable_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False, content=b""),
                name="document_removed_keeps_nothing",
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0, size__lte=5 * 1024 * 1024, pages__gt=0),
                name="document_at_most_5_mb",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kilobytes(self) -> int:
        """Its size, as people say it."""
        return -(-self.size // 1024)
