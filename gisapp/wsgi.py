"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - there are no settings before

from gisapp.listening import refuse_wide  # noqa: E402

refuse_wide(sample=settings.SAMPLE_MODE)
