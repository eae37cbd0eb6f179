"""WSGI entry point."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from gisapp.environment import SettingError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")
try:
    application = get_wsgi_application()
except SettingError as error:
    sys.stderr.write(f"amlak: {error}\n")
    sys.exit(3)  # tells gunicorn that no other worker will fare better: it ends instead of trying for ever

from django.conf import settings

from gisapp.listening import refuse_wide

refuse_wide(sample=settings.SAMPLE_MODE)
