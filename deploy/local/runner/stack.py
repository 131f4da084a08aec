"""Brings an installation up, part by part; `make up` and the test environment share it.

Each part looks first what is right already, so any of them can be repeated after a crash.
"""
import dataclasses

from runner import kafka, postgres, redis, services, shell
from runner.control import Control
from runner.installation import Installation
from runner.ui import Step

SERVERS = ("postgres", "redis", "kafka")
_PREPARE = {"postgres": postgres.prepare, "redis": redis.prepare, "kafka": kafka.prepare}


@dataclasses.dataclass
class Stack:
    inst: Installation
    control: Control

    def servers(self, step: Step | None = None, names: tuple[str, ...] = SERVERS) -> None:
        specs = [_PREPARE[name](self.inst) for name in names]
        changed = self.control.run(specs, step)
        if step:
            step.note(", ".join(names) + (" ready" if changed else " already running"))

    def bootstrap_database(self) -> bool:
        return postgres.bootstrap(self.inst)

    def bootstrap(self, step: Step | None = None) -> None:
        changed = self.bootstrap_database()
        changed = kafka.create_topics(self.inst) or changed
        if step:
            step.note("roles, schemas, topics" if changed else "nothing to do")

    def migrate(self, step: Step | None = None) -> None:
        names = [service for service in services.built() if service.migrates]
        for service in names:
            if step:
                step.progress(service.name)
            shell.run([service.program, "migrate"], f"migrating {service.name}",
                      env=services.migrate_environment(service, self.inst))
        if step:
            step.note(", ".join(service.name for service in names) or "no service is built yet")

    def services(self, step: Step | None = None) -> None:
        there = services.built()
        changed = 0
        for wave in sorted({service.start_wave for service in there}):
            changed += self.control.run(
                [services.spec(service, self.inst) for service in there
                 if service.start_wave == wave], step)
        if step:
            step.note(f"{len(there)} running, {changed} started" if there
                      else "no service is built yet")

    def first_administrator(self, step: Step | None = None) -> None:
        """The platform's own tenant and its administrator, made once by identity."""
        identity = services.TABLE[0]
        if not identity.program.exists():
            if step:
                step.note("no identity yet")
            return
        env = {**services.migrate_environment(identity, self.inst),
               "KAREZ_BOOTSTRAP_PASSWORD_FILE": str(self.inst.secret_file("admin-password"))}
        shell.run([identity.program, "bootstrap"], "creating the platform's administrator", env=env)
