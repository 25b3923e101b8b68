"""``reports/`` is what the checker says of ``derivations/`` today, byte for byte."""

from pathlib import Path

import pytest

from checker import check_files
from checker.render.files import differences, pages

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def documents():
    folder = ROOT / "derivations"
    if not any(folder.glob("*.md")):
        pytest.skip("there are no documents")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return check_files(["derivations"]).documents


def test_the_reports_are_up_to_date(documents):
    assert differences(pages(documents), str(ROOT / "reports")) == [], "write them anew with `make reports`"
