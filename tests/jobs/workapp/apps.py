"""An app that brings the tests' tasks to real worker processes."""

from django.apps import AppConfig


class WorkAppConfig(AppConfig):
    """Only tasks."""

    name = "tests.jobs.workapp"
    label = "workapp"
