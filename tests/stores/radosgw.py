"""Ceph's radosgw with one monitor and one OSD in memory, from Debian's packages.

`apt-get install --no-install-recommends radosgw ceph-mon ceph-osd`. It starts in about 3 s.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
from pathlib import Path

from local import ports
from local.gateway import REGION
from local.process import Process
from tests.stores.store import KEYS

_PROGRAMS = ("ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool", "radosgw")
PACKAGES = "radosgw ceph-mon ceph-osd"
_SECONDS = 60

# Pools have one copy, because there is one OSD. The tests' parts are smaller than S3 allows.
_CONFIGURATION = """\
[global]
fsid = {fsid}
mon_host = [v2:{host}:{monitor_port}/0]
public_network = 127.0.0.0/8
keyring = {directory}/keyring
mon_data = {directory}/mon
osd_data = {directory}/osd
rgw_data = {directory}/rgw
log_file = {directory}/$name.log
mon_cluster_log_file = {directory}/cluster.log
admin_socket = {directory}/$name.asok
osd_objectstore = memstore
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_data_avail_crit = 1
paxos_propose_interval = 0.01
rgw_multipart_min_part_size = 1
rgw_frontends = beast endpoint={host}:{port}
"""


def missing() -> list[str]:
    """Return the programs of Ceph that are not installed."""
    return [name for name in (*_PROGRAMS, "radosgw-admin") if shutil.which(name) is None]


class Radosgw:
    """An S3 server on a new, empty Ceph cluster. The path of `directory` must be short."""

    region = REGION
    keys = KEYS

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._port, self._monitor_port = ports.free_port(), ports.free_port()
        self.endpoint_url = f"http://{ports.HOST}:{self._port}"
        self._processes: list[Process] = []

    async def start(self) -> None:
        """Make a cluster, start it, and wait until it accepts requests."""
        fsid, osd = str(uuid.uuid4()), str(uuid.uuid4())
        for name in ("mon", "osd", "rgw"):
            (self._directory / name).mkdir(parents=True)
        (self._directory / "ceph.conf").write_text(
            _CONFIGURATION.format(
                fsid=fsid,
                host=ports.HOST,
                monitor_port=self._monitor_port,
                port=self._port,
                directory=self._directory,
            )
        )
        for create, name in (("--create-keyring", "mon."), ("", "client.admin"), ("", "osd.0")):
            await self._run(
                *("ceph-authtool", *filter(None, [create]), "keyring", "--gen-key", "--name", name),
                *("--cap", "mon", "allow *", "--cap", "osd", "allow *"),
            )
        address = f"[v2:{ports.HOST}:{self._monitor_port}]"
        await self._run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", address, "monmap")
        await self._run("ceph-mon", *_CONF, "--mkfs", "--id", "a", "--monmap", "monmap")
        await self._start("ceph-mon", "--id", "a")
        await self._run("ceph", *_CONF, "osd", "new", osd)
        await self._run("ceph-osd", *_CONF, "--mkfs", "--id", "0", "--osd-uuid", osd)
        await self._start("ceph-osd", "--id", "0")
        keys = ("--access-key", KEYS.access_key_id, "--secret-key", KEYS.secret_access_key)
        user = ("user", "create", "--uid", "tests", "--display-name", "tests")
        await self._run("radosgw-admin", *_CONF, "--name", "client.admin", *user, *keys)
        gateway = await self._start("radosgw", "--name", "client.admin")
        await gateway.ready(lambda: ports.answers(self._port, "/"))

    async def stop(self) -> None:
        """Stop the gateway, then the cluster."""
        for process in reversed(self._processes):
            await process.stop()

    async def _start(self, program: str, *arguments: str) -> Process:
        process = Process(
            program,
            [program, *_CONF, *arguments, "--foreground"],
            directory=self._directory,
            log=self._directory / f"{program}.out",
            environment=_environment(self._directory),
        )
        self._processes.append(process)
        await process.start()
        return process

    async def _run(self, *command: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self._directory,
            env=_environment(self._directory),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(_SECONDS):
                output, _ = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        assert process.returncode == 0, f"{command[0]}: {output.decode(errors='replace')}"


_CONF = ("--conf", "ceph.conf")


def _environment(directory: Path) -> dict[str, str]:
    return {"HOME": str(directory), "PATH": os.environ["PATH"]}
