"""Redis 7: rate limits and caches only. It may be lost at any moment, so it writes nothing to disk."""
from runner.installation import Installation
from runner.spec import BROKERS, Spec


def prepare(inst: Installation) -> Spec:
    home = inst.run_dir / "redis"
    home.mkdir(exist_ok=True)
    port = inst.ports["redis"]
    settings = home / "redis.conf"
    settings.write_text(
        f"bind 127.0.0.1\nport {port}\ndir {home}\ndaemonize no\nsave \"\"\nappendonly no\n"
        "maxmemory 128mb\nmaxmemory-policy allkeys-lfu\nloglevel warning\n")
    return Spec(name="redis", argv=["redis-server", str(settings)], ports={"redis": port},
                probe={"kind": "redis", "port": port}, stop_group=BROKERS, cwd=str(home))
