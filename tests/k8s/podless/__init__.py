"""Rendered manifests as containers on this machine: no image, no cluster, seconds to ready.

A pod is a network namespace and a runc container over a read-only overlay of the machine's own root; a thread plays its
kubelet, and nftables play kube-proxy and the network policies. It proves the manifests against this reading of
Kubernetes. There is no scheduler, no admission, no autoscaler, one node, and an endpoint that leaves is forgotten at
once. It needs root and a network namespace of its own: `make test-k8s`.
"""
