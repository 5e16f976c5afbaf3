"""The demonstration gateway: telephones that do not exist and a mailbox that goes nowhere.

A process of its own on the loopback, started by `secretariat demo` and never by `serve`. It speaks
to the product as a true gateway does (HTTP with a key, signed callbacks; SMTP), takes only numbers
that the regulator keeps for fiction, forgets all when it stops, and relays nothing.
"""
