"""A node or a whole flow as n8n JSON, in which every step is a request to an orderloom server.

What the server answers is what the workflow builds on:

    POST {base_url}/v1/nodes/{node}@{major}         in: what the node takes; out: its outcome
    POST {base_url}/v1/flows/{flow}/steps/{step}    in: the results so far, by step; out: these and this step's

An answer of 200 holds the result of the step, its `outcome` among it. An error class that the flow routes is
answered with 200 too, as `outcome: "!class"`, unless the class is one that is retried (timeout, rate_limited,
unavailable): those are answered with an HTTP error, so that n8n repeats them and at last takes the error output.
"""

from orderloom.export.n8n.node import node_to_paste
from orderloom.export.n8n.workflow import Exported, workflow

__all__ = ["Exported", "node_to_paste", "workflow"]
