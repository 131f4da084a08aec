import stat

import pytest

from runner import net, services
from runner.installation import DEFAULT_PORTS, ISSUERS, Installation
from runner.ui import Problem


def test_secrets_are_generated_once_and_closed_to_others(inst):
    inst.generate_secrets()
    files = [path for path in inst.secrets_dir.rglob("*") if path.is_file()]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    before = {path: path.read_text() for path in files}
    inst.generate_secrets()
    assert {path: path.read_text() for path in files} == before


def test_every_process_has_a_key_that_the_others_trust(inst):
    inst.generate_secrets()
    trusted = inst.secrets_dir / "trusted"
    assert {path.stem for path in trusted.iterdir()} == set(ISSUERS)
    assert {service.name for service in services.TABLE} == set(ISSUERS)
    assert all("PUBLIC" in path.read_text() for path in trusted.iterdir())


def test_an_overridden_port_is_remembered(inst, monkeypatch):
    monkeypatch.setenv("KAREZ_PORT_REDIS", "26379")
    inst.choose_ports()
    monkeypatch.delenv("KAREZ_PORT_REDIS")
    again = Installation(inst.run_dir)
    again.choose_ports()
    assert again.ports == {**DEFAULT_PORTS, "redis": 26379}


@pytest.mark.parametrize("text", ["80", "70000", "redis"])
def test_a_bad_port_is_refused_by_name(inst, monkeypatch, text):
    monkeypatch.setenv("KAREZ_PORT_REDIS", text)
    with pytest.raises(Problem, match=f"KAREZ_PORT_REDIS={text}: give a number from 1024 to 65535"):
        inst.choose_ports()


def test_free_ports_are_never_given_twice():
    first, second = net.free_ports(20), net.free_ports(20)
    assert len(set(first + second)) == 40


def test_no_secret_stands_in_the_environment_of_a_service(inst):
    inst.choose_ports(free=True)
    inst.generate_secrets()
    contents = {path.read_text() for path in inst.secrets_dir.iterdir() if path.is_file()}
    for service in services.TABLE:
        told = " ".join(services.migrate_environment(service, inst).values())
        assert not any(secret in told for secret in contents)


def test_erasing_spares_test_runs(inst):
    inst.generate_secrets()
    (inst.run_dir / "test" / "1-ab").mkdir(parents=True)
    inst.erase()
    assert [path.name for path in inst.run_dir.iterdir()] == ["test"]
