"""The stacks that are measured: generated, so that their size can be chosen."""


def running(count):
    """A stack of `count` services that run and do nothing, without published ports and so without
    probes: what is left is the tool's own work."""
    lines = ["services:"]
    for index in range(count):
        lines += [f"  s{index}:", "    image: dockhand/shop", "    command: [store]", "    environment:",
                  f"      NAME: s{index}", "      PORT: 5432", "    stop_grace_period: 1s"]
        if index % 10:
            lines += ["    depends_on:", f"      - s{index - index % 10}"]
    return "\n".join(lines) + "\n"


def answering(count, first_port):
    """A stack of `count` services that each publish a port which is probed."""
    lines = ["services:"]
    for index in range(count):
        lines += [f"  s{index}:", "    image: dockhand/shop", "    command: [http]", "    environment:",
                  f"      NAME: s{index}", "    ports:", f'      - "127.0.0.1:{first_port + index}:8080"',
                  "    stop_grace_period: 1s"]
    return "\n".join(lines) + "\n"


def described(count):
    """A file of `count` services as a developer would write them, for what needs no Engine. Each
    tenth ends with an open line where a key is about to be typed."""
    lines = ["services:"]
    for index in range(count):
        lines += [f"  svc{index}:", f"    image: registry.example/app{index}:1.{index}", "    environment:",
                  f'      INDEX: "{index}"', "      LOG_LEVEL: info", "    ports:",
                  f'      - "{20000 + index}:8080"', "    healthcheck:",
                  '      test: ["CMD", "wget", "-q", "localhost:8080/health"]', "      interval: 5s"]
        if index:
            lines += ["    depends_on:", f"      svc{index - 1}:", "        condition: service_healthy"]
        lines += ["    networks:", "      - back"]
        if index % 10 == 0:
            lines += ["    "]
    return "\n".join([*lines, "networks:", "  back: {}", ""])
