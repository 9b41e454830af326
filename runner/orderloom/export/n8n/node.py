"""One node as n8n JSON to paste into the editor: a single HTTP Request."""

from __future__ import annotations

from orderloom.declare import Node
from orderloom.export.n8n.parts import Json, call_key, in_expression, request, same_id
from orderloom.problems import Place, refuse


def node_to_paste(node: Node, base_url: str) -> Json:
    """`{"nodes": [one], "connections": {}}`, as n8n's editor takes it from the clipboard.

    Raises `ProblemsError` for a node that waits.
    """
    if node.kind == "wait":
        raise refuse("G201", f"`{node.name}` waits for an answer, and an export to n8n cannot wait", Place(node.name),
                     "use a form or a wait of n8n's own")
    url = f"{base_url.rstrip('/')}/v1/nodes/{node.name}@{node.version}"
    made = request(node.name, same_id("node", node.name), url, _body(node), key=call_key(node.name), notes=_notes(node))
    if node.effects != "once":
        made |= {"retryOnFail": True, "maxTries": 3, "waitBetweenTries": 1000}
    return {"nodes": [made], "connections": {}}


def _body(node: Node) -> str:
    required = [parameter.name for parameter in node.published if parameter.required]
    if not required:        # a payload as it came, or nothing that must be there
        return "={{ $json }}"
    fields = ", ".join(f"{in_expression(name)}: $json[{in_expression(name)}]" for name in required)
    return f"={{{{ ({{ {fields} }}) }}}}"


def _notes(node: Node) -> str:
    required = [parameter.name for parameter in node.published if parameter.required]
    optional = [parameter.name for parameter in node.published if not parameter.required]
    outcomes = [kind.outcome_name for kind in node.outcome_types]
    lines = [
        node.summary,
        f"Reads from the item: {', '.join(required)}." if required else "",
        f"May also be given in the body: {', '.join(optional)}." if optional else "",
        f"Branch on `outcome`: {', '.join(outcomes) or node.derived_from}.",
    ]
    return "\n".join(line for line in lines if line)
