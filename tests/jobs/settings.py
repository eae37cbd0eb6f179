"""Settings of the worker processes that tests start: the site's, with the tests' tasks."""

from gisapp.settings import *  # noqa: F403 (the site's own settings)
from gisapp.settings import INSTALLED_APPS

INSTALLED_APPS = ["tests.jobs.workapp", *INSTALLED_APPS]
