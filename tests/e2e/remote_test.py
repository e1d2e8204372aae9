"""Engines that are not on this machine, as far as anybody can tell: over ssh and over TLS."""

import getpass
import json
import os
import shutil
import subprocess
import time

import pytest

from support.command import run
from support.engine import VERSIONS, Engine, Shop, free_ports


def states(said):
    return {service["Service"]: service["State"] for service in json.loads(said.out)["Services"]}


class SshServer:
    """A real sshd that lets this user in with a key of its own, and has `docker` reach one Engine."""

    def __init__(self, engine, folder):
        self.folder, self.port = folder, free_ports(1)[0]
        for key in ("host", "user"):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key)
        far = {"PATH": engine.env()["PATH"], "DOCKER_HOST": engine.host}
        (folder / "sshd_config").write_text(f"""
Port {self.port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
StrictModes no
UsePAM {"yes" if os.getuid() == 0 else "no"}
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
SetEnv {" ".join(f"{name}={value}" for name, value in far.items())}
""")
        self.trust((folder / "host.pub").read_text())
        (folder / "config").write_text(f"IdentityFile {folder}/user\nIdentitiesOnly yes\n"
                                       f"UserKnownHostsFile {folder}/known_hosts\nStrictHostKeyChecking yes\n")
        # ssh reads the configuration of the account, not of $HOME; this one reads ours.
        (folder / "bin").mkdir()
        (folder / "bin/ssh").write_text(f'#!/bin/sh\nexec /usr/bin/ssh -F {folder}/config "$@"\n')
        (folder / "bin/ssh").chmod(0o755)
        if os.getuid() == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        self.log = open(folder / "log", "w")
        self.process = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", folder / "sshd_config"],
                                        stdin=subprocess.DEVNULL, stderr=self.log)
        self.env = engine.env(DOCKER_HOST=f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}")
        self.env["PATH"] = f"{folder}/bin:{self.env['PATH']}"
        self.wait_until_it_answers()

    def trust(self, key):
        (self.folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {key}")

    def wait_until_it_answers(self):
        for _ in range(100):
            if run("ssh-keyscan", "-T", "1", "-p", self.port, "127.0.0.1", status=None).out:
                return
            time.sleep(0.1)
        raise AssertionError(f"sshd does not answer: {(self.folder / 'log').read_text()}")

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


@pytest.fixture
def ssh(engine, tmp_path):
    server = SshServer(engine, tmp_path)
    yield server
    server.close()


def test_status_over_ssh_is_that_of_the_engine_behind_it(shop, ssh):
    shop.wait_for("payments", "unhealthy")
    shop.wait_for("catalog", "healthy")
    said = shop.engine.docker("dockhand", "status", "--format", "json", cwd=shop.folder, env=ssh.env)
    assert states(said)["payments"] == "unhealthy" and states(said)["catalog"] == "healthy"
    urls = {service["Service"]: service["URL"] for service in json.loads(said.out)["Services"]}
    assert urls["web"] == f"http://127.0.0.1:{shop.ports['web']}"


def test_a_change_over_ssh_is_seen_as_it_happens(shop, ssh):
    process = subprocess.Popen([shop.engine.bin / "docker", "dockhand", "status", "--watch", "--format", "json"],
                               env=ssh.env, cwd=shop.folder, stdout=subprocess.PIPE, text=True)
    try:
        json.loads(process.stdout.readline())
        for action, state in (("pause", "paused"), ("unpause", "running")):
            shop.engine.docker(action, shop.container("cache"))
            for line in process.stdout:
                services = {service["Service"]: service["State"] for service in json.loads(line)["Services"]}
                if services["cache"] == state:
                    break
            else:
                raise AssertionError("the stream ended")
    finally:
        process.terminate()
        process.stdout.close()
        process.wait(10)


def test_a_host_whose_key_is_another_is_refused(shop, ssh):
    ssh.trust((ssh.folder / "user.pub").read_text())
    said = shop.engine.docker("dockhand", "status", cwd=shop.folder, env=ssh.env, status=1)
    assert "Host key verification failed" in said.err and said.out == ""


def test_a_far_side_without_docker_is_told(shop, ssh):
    config = ssh.folder / "sshd_config"
    config.write_text(config.read_text().replace("SetEnv PATH=", "SetEnv PATH=/nowhere #"))
    # Each connection is served by a new process, which reads what its parent has read.
    ssh.process.terminate()
    ssh.process.wait()
    ssh.process = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", config], stderr=ssh.log)
    ssh.wait_until_it_answers()
    said = shop.engine.docker("dockhand", "status", cwd=shop.folder, env=ssh.env, status=1)
    assert "docker" in said.err and "not found" in said.err and said.out == ""


# ---- TLS


def certificates(folder):
    """A CA, and certificates of it for the Engine at 127.0.0.1 and for its client, as docker looks for them."""
    folder.mkdir()

    def openssl(*arguments):
        run("openssl", *arguments, cwd=folder)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test CA",
            "-keyout", "ca-key.pem", "-out", "ca.pem")
    for name, usage in (("server", "serverAuth"), ("client", "clientAuth")):
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}-key.pem",
                "-out", f"{name}.csr")
        (folder / f"{name}.ext").write_text(f"subjectAltName=IP:127.0.0.1\nextendedKeyUsage={usage}\n")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial",
                "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem")
    (folder / "client.pem").rename(folder / "cert.pem")
    (folder / "client-key.pem").rename(folder / "key.pem")
    return folder


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """An Engine that also listens on TCP, for those alone who have its CA's certificate; its environment."""
    folder = certificates(tmp_path_factory.mktemp("tls") / "certificates")
    port = free_ports(1)[0]
    engine = Engine(VERSIONS[-1], options=(
        "--host", f"tcp://127.0.0.1:{port}", "--tlsverify", "--tlscacert", folder / "ca.pem",
        "--tlscert", folder / "server.pem", "--tlskey", folder / "server-key.pem"))
    yield engine, {"DOCKER_HOST": f"tcp://127.0.0.1:{port}", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(folder)}
    engine.stop()


@pytest.mark.seconds(120)
def test_status_over_tls(tls, tmp_path):
    engine, remote = tls
    stack = Shop(engine, tmp_path, ("compose.yaml",))
    try:
        stack.up("cache")
        said = engine.docker("dockhand", "status", "--format", "json", cwd=stack.folder, env=engine.env(**remote))
        assert states(said)["cache"] == "running" and states(said)["web"] == "not created"
        said = engine.docker("dockhand", "restart", "cache", cwd=stack.folder, env=engine.env(**remote))
        assert "cache" in said.out
    finally:
        stack.down()


def test_another_ca_is_refused(tls, tmp_path):
    engine, remote = tls
    others = certificates(tmp_path / "others")
    env = engine.env(**{**remote, "DOCKER_CERT_PATH": str(others)})
    said = engine.docker("dockhand", "status", "--all", env=env, status=1)
    assert said.err.startswith("docker dockhand: ") and "certificate" in said.err and said.out == ""


def test_a_client_without_a_certificate_is_refused(tls, tmp_path):
    engine, remote = tls
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(f"{remote['DOCKER_CERT_PATH']}/ca.pem", alone)
    said = engine.docker("dockhand", "status", "--all", env=engine.env(**{**remote, "DOCKER_CERT_PATH": str(alone)}),
                         status=1)
    assert said.err.startswith("docker dockhand: ") and said.out == ""
