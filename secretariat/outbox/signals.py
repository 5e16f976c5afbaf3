"""What higher rooms may hear."""

from django.dispatch import Signal

# A message was sent, delivered, failed or withdrawn, in the same transaction: message, at.
settled = Signal()
# Someone wrote « STOP » from an address: practice_id, address, at.
stopped = Signal()
# A setting of « Envois » was kept, in the same transaction: row, by, at, detail.
setting_kept = Signal()
