"""Documents in the styles in which people write: every line is what the document expects, or proved."""

from pathlib import Path

import pytest

from checker import check_file

STYLES = sorted((Path(__file__).parent / "styles").iterdir())


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style(path):
    report = check_file(str(path))
    assert report.error is None
    lines = list(report.judged())
    assert lines
    unexpected = [
        f"{line.line}: {line.latex}: {line.judgement.verdict.value} ({line.judgement.reason}) {line.judgement.message}"
        for line in lines
        if line.judgement is not None
        and not (line.as_expected if line.expected else line.judgement.verdict == "proved")
    ]
    assert unexpected == []
