"""FHIR R4: the practice's people, times and visits, as other programs read and write them.

Resources are built by hand from rows (`people.py`, `places.py`, `visits.py`); what is asked is
read by `asking.py`; what is sent by `ordering.py`; what the agenda answers comes through
`engine.py` only.
"""
