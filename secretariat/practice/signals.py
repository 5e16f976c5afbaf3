"""What higher rooms may hear."""

from django.dispatch import Signal

# A door stayed shut: sent with staff, path, permission, at.
door_refused = Signal()
# An action was done, inside its transaction: practice_id, by, at, verb, subject, detail.
deed_done = Signal()
