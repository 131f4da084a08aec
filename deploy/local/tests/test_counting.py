from runner.testrun import Totals, count, count_programs

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


CTEST = """<testsuite>
<testcase name="with_cases" status="fail"><failure/></testcase>
<testcase name="crashed" status="fail"><failure/></testcase>
<testcase name="plain" status="run"/>
<testcase name="not_built" status="notrun"><skipped message="Unable to find executable: x"/></testcase>
<testcase name="opted_out" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>
</testsuite>"""


def test_a_program_counts_its_cases_and_one_that_did_not_run_fails(tmp_path):
    (tmp_path / "ctest.xml").write_text(CTEST)
    (tmp_path / "with_cases.xml").write_text(REPORT)
    assert count_programs(tmp_path / "ctest.xml", tmp_path) == Totals(passed=2, failed=4, skipped=3)


def test_the_closing_line_names_skipped_ones_only_when_there_are_some():
    assert Totals(3, 0).line() == "3 passed, 0 failed"
    assert Totals(3, 1, 2).line() == "3 passed, 1 failed, 2 skipped"
