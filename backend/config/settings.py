"""Django's settings, derived from the environment."""

import importlib.util
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from backend.config.environment import ROOT, environment

ENVIRONMENT = environment()
DATA_DIR = ENVIRONMENT.data_dir.resolve()

SECRET_KEY = ENVIRONMENT.secret_key.get_secret_value()
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
ROOT_URLCONF = "backend.config.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "corsheaders",
    # Before the framework, whose page it gives a name.
    "backend.rest",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "backend.config",
    "backend.accounts",
    "backend.documents",
    "backend.projects",
    "backend.journal",
    "backend.tagging",
    "backend.visits",
    "backend.soundscape",
    "backend.assets",
    "backend.listening",
    "backend.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


def spatial_libraries() -> dict[str, str]:
    """GDAL and GEOS, both from the one libgdal file in the pyogrio wheel (docs/decisions/spatial-libraries.md)."""
    spec = importlib.util.find_spec("pyogrio")
    if spec is None or spec.origin is None:
        return {}
    package = Path(spec.origin).parent
    os.environ.setdefault("PROJ_DATA", str(package / "proj_data"))
    os.environ.setdefault("GDAL_DATA", str(package / "gdal_data"))
    library = str(next((package.parent / "pyogrio.libs").glob("libgdal*")))
    return {"GDAL_LIBRARY_PATH": library, "GEOS_LIBRARY_PATH": library}


globals().update(spatial_libraries())


def database(url: str) -> dict[str, Any]:
    """PostGIS from its URL, or the embedded default: a SpatiaLite file in WAL mode."""
    if not url:
        return {
            "ENGINE": "django.contrib.gis.db.backends.spatialite",
            "NAME": DATA_DIR / "earshot.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
            "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "OPTIONS": {"pool": True},
    }


DATABASES = {"default": database(ENVIRONMENT.database_url)}


def cache(url: str) -> dict[str, Any]:
    """What all gateways share where there is Redis; else this process's own. It counts tries to log in."""
    if url:
        return {"BACKEND": "backend.config.shared_cache.SharedCache", "LOCATION": url, "KEY_PREFIX": "earshot"}
    # Django's 300 entries are soon crowded out by names that somebody makes up.
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}


CACHES = {"default": cache(ENVIRONMENT.redis_url)}

BUS_URL = ENVIRONMENT.redis_url or f"unix:{DATA_DIR / 'bus.sock'}"
AUDIO_URL = ENVIRONMENT.audio_url.rstrip("/")
PUBLIC_URL = ENVIRONMENT.public_url.rstrip("/")
KNOWN_DEVICE_LOGIN = ENVIRONMENT.known_device_login
BANK_BYTES = ENVIRONMENT.bank_bytes
MAX_LISTENERS_PER_STREAM = ENVIRONMENT.max_listeners_per_stream
ALLOW_PRIVATE_SOURCES = ENVIRONMENT.allow_private_sources
STREAM_IDLE_SECONDS = ENVIRONMENT.stream_idle_seconds
ASSET_BAN_SECONDS = ENVIRONMENT.asset_ban_seconds
JOURNAL_HOURS = ENVIRONMENT.journal_hours
JOURNAL_MOST_EVENTS = ENVIRONMENT.journal_most_events
GRAPHQL_MAX_COST = ENVIRONMENT.graphql_max_cost
GRAPHQL_INTROSPECTION = ENVIRONMENT.introspection
GRAPHQL_SUGGESTIONS = ENVIRONMENT.suggestions
GRAPHQL_DOCUMENTS = ENVIRONMENT.graphql_documents

LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
# Served from where they lie, by finders: nothing is to be collected at a start.
WHITENOISE_USE_FINDERS = True
STATICFILES_DIRS = [("vendor", ROOT / "build" / "vendor")] if (ROOT / "build" / "vendor").exists() else []
# An upload's file is kept in memory below this size, else in a file.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

MEDIA_URL = "/rwmedia/"
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_LINK_SECONDS = ENVIRONMENT.media_link_seconds
MAX_ASSET_BYTES = ENVIRONMENT.max_asset_bytes
RECORDING_MARGIN_SECONDS = ENVIRONMENT.recording_margin_seconds
STAFF_RECORDING_SECONDS = ENVIRONMENT.staff_recording_seconds

CORS_ALLOW_ALL_ORIGINS = ENVIRONMENT.is_open_to_all_origins
CORS_ALLOWED_ORIGINS = [origin for origin in ENVIRONMENT.allowed_origins if origin != "*"]
CORS_ALLOW_CREDENTIALS = False
# A proxy that ends TLS hides the scheme that browsers name as their origin.
CSRF_TRUSTED_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(PUBLIC_URL))]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https:")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "backend.rest.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": ENVIRONMENT.anonymous_rate, "user": ENVIRONMENT.account_rate},
    "NUM_PROXIES": ENVIRONMENT.proxies,
    "EXCEPTION_HANDLER": "backend.rest.errors.exception_handler",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Earshot, by the Roundware API v2",
    "VERSION": "2",
    "SCHEMA_PATH_PREFIX": "/api/2/",
    "SERVE_URLCONF": "backend.config.urls",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": ENVIRONMENT.log_level},
}
