from __future__ import annotations

import subprocess

import pytest

from tests.deploy.shown import CERTIFICATES


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """The folder in which the documented commands have made all certificates."""
    folder = tmp_path_factory.mktemp("certificates")
    subprocess.run(["sh", "-e", "-c", CERTIFICATES], cwd=folder, check=True, capture_output=True)
    return folder
