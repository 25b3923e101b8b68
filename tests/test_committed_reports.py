"""``reports/`` is what the checker says of ``derivations/`` today, byte for byte."""

from pathlib import Path

import pytest

from checker.paths import find
from checker.render.files import differences, pages
from checker.workers import Job, Run

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def documents():
    folder = ROOT / "derivations"
    if not any(folder.glob("*.md")):
        pytest.skip("there are no documents")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return list(Run([Job(path, networks=True) for path in find(["derivations"]).paths], 2))


def test_the_reports_are_up_to_date(documents):
    assert differences(pages(documents), str(ROOT / "reports")) == [], "write them anew with `make reports`"
