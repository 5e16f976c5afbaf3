"""The WSGI door used by the server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "secretariat.config.settings")
application = get_wsgi_application()

# What stays for good is loaded now, views included, then left out of every search for garbage: a
# full one looked at 120,000 objects, 40 ms in the middle of somebody's request. What a request
# makes is freed by counting; cycles are few, so they are looked for less often.
assert get_resolver().url_patterns  # noqa: S101
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
