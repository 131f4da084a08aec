from runner.testrun import Totals, count

REPORT = """<testsuites><testsuite>
<testcase name="good" status="run"/>
<testcase name="bad" status="run"><failure message="no"/></testcase>
<testcase name="broken"><error message="no"/></testcase>
<testcase name="left out"><skipped/></testcase>
<testcase name="DISABLED_one" status="notrun"/>
</testsuite></testsuites>"""


def test_each_case_of_a_report_counts_once(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert count(report) == Totals(passed=1, failed=2, skipped=2)


def test_the_closing_line_names_skipped_ones_only_when_there_are_some():
    assert Totals(3, 0).line() == "3 passed, 0 failed"
    assert Totals(3, 1, 2).line() == "3 passed, 1 failed, 2 skipped"
