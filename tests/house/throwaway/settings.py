"""The settings of a house with one room more, whose tables are made at once, in memory."""

from backend.config.settings import *  # noqa: F403
from backend.config.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.house.throwaway"]
MIGRATION_MODULES = {app.rpartition(".")[2]: None for app in INSTALLED_APPS}
DATABASES["default"]["NAME"] = ":memory:"
BUS_URL = "local:"
