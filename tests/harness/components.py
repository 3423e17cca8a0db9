"""The control plane's programs: where they are, and their command lines."""

import os
from dataclasses import dataclass
from pathlib import Path

_ALL = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")
_CONCURRENT = ("deployment", "replicaset", "statefulset", "daemonset", "namespace", "job")


class MissingAssets(Exception):
    """The control plane's programs were not found."""


@dataclass(frozen=True)
class Components:
    """Command lines over one folder of programs, one of data, and five ports."""

    assets: Path
    folder: Path
    etcd_port: int
    peer_port: int
    api_port: int
    kwok_port: int

    @property
    def server(self) -> str:
        """The API server's base URL."""
        return f"https://127.0.0.1:{self.api_port}"

    @property
    def certificate(self) -> Path:
        """The certificate the API server makes for itself at its first start, with its authority's."""
        return self.folder / "apiserver.crt"

    def etcd(self) -> list[str]:
        """Without fsync: the data need not survive the machine."""
        client, peer = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{self.peer_port}"
        return [
            str(self.assets / "etcd"),
            f"--data-dir={self.folder / 'etcd'}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            "--unsafe-no-fsync",
            "--log-level=error",
        ]

    def apiserver(self) -> list[str]:
        """With RBAC, static tokens, and an audit log that is written before an answer ends."""
        return [
            str(self.assets / "kube-apiserver"),
            f"--etcd-servers=http://127.0.0.1:{self.etcd_port}",
            f"--secure-port={self.api_port}",
            "--bind-address=127.0.0.1",
            f"--cert-dir={self.folder}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={self.folder / 'sa.key'}",
            f"--service-account-signing-key-file={self.folder / 'sa.key'}",
            f"--token-auth-file={self.folder / 'tokens.csv'}",
            "--authorization-mode=RBAC,Node",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--allow-privileged=true",
            f"--audit-policy-file={self.folder / 'audit-policy.json'}",
            f"--audit-log-path={self.folder / 'audit.log'}",
            "--audit-log-mode=blocking",
            "--audit-log-maxsize=0",
        ]

    def controller_manager(self, kubeconfig: Path) -> list[str]:
        """Quick: many workers and no client-side limit that a test would wait for."""
        return [
            str(self.assets / "kube-controller-manager"),
            f"--kubeconfig={kubeconfig}",
            f"--service-account-private-key-file={self.folder / 'sa.key'}",
            "--leader-elect=false",
            "--secure-port=0",
            "--kube-api-qps=500",
            "--kube-api-burst=1000",
            *(f"--concurrent-{kind}-syncs=20" for kind in _CONCURRENT),
        ]

    def scheduler(self, kubeconfig: Path) -> list[str]:
        """As quick as the controller manager."""
        return [
            str(self.assets / "kube-scheduler"),
            f"--kubeconfig={kubeconfig}",
            "--leader-elect=false",
            "--secure-port=0",
            "--kube-api-qps=500",
            "--kube-api-burst=1000",
        ]

    def kwok(self, kubeconfig: Path, config: Path) -> list[str]:
        """Node leases, or nodes turn Unknown after 50 s; a server with a certificate, or pods have no logs."""
        return [
            str(self.assets / "kwok"),
            f"--kubeconfig={kubeconfig}",
            f"--config={config}",
            "--manage-all-nodes=true",
            "--node-lease-duration-seconds=40",
            f"--server-address=127.0.0.1:{self.kwok_port}",
            "--node-ip=127.0.0.1",
            f"--node-port={self.kwok_port}",
            f"--tls-cert-file={self.certificate}",
            f"--tls-private-key-file={self.certificate.with_suffix('.key')}",
        ]


def find_assets() -> Path:
    """Return the folder of the programs, from KUBEBUILDER_ASSETS as setup-envtest sets it."""
    folder = Path(os.environ.get("KUBEBUILDER_ASSETS", ""))
    missing = [name for name in _ALL if not (folder / name).is_file()]
    if missing:
        remedy = "set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd (setup-envtest)"
        raise MissingAssets(f"{remedy}; also needed: {', '.join(_ALL[2:])}; not found: {', '.join(missing)}")
    return folder
