"""Makes Compose projects at random: keys and forms that no one thought of writing together. Project N
is always the same one."""

import json
import random

from support.project_case import Case

IMAGES = ["nginx", "nginx:1.25", "registry.test:5000/a/b:c"]
NAMES = ["web", "api", "db", "cache", "job.1", "a-b_c"]
NETWORKS = ["front", "back", "default"]
VOLUMES = ["data", "logs", "tmp.1"]
SECRETS = ["token", "key"]
CONFIGS = ["conf", "motd"]
ENV = {"SET": "value", "NUMBER": "7", "YES": "true", "EMPTY": "", "DOT": "from dotenv"}
TEXTS = ["x", "a b", "", "$SET", "${SET:-d}", "${UNSET-d}", "${EMPTY:-e}", "${SET:+r}", "a$$b", "${UNSET:-${SET}}",
         "x${NUMBER}y", "'", "é", "yes", "1.10", "010"]
SCALARS = TEXTS + [0, 1, -1, 8, 1.5, True, False, 1000000]
DURATIONS = ["10s", "1m30s", "1h", "1.5s", "100ms", "2d"]
SIZES = ["64m", "1gb", "512k", "1024b", 4096, "2G", "1.5m"]
BOOLEANS = [True, False, "true", "no", "${YES}"]
NUMBERS = [0, 1, 5, "3", "${NUMBER}"]


def pairs(r):
    """A map, or a list of `K=V`, as many keys take."""
    names = r.sample(["A", "B", "C_1", "com.test.x"], r.randint(1, 3))
    if r.random() < 0.5:
        return {name: r.choice(SCALARS + [None]) for name in names}
    return [name if r.random() < 0.1 else f"{name}={r.choice(TEXTS)}" for name in names]


def some(values, least=0):
    return lambda r: r.sample(values, r.randint(least, min(3, len(values))))


def one(values):
    return lambda r: r.choice(values)


def never_twice(prefix):
    """For lists that must not hold a thing twice, also when files are merged."""
    return lambda r: [f"{prefix}{r.randrange(10**9)}"]


def command(r):
    return r.choice(["run", "run --flag 'a b'", ["run", "$SET"], [], None, "sh -c \"a && b\"", ["a", "$$b"]])


def ports(r):
    def port():
        host, target = r.randint(1, 9) * 1000 + r.randint(0, 9), r.choice([80, 443, 53])
        return r.choice([
            f"{host}:{target}", f"127.0.0.1:{host}:{target}", str(target), f"{host}:{target}/udp", target,
            f"{host}-{host + 2}:{target}-{target + 2}", f"[::1]:{host}:{target}", f"${{PORT:-{host}}}:{target}",
            {"target": target, "published": host}, {"target": target, "published": str(host), "protocol": "udp"},
            {"target": target, "mode": "host", "host_ip": "0.0.0.0", "name": "n", "app_protocol": "http"}])
    return [port() for _ in range(r.randint(1, 3))]


def volumes(r):
    targets = r.sample(["/a", "/b", "/c/", "/d/e"], r.randint(1, 3))
    return [r.choice([
        f"{r.choice(VOLUMES)}:{target}", f"./src:{target}:ro", f"../up:{target}:z", f"~/home:{target}", target,
        f"/abs:{target}:rw,rshared", f"{r.choice(VOLUMES)}:{target}:nocopy",
        {"type": "bind", "source": "./src", "target": target, "read_only": r.choice(BOOLEANS)},
        {"type": "volume", "source": r.choice(VOLUMES), "target": target, "volume": {"nocopy": True, "subpath": "s"}},
        {"type": "tmpfs", "target": target, "tmpfs": {"size": r.choice(SIZES), "mode": 0o755}}]) for target in targets]


def networks(r):
    chosen = r.sample(NETWORKS, r.randint(1, 2))
    if r.random() < 0.5:
        return chosen
    return {name: r.choice([None, {}, {"aliases": some(["x", "y", "z"], 1)(r)}, {"priority": r.randint(0, 9)},
                            {"ipv4_address": "10.0.0.9", "driver_opts": {"o": "$SET"}}]) for name in chosen}


def mounts(names):
    def make(r):
        return [r.choice([name, {"source": name}, {"source": name, "target": f"/t/{name}"},
                          {"source": name, "uid": "1", "mode": 0o440}]) for name in r.sample(names, r.randint(1, 2))]
    return make


def build(r):
    if r.random() < 0.3:
        return r.choice([".", "./ctx", "../ctx", "https://test.test/x.git#main"])
    parts = {
        "dockerfile": one(["Dockerfile.dev", "../D"]), "target": one(TEXTS[:4]), "args": pairs, "labels": pairs,
        "cache_from": some(["x", "y"]), "tags": some(["a:1", "b:2"]), "network": one(["host", "none"]),
        "shm_size": one(SIZES), "no_cache": one(BOOLEANS), "pull": one(BOOLEANS), "privileged": one(BOOLEANS),
        "extra_hosts": extra_hosts, "secrets": mounts(SECRETS), "additional_contexts": lambda r: {"c": "./c"},
        "ulimits": one([{"nofile": 10, "nproc": {"soft": 1, "hard": 2}}]), "platforms": some(["linux/amd64"]), "isolation": one(["x"])}
    return {"context": r.choice([".", "./ctx"]), **pick(r, parts, 4)}


def extra_hosts(r):
    return r.choice([["h:1.1.1.1", "k=2.2.2.2"], {"h": "1.1.1.1", "k": ["3.3.3.3", "::1"]}, ["g:host-gateway"]])


def ulimits(r):
    return r.choice([{"nofile": 10}, {"nofile": {"soft": 1, "hard": 2}, "nproc": -1}, {"nproc": "${NUMBER}"}])


def healthcheck(r):
    return r.choice([{"disable": True}, {
        "test": r.choice(["curl x", ["CMD", "a", "b"], ["CMD-SHELL", "a || b"], ["NONE"]]),
        **pick(r, {key: one(DURATIONS) for key in ("interval", "timeout", "start_period", "start_interval")}, 3),
        **pick(r, {"retries": one(NUMBERS)}, 1)}])


def deploy(r):
    update = {"parallelism": one(NUMBERS), "delay": one(DURATIONS), "failure_action": one(["pause"]),
              "monitor": one(DURATIONS), "max_failure_ratio": one([0, 0.5]), "order": one(["start-first"])}
    return pick(r, {
        "mode": one(["replicated"]), "labels": pairs, "endpoint_mode": one(["vip"]),
        "update_config": lambda r: pick(r, update, 3), "rollback_config": lambda r: pick(r, update, 3),
        "restart_policy": one([{"condition": "on-failure", "delay": "5s", "max_attempts": 3, "window": "1m"}]),
        "placement": one([{"constraints": ["a==b"], "preferences": [{"spread": "x"}], "max_replicas_per_node": 2}]),
        "resources": one([{"limits": {"cpus": "0.5", "memory": "10M"}}, {"reservations": {"memory": "1g"}},
                          {"reservations": {"devices": [{"capabilities": ["gpu"], "count": "all"}]}}])}, 4)


def watch(r):
    return {"watch": [r.choice([
        {"path": "./src", "action": "rebuild"}, {"path": "src", "action": "sync", "target": "/x", "ignore": ["a", "b"]},
        {"path": "../x", "action": "sync+restart", "target": "/y"}, {"path": "/z", "action": "restart"}])]}


KEYS = {
    "annotations": pairs, "attach": one(BOOLEANS[:3]), "blkio_config": one([{"weight": 300}]), "build": build,
    "cap_add": some(["A", "B", "C"]), "cap_drop": some(["D", "E"]), "cgroup": one(["host", "private"]),
    "cgroup_parent": one(TEXTS), "command": command, "configs": mounts(CONFIGS), "cpu_count": one(NUMBERS),
    "cpu_percent": one(NUMBERS), "cpu_period": one(NUMBERS), "cpu_quota": one(NUMBERS), "cpu_shares": one(NUMBERS),
    "cpus": one([0.5, 2, "1.5"]), "cpuset": one(["0-1", "0,1"]), "deploy": deploy, "develop": watch,
    "device_cgroup_rules": never_twice("c 1:"), "dns": one(["1.1.1.1", ["1.1.1.1", "8.8.8.8"]]),
    "devices": one([["/dev/a"], ["/dev/a:/dev/b:r", {"source": "/dev/c", "target": "/dev/d", "permissions": "w"}]]),
    "dns_opt": some(["x", "y"]), "dns_search": one(["a.test", ["a.test", "b.test"]]), "domainname": one(TEXTS),
    "entrypoint": command, "env_file": one(["x.env", ["x.env", "y.env"], [{"path": "y.env", "required": False}]]),
    "environment": pairs, "expose": some(["80", 81, "82-83/udp"]), "external_links": never_twice("x"),
    "extra_hosts": extra_hosts, "gpus": one(["all", [{"count": 1, "driver": "d"}]]), "group_add": never_twice(""),
    "healthcheck": healthcheck, "hostname": one(TEXTS), "init": one(BOOLEANS), "ipc": one(["host", "shareable"]),
    "isolation": one(TEXTS), "labels": pairs, "mac_address": one(["02:42:ac:11:65:43"]), "mem_limit": one(SIZES),
    "logging": one([{"driver": "json-file", "options": {"max-size": "1m", "n": 3}}, {"options": {"a": "b"}}]),
    "mem_reservation": one(SIZES), "mem_swappiness": one(NUMBERS), "memswap_limit": one([-1, "2g"]),
    "networks": networks, "oom_kill_disable": one(BOOLEANS), "oom_score_adj": one(NUMBERS), "pid": one(["host"]),
    "pids_limit": one([-1, 10, "10"]), "platform": one(["linux/amd64"]), "ports": ports,
    "post_start": one([[{"command": "x", "user": "root"}], [{"command": ["x", "$SET"], "environment": ["A=b"]}]]),
    "pre_stop": one([[{"command": "x y", "privileged": True}]]), "privileged": one(BOOLEANS),
    "pull_policy": one(["always", "if_not_present", "missing", "daily", "every_12h"]), "read_only": one(BOOLEANS),
    "restart": one(["no", "always", "on-failure:3", "unless-stopped"]), "runtime": one(TEXTS), "scale": one(NUMBERS),
    "secrets": mounts(SECRETS), "security_opt": never_twice("a="), "shm_size": one(SIZES),
    "stdin_open": one(BOOLEANS), "stop_grace_period": one(DURATIONS), "stop_signal": one(["SIGINT"]),
    "storage_opt": one([{"size": "1G"}]), "sysctls": one([{"net.a": 1, "net.b": "2"}, ["net.a=1"]]),
    "tmpfs": one(["/run", ["/run", "/tmp:size=1m"]]), "tty": one(BOOLEANS), "ulimits": ulimits,
    "user": one(["1000", "a:b", "$SET"]), "userns_mode": one(["host"]), "uts": one(["host"]), "volumes": volumes,
    "working_dir": one(["/w", "rel"]), "x-own": one([{"a": [1, "$SET"]}, "t", None, 1.5])}


def pick(r, makers, most):
    return {key: makers[key](r) for key in r.sample(sorted(makers), r.randint(1, min(most, len(makers))))}


def service(r, others):
    made = {"image": r.choice(IMAGES), **pick(r, KEYS, 8)}
    if others and r.random() < 0.4:
        chosen = r.sample(others, 1)
        made["depends_on"] = r.choice([chosen, {chosen[0]: {"condition": "service_healthy", "restart": True}}])
    if others and r.random() < 0.2:
        made["extends"] = r.choice([others[0], {"service": others[0]}])
    if r.random() < 0.15:
        made["profiles"] = ["dev"]
    return made


def sections(r):
    return {
        "networks": {"front": r.choice([None, {"driver": "bridge", "labels": pairs(r)}]),
                     "back": r.choice([{}, {"internal": r.choice(BOOLEANS)}, {"external": True, "name": "n"}])},
        "volumes": {name: r.choice([None, {}, {"labels": pairs(r)}, {"driver": "d", "driver_opts": {"o": "$SET"}}])
                    for name in VOLUMES},
        "secrets": {"token": {"file": "./token"}, "key": r.choice([{"environment": "SET"}, {"external": True}])},
        "configs": {"conf": {"file": "./conf"}, "motd": {"content": "hello ${SET} $$"}}}


def as_yaml(value, indent=0):
    """Block style, as people write it; scalars in JSON's, which is YAML."""
    pad = "  " * indent
    if isinstance(value, dict) and value:
        return "".join(f"{pad}{key}:" + nested(item, indent) for key, item in value.items())
    return "".join(f"{pad}-" + nested(item, indent) for item in value)


def nested(value, indent):
    if isinstance(value, (dict, list)) and value:
        return "\n" + as_yaml(value, indent + 1)
    return " " + json.dumps(value, ensure_ascii=False) + "\n"


def project(number):
    r = random.Random(f"project {number}")
    names = r.sample(NAMES, r.randint(1, 3))
    services = {name: service(r, names[:i]) for i, name in enumerate(names)}
    files = {"compose.yaml": {"services": services, **sections(r)}}
    if r.random() < 0.5:
        over = {name: pick(r, KEYS, 5) for name in names if r.random() < 0.7}
        files["compose.override.yaml"] = {"services": over or {names[0]: {"hostname": "over"}}}
    texts = {path: as_yaml(model) for path, model in files.items()}
    texts |= {"x.env": "A=x\nX=$SET\n", "y.env": "B=y\nX='$Y'\n", ".env": f"DOT={ENV['DOT']!r}\n"}
    env = {name: value for name, value in ENV.items() if name != "DOT"}
    args = ("--profile", "dev") if r.random() < 0.5 else ()
    data = {path: text.encode() for path, text in texts.items()}
    return Case(f"generated/{number:04}", data, args, env, refused=None)


def generate(count):
    """The first `count` projects. Compose may refuse any: then ours has to, too."""
    return [project(number) for number in range(count)]
