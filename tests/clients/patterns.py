"""What users of the Python client do, played against the cluster of $KUBECONFIG.

Arguments: a pod that runs the demo application. Ends with an exception at the first thing that fails.
"""

import sys

from kubernetes import client, config, dynamic, utils, watch
from kubernetes.client.exceptions import ApiException
from kubernetes.stream import portforward, stream
from kubernetes.stream.ws_client import ERROR_CHANNEL

NAMESPACE = "default"


def refused(code, call, *args, **kwargs):
    """Demands that a call is refused with this code; returns its body."""
    try:
        call(*args, **kwargs)
    except ApiException as error:
        assert error.status == code, error
        return error.body
    raise AssertionError(f"{call} was not refused")


def objects(core):
    body = client.V1ConfigMap(metadata=client.V1ObjectMeta(name="py"), data={"a": "1"})
    made = core.create_namespaced_config_map(NAMESPACE, body)
    assert made.metadata.creation_timestamp.tzinfo is not None
    assert "AlreadyExists" in refused(409, core.create_namespaced_config_map, NAMESPACE, body)
    made.data["a"] = "2"
    core.replace_namespaced_config_map("py", NAMESPACE, made)
    assert "Conflict" in refused(409, core.replace_namespaced_config_map, "py", NAMESPACE, made)
    patched = core.patch_namespaced_config_map("py", NAMESPACE, {"data": {"b": "3", "a": None}})
    assert patched.data == {"b": "3"}, patched.data
    operations = [{"op": "add", "path": "/data/c", "value": "4"}]
    assert core.patch_namespaced_config_map("py", NAMESPACE, operations).data["c"] == "4"
    assert core.delete_namespaced_config_map("py", NAMESPACE)["status"] == "Success"
    refused(404, core.read_namespaced_config_map, "py", NAMESPACE)
    bad = client.V1ConfigMap(metadata=client.V1ObjectMeta(name="Not_A_Name"))
    assert "RFC 1123" in refused(422, core.create_namespaced_config_map, NAMESPACE, bad)


def pages(core):
    for at in range(5):
        body = client.V1ConfigMap(metadata=client.V1ObjectMeta(name=f"page-{at}", labels={"p": "1"}))
        core.create_namespaced_config_map(NAMESPACE, body)
    seen, more = [], None
    while more != "":
        part = core.list_namespaced_config_map(NAMESPACE, label_selector="p=1", limit=2, _continue=more)
        seen += [item.metadata.name for item in part.items]
        more = part.metadata._continue or ""
    assert seen == [f"page-{at}" for at in range(5)], seen
    core.delete_collection_namespaced_config_map(NAMESPACE, label_selector="p=1")
    assert not core.list_namespaced_config_map(NAMESPACE, label_selector="p=1").items


def watched(core):
    start = core.list_namespaced_secret(NAMESPACE).metadata.resource_version
    body = client.V1Secret(metadata=client.V1ObjectMeta(name="py"), string_data={"key": "value"})
    core.create_namespaced_secret(NAMESPACE, body)
    core.patch_namespaced_secret("py", NAMESPACE, {"metadata": {"labels": {"x": "y"}}})
    core.delete_namespaced_secret("py", NAMESPACE)
    seen = []
    watcher = watch.Watch()
    for event in watcher.stream(core.list_namespaced_secret, NAMESPACE, resource_version=start, timeout_seconds=20):
        seen.append(event["type"])
        if event["type"] == "DELETED":
            watcher.stop()
    assert seen == ["ADDED", "MODIFIED", "DELETED"], seen


def applied(api):
    maps = dynamic.DynamicClient(api).resources.get(api_version="v1", kind="ConfigMap")
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "applied"}, "data": {"a": "1"}}
    made = maps.server_side_apply(body=body, namespace=NAMESPACE, field_manager="one")
    assert made.metadata.managedFields[0].operation == "Apply"
    try:
        body["data"]["a"] = "2"
        maps.server_side_apply(body=body, namespace=NAMESPACE, field_manager="two")
        raise AssertionError("no conflict")
    except dynamic.exceptions.ConflictError as error:
        assert "conflict with" in str(error.body), error.body
    maps.server_side_apply(body=body, namespace=NAMESPACE, field_manager="two", force_conflicts=True)
    maps.delete(name="applied", namespace=NAMESPACE)


def custom(api):
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"n": {"type": "integer"}}}}}
    names = {"plural": "barrels", "singular": "barrel", "kind": "Barrel", "listKind": "BarrelList"}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "barrels.py.kanoe.dev"},
        "spec": {"group": "py.kanoe.dev", "scope": "Namespaced", "names": names, "versions": [version]},
    }
    utils.create_from_dict(api, definition)
    definitions = client.ApiextensionsV1Api(api)
    watcher = watch.Watch()
    selector = "metadata.name=barrels.py.kanoe.dev"
    for event in watcher.stream(definitions.list_custom_resource_definition, field_selector=selector, timeout_seconds=20):
        conditions = event["object"].status.conditions or []
        if any(one.type == "Established" and one.status == "True" for one in conditions):
            watcher.stop()
    objects = client.CustomObjectsApi(api)
    where = ("py.kanoe.dev", "v1", NAMESPACE, "barrels")
    body = {"apiVersion": "py.kanoe.dev/v1", "kind": "Barrel", "metadata": {"name": "one"}, "spec": {"n": 1}}
    objects.create_namespaced_custom_object(*where, body)
    patched = objects.patch_namespaced_custom_object(*where, "one", {"spec": {"n": 2, "unknown": 1}})
    assert patched["spec"] == {"n": 2}, patched
    bad = {**body, "metadata": {"name": "two"}, "spec": {"n": "x"}}
    assert "spec.n" in refused(422, objects.create_namespaced_custom_object, *where, bad)
    assert len(objects.list_namespaced_custom_object(*where)["items"]) == 1
    definitions.delete_custom_resource_definition("barrels.py.kanoe.dev")


def pod(core, name):
    assert "Started" in core.read_namespaced_pod_log(name, NAMESPACE)
    watcher = watch.Watch()
    for line in watcher.stream(core.read_namespaced_pod_log, name, NAMESPACE):
        assert "Started" in line, line
        watcher.stop()
    ask = {"stderr": True, "stdin": False, "stdout": True, "tty": False}
    said = stream(core.connect_get_namespaced_pod_exec, name, NAMESPACE, command=["env"], **ask)
    assert f"HOSTNAME={name}" in said, said
    missing = stream(
        core.connect_get_namespaced_pod_exec, name, NAMESPACE, command=["no-such-program"], _preload_content=False, **ask
    )
    missing.run_forever(timeout=20)
    assert "no-such-program" in missing.read_channel(ERROR_CHANNEL)
    forward = portforward(core.connect_get_namespaced_pod_portforward, name, NAMESPACE, ports="8080")
    socket = forward.socket(8080)
    socket.setblocking(True)
    socket.sendall(b"GET / HTTP/1.0\r\n\r\n")
    answer = b""
    while b"Hello Kubernetes bootcamp!" not in answer:
        part = socket.recv(4096)
        assert part, answer
        answer += part


def rest(api, name):
    apps = client.AppsV1Api(api)
    deployment = apps.list_namespaced_deployment(NAMESPACE).items[0].metadata.name
    assert apps.read_namespaced_deployment_scale(deployment, NAMESPACE).spec.replicas == 1
    scaled = apps.patch_namespaced_deployment_scale(deployment, NAMESPACE, {"spec": {"replicas": 2}})
    assert scaled.spec.replicas == 2
    review = client.V1SelfSubjectAccessReview(
        spec=client.V1SelfSubjectAccessReviewSpec(
            resource_attributes=client.V1ResourceAttributes(verb="create", resource="pods", namespace=NAMESPACE)
        )
    )
    assert client.AuthorizationV1Api(api).create_self_subject_access_review(review).status.allowed
    core = client.CoreV1Api(api)
    request = client.AuthenticationV1TokenRequest(spec=client.V1TokenRequestSpec(audiences=["py"]))
    assert core.create_namespaced_service_account_token("default", NAMESPACE, request).status.token
    assert core.list_node().items and core.list_namespaced_event(NAMESPACE).items
    assert client.VersionApi(api).get_code().major == "1"
    assert any(group.name == "apps" for group in client.ApisApi(api).get_api_versions().groups)
    eviction = client.V1Eviction(metadata=client.V1ObjectMeta(name=name))
    core.create_namespaced_pod_eviction(name, NAMESPACE, eviction)


def main():
    config.load_kube_config()
    api, name = client.ApiClient(), sys.argv[1]
    core = client.CoreV1Api(api)
    for part, args in [
        (objects, (core,)),
        (pages, (core,)),
        (watched, (core,)),
        (applied, (api,)),
        (custom, (api,)),
        (pod, (core, name)),
        (rest, (api, name)),
    ]:
        part(*args)
        print(f"{part.__name__}: ok", flush=True)


main()
