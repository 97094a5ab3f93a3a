"""What the processes are started with."""

import os
import subprocess
import sys

from backend.config.supervise import keep_bytecode


def test_children_keep_what_they_have_compiled(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "environ", {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    keep_bytecode(tmp_path)
    (tmp_path / "module.py").write_text("")
    subprocess.run([sys.executable, "-c", "import module"], cwd=tmp_path, env=dict(os.environ), check=True)
    assert list((tmp_path / "bytecode").rglob("module.*.pyc"))


def test_where_python_keeps_it_anyway_nothing_is_changed(monkeypatch, tmp_path):
    before = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    monkeypatch.setattr(os, "environ", dict(before))
    keep_bytecode(tmp_path)
    assert os.environ == before
