import pytest
from runner import citus
from runner.ui import Problem

ARCHIVE = "citus-13.0.3-pg15-example.tar.xz"


@pytest.fixture(autouse=True)
def nothing_there(monkeypatch, tmp_path):
    monkeypatch.delenv("KAREZ_CITUS_ARCHIVE", raising=False)
    monkeypatch.setattr(citus, "CONTROL_FILE", tmp_path / "citus.control")
    monkeypatch.setattr(citus, "NEIGHBOUR", tmp_path / "neighbour")


def test_without_extension_and_archive_there_is_no_citus():
    assert not citus.available()


def test_archive_beside_the_clone_is_found(tmp_path):
    (tmp_path / "neighbour").mkdir()
    (tmp_path / "neighbour" / ARCHIVE).touch()
    assert citus.archive() == tmp_path / "neighbour" / ARCHIVE
    assert citus.available()


def test_archive_may_be_named_as_a_file_or_by_its_folder(monkeypatch, tmp_path):
    (tmp_path / ARCHIVE).touch()
    for named in (tmp_path, tmp_path / ARCHIVE):
        monkeypatch.setenv("KAREZ_CITUS_ARCHIVE", str(named))
        assert citus.archive() == tmp_path / ARCHIVE


def test_named_archive_that_is_not_there_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("KAREZ_CITUS_ARCHIVE", str(tmp_path / "nowhere"))
    with pytest.raises(Problem, match="KAREZ_CITUS_ARCHIVE=.*nowhere"):
        citus.archive()
