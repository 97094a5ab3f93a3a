"""A pytest plugin, loaded before Django's settings: an environment of its own, so no test touches a person's data."""

import os
import tempfile

os.environ["SECRET_KEY"] = "only-for-tests"
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="earshot-tests-")
os.environ["PUBLIC_URL"] = "http://testserver"
os.environ["AUDIO_URL"] = "http://audio.testserver"
os.environ["DEMO"] = "false"
