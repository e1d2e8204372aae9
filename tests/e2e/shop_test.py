"""The demo stack itself: what the other tests and the newcomer's first minutes rely on."""

import json

from support.command import run


def ask(url, status=200):
    said = run("curl", "-s", "-w", "\n%{http_code}", url).out
    body, code = said.rsplit("\n", 1)
    assert int(code) == status, said
    return json.loads(body)


def test_steady_state(shop):
    for service in ("catalog", "orders", "db"):
        shop.wait_for(service, "healthy")
    shop.wait_for("payments", "unhealthy")
    shop.wait_for("migrate", "exited")
    for service in ("web", "mailer", "cache"):
        assert shop.state(service) == "running"


def test_payments_says_why(shop):
    shop.wait_for("payments", "unhealthy")
    reason = "connection refused at 127.0.0.1:5432"
    health = ask(shop.url("payments", "/actuator/health"), status=503)
    assert health["status"] == "DOWN"
    assert health["components"]["db"] == {"status": "DOWN", "details": {"error": reason}}
    log = shop.engine.docker("inspect", "--format", "{{json .State.Health.Log}}", shop.container("payments"))
    assert json.loads(log.out)[-1]["Output"] == f"db: {reason}\n"


def test_one_request_is_one_trace(shop):
    shop.wait_for("orders", "healthy")
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    run("curl", "-s", "-H", f"traceparent: 00-{trace}-00f067aa0ba902b7-01", shop.url("web", "/checkout"))
    lines = shop.compose("logs", "--no-log-prefix").out.splitlines()
    spans = [json.loads(line) for line in lines if trace in line]
    parents = {span["service"]: span["parent_id"] for span in spans}
    assert parents.keys() >= {"web", "catalog", "orders", "payments", "db", "cache"}
    ids = {span["service"]: span["span_id"] for span in spans}
    assert parents["web"] == "00f067aa0ba902b7"
    assert parents["payments"] == ids["orders"] and parents["orders"] == ids["web"]


def test_crash_and_restart_on_demand(make_shop):
    stack = make_shop("compose.yaml", up=False).up("mailer")
    ask(stack.url("mailer", "/crash?times=4"), status=202)
    stack.wait_for("mailer", "exited")
    form = "{{.State.ExitCode}} {{.State.OOMKilled}} {{.RestartCount}}"
    seen = stack.engine.docker("inspect", "--format", form, stack.container("mailer")).out.split()
    assert seen == ["137", "true", "3"]
    stack.compose("restart", "mailer")
    stack.wait_for("mailer", "running")


def test_health_on_demand_and_a_clean_stop(make_shop):
    stack = make_shop("compose.yaml", up=False).up("payments")
    stack.wait_for("payments", "healthy")  # Nothing is wrong with it without the override.
    ask(stack.url("payments", "/down?reason=no+disk"))
    stack.wait_for("payments", "unhealthy")
    ask(stack.url("payments", "/up"))
    stack.wait_for("payments", "healthy")
    stack.compose("stop")
    code = stack.engine.docker("inspect", "--format", "{{.State.ExitCode}}", stack.container("payments"))
    assert code.out.strip() == "0", "it had to be killed"
