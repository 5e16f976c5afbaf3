"""What higher rooms may hear."""

from django.dispatch import Signal

# Messages were sent, delivered, failed or withdrawn, in the same transaction: messages, at.
settled = Signal()
# Someone wrote « STOP » from an address: practice_id, address, at.
stopped = Signal()
# Someone wrote anything else: practice_id, address, text, reference (the gateway's), at.
answered = Signal()
# Someone acted here, in the same transaction: verb, row, by, at, detail. The day book stands on
# our own floor: a room above writes the line.
acted = Signal()
